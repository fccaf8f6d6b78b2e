// What scripts wrote, as agents and later requests see it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contentOf } from '../tools/stand.ts';
import { createScriptStand, type ScriptStand } from './script-stand.ts';

let stand: ScriptStand;

const LOGIN = [
  "pm.environment.set('page', 7);",
  "pm.environment.set('token', 'own-value-of-a-script');",
  "pm.environment.set('bearer', 'Bearer ' + pm.environment.get('secretKey'));",
  "pm.environment.unset('gone');",
  "pm.globals.set('everywhere', 'yes');",
  "pm.variables.set('here', 'only');",
  "pm.test('has status 200', () => pm.response.to.have.status(200));",
  "pm.test('is broken', () => pm.expect(1).to.equal(2));",
  "console.warn('careful');",
].join('\n');

beforeAll(async () => {
  stand = await createScriptStand({
    items: () => [
      { name: 'Login', after: LOGIN },
      { name: 'List', path: '/items?page={{page}}&all={{everywhere}}' },
      { name: 'Skipped', before: 'pm.execution.skipRequest();' },
      {
        name: 'Shown',
        before: "pm.environment.set('dry', '1'); pm.request.headers.upsert({ key: 'X-Sig', value: 'a' });",
      },
    ],
    variables: () => ({ gone: 'here', page: '1', secretKey: 'S3CR3T-of-a-file' }),
  });
});

afterAll(() => stand.close());

const call = async (name: string, args: object, principal = 'test') =>
  contentOf(await stand.call(name, args, { principal }));
const variablesOf = async (principal?: string) => {
  const { variables } = await call('get_environment', { environment_id: 'dev' }, principal);
  return Object.fromEntries(variables.map(({ name, ...rest }: { readonly name: string }) => [name, rest]));
};

describe('scripts of a session', () => {
  it('P10: are seen in their results and variables, and by their caller alone', async () => {
    const before = await variablesOf();
    const login = await call('execute_read_request', { request_id: 'Login', environment_id: 'dev' });
    expect(login.tests).toEqual([
      { name: 'has status 200', status: 'passed' },
      { name: 'is broken', status: 'failed', message: expect.stringContaining('expected 1 to equal 2') },
    ]);
    expect(login.scripts).toEqual({
      variables_set: expect.arrayContaining([
        { layer: 'environment', name: 'page' },
        { layer: 'environment', name: 'token' },
        { layer: 'environment', name: 'gone' },
        { layer: 'globals', name: 'everywhere' },
      ]),
      console: [{ level: 'warn', text: 'careful' }],
    });
    const { page, token, bearer, gone, base } = await variablesOf();
    expect({ page, token, bearer, gone, base }).toEqual({
      page: { enabled: true, value: '7', source: 'session' },
      token: { enabled: true, secret: { kind: 'inline' }, source: 'session' },
      bearer: { enabled: true, secret: { kind: 'inline' }, source: 'session' },
      gone: undefined,
      base: { enabled: true, value: stand.origin },
    });
    expect(await variablesOf('other')).toEqual(before);
  });

  it('are what later requests of the caller are sent with', async () => {
    const ask = { request_id: 'List', environment_id: 'dev' };
    await call('execute_read_request', ask);
    expect(stand.arrived.at(-1)).toBe('GET /items?page=7&all=yes');
    const { variables } = await call('describe_request', ask);
    expect(variables).toContainEqual({ name: 'page', status: 'set', source: 'session', value: '7' });
    expect(variables).toContainEqual({ name: 'everywhere', status: 'set', source: 'session', value: 'yes' });
    const other = await call('describe_request', ask, 'other');
    expect(other.variables).toContainEqual({ name: 'page', status: 'set', source: 'environment', value: '1' });
    expect(other.variables).toContainEqual({ name: 'everywhere', status: 'missing' });
  });

  it('may take a request back', async () => {
    const sent = stand.arrived.length;
    const skipped = await call('execute_read_request', { request_id: 'Skipped', environment_id: 'dev' });
    expect(skipped).toMatchObject({ request: { method: 'GET' }, scripts: { skipped: true } });
    expect(skipped.notes).toEqual([expect.stringContaining('asked for it not to be sent')]);
    expect(skipped.status).toBeUndefined();
    expect(stand.arrived).toHaveLength(sent);
  });

  it('leave nothing behind in a dry run, which says so', async () => {
    const shown = await call('execute_read_request', { request_id: 'Shown', environment_id: 'dev', dry_run: true });
    expect(shown.request.headers).toContainEqual({ name: 'X-Sig', value: expect.any(String) });
    expect(shown.notes).toEqual([expect.stringContaining('In a dry run only scripts before the request run')]);
    expect((await variablesOf()).dry).toBeUndefined();
  });
});
