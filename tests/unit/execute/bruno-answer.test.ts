// What Bruno's files take from an answer, and what its scripts see of it, through the whole of an execution.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contentOf, createStand, type Stand } from '../tools/stand.ts';

const request = (name: string, path: string, rest: string): string =>
  `meta {\n  name: ${name}\n  type: http\n}\n\nget {\n  url: {{base}}${path}\n  body: none\n  auth: none\n}\n\n${rest}\n`;
const TOKEN = 'tok-1f2e3d4c5b6a79880716';

let stand: Stand;
beforeAll(async () => {
  stand = await createStand({
    files: (origin) => ({
      'bruno.json': { version: '1', name: 'Shop', type: 'collection' },
      'collection.bru': `vars:pre-request {\n  base: ${origin}\n  page: 7\n}\n`,
      'Login.bru': request(
        'Login',
        '/login',
        `vars:post-response {\n  session: res.body.access_token\n  user: res.body.user.name\n  ~no: 1\n  broken: res.body.a.b\n}`,
      ),
      'List.bru': request(
        'List',
        '/:area/:page',
        `params:path {\n  area: items\n  page: {{page}}\n}\n\nheaders {\n  Authorization: Bearer {{session}}\n  X-User: {{user}}\n  ~X-Off: {{page}}\n}\n
script:pre-request {\n  await bru.cookies.jar().setCookie(req.getUrl(), 'a', 'b');\n  req.disableParsingResponseJson();\n}\n
script:post-response {\n  bru.setVar('kept', 1);\n  throw new Error('broken off');\n}\n
assert {\n  res.status: eq 200\n}\n
tests {\n  test('sees what was not sent', () => expect([req.headerList.get('X-Off'), req.getPathParams()[1].value, typeof res.body]).to.eql(['7', '7', 'string']));\n}`,
      ),
      'Parent.bru': request(
        'Parent',
        '/parent?user={{user}}',
        `script:pre-request {\n  bru.setVar('user', null);\n  await bru.runRequest('Login');\n  if (bru.getVar('user') !== 'Ann') throw new Error('not seen');\n}\n
tests {\n  test('still sees it', () => expect(bru.getVar('user')).to.equal('Ann'));\n}`,
      ),
      'Broken.bru': request('Broken', '/broken', 'script:pre-request {\n  nope();\n}'),
    }),
    answer: (asked, response) => {
      response.setHeader('content-type', 'application/json');
      const { authorization, cookie, 'x-user': user } = asked.headers;
      const sent = { authorized: authorization === `Bearer ${TOKEN}`, user, cookie: cookie === 'a=b' };
      response.end(JSON.stringify({ access_token: TOKEN, user: { name: 'Ann' }, sent }));
    },
  });
});
afterAll(() => stand.close());

const execute = async (name: string, principal = 'test') =>
  contentOf(await stand.call('execute_read_request', { request_id: name }, { principal }));

describe('the answer of a request of Bruno', () => {
  it('P1: sets variables of the session, a token as a handle, and says which it could not set', async () => {
    const login = await execute('Login');
    expect(login.scripts).toEqual({
      variables_set: [
        { layer: 'runtime', name: 'session' },
        { layer: 'runtime', name: 'user' },
      ],
    });
    expect(login.notes).toEqual([
      expect.stringMatching(/^SCRIPT\/FAILED: The variables from the answer failed: .*broken/),
    ]);
    const list = await execute('List');
    expect(JSON.stringify([login, list])).not.toContain(TOKEN);
    expect(list.body.value.sent).toEqual({ authorized: true, user: 'Ann', cookie: true });
  });

  it('is judged by assertions and tests also where a script failed, which is told', async () => {
    await execute('Login', 'judge');
    const { tests, notes, scripts } = await execute('List', 'judge');
    expect(tests).toEqual([
      { name: 'res.status: eq 200', status: 'passed' },
      { name: 'sees what was not sent', status: 'passed' },
    ]);
    expect(notes).toEqual([expect.stringContaining('broken off')]);
    // What the API keeps for itself is no variable.
    expect(scripts).toEqual({ variables_set: [{ layer: 'runtime', name: 'kept' }] });
    await expect(execute('Broken', 'judge')).rejects.toThrow();
  });

  it('is seen by the script that ran the request, and by what follows it', async () => {
    const sent = stand.arrived.length;
    const parent = await execute('Parent', 'parent');
    expect(parent.tests).toEqual([{ name: 'still sees it', status: 'passed' }]);
    expect(stand.arrived.slice(sent)).toEqual(['GET /login', 'GET /parent?user=Ann']);
    expect(parent.scripts.variables_set).toContainEqual({ layer: 'runtime', name: 'user' });
    expect((await execute('Parent', 'parent')).tests).toEqual([{ name: 'still sees it', status: 'passed' }]);
  });
});
