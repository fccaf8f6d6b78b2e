// P6: what a server learns of the references of one phase, and what scripts say of the secrets that they make themselves.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Execution } from '../../../src/execute/execute-request.ts';
import { createStand, SECRET } from '../tools/stand.ts';
import { createScriptStand, type ScriptStand } from './script-stand.ts';

/** A spelling that nobody looks for. */
const SHIFT =
  "const shift = (text, by) => [...text].map((each) => String.fromCharCode(each.charCodeAt(0) + by)).join('');";
const LEAK = `${SHIFT} const leaked = shift(pm.variables.get('mine'), 1);`;
const STORED = "pm.collectionVariables.set('cursor', pm.response.json().cursor);";
const SENT = `${LEAK}
  const answer = await pm.sendRequest({ url: pm.variables.get('base') + '/a', header: { 'X-Leak': leaked } });
  pm.request.headers.add({ key: 'X-Cursor', value: answer.json().cursor });`;

const PASSWORD = 'Zebra-42-Quilt-Lamp';
const MADE = "const made = 'Zebra-' + (40 + 2) + '-Quilt-Lamp';";
const TOLD = `${MADE} console.warn('it is ' + made); console.log(btoa(made));
  pm.execution.setNextRequest('next ' + made);
  pm.test('of ' + made, () => { throw new Error('for ' + made); });`;

const items = [
  { name: 'Leak', before: `${LEAK} pm.request.headers.add({ key: 'X-Leak', value: leaked });`, after: STORED },
  { name: 'Use', path: '/use?cursor={{cursor}}' },
  { name: 'Send', before: SENT },
  { name: 'SendShown', before: `pm.variables.get('all'); ${SENT}` },
  { name: 'Asked', before: "pm.request.headers.add({ key: 'X-Cursor', value: await pm.vault.get('API_KEY') });" },
  { name: 'Before', before: `${TOLD} pm.environment.set('db_password', made); pm.environment.set('x ' + made, '1');` },
  { name: 'Later', before: `console.log('an earlier one: ${PASSWORD}');` },
  {
    name: 'Both',
    before: `${TOLD}`,
    after: `${MADE} pm.globals.set('admin_password', made); throw new Error('no ' + made);`,
  },
  { name: 'Thrown', before: `${MADE} pm.globals.set('admin_password', made); throw new Error('no ' + made);` },
];

let stand: ScriptStand;
const cursors: string[] = [];
beforeAll(async () => {
  stand = await createScriptStand({
    items: () => items,
    variables: () => ({ secret_mine: 'Qz7mWv3RkPdUyE2sLb9x', mine: '{{secret_mine}}' }),
    answer(request, response) {
      const { 'x-leak': leak = '', 'x-cursor': cursor = '' } = request.headers;
      cursors.push(String(cursor));
      const [, mark = ''] =
        /_kw(K[a-z0-9]+)/.exec([...String(leak)].map((each) => String.fromCharCode(each.charCodeAt(0) - 1)).join('')) ??
        [];
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ cursor: `{{vault:API_KEY${mark && `_kw${mark}`}}}`, mark }));
    },
  });
});
afterAll(() => stand.close());

function idOf(name: string): string {
  const [shop] = stand.context.workspace.collections().filter((each) => each.name === 'Shop');
  return shop?.requests.find((each) => each.name === name)?.id ?? '';
}

async function told(
  name: string,
  caller: string,
): Promise<{ readonly text: string; readonly execution: Execution | undefined }> {
  const execution = await stand.run({ requestId: idOf(name) }, { caller });
  const shown = execution.ok ? 'scripts' in execution.value && execution.value.scripts : execution.failure;
  return { text: JSON.stringify(shown), execution: execution.ok ? execution.value : undefined };
}

describe('P6: a server that learned the mark of a reference', () => {
  it('cannot have one put into a later request', async () => {
    const { execution } = await told('Leak', 'leak');
    expect(execution).toMatchObject({
      kind: 'answered',
      exchange: { body: { text: expect.stringMatching(/"mark":"K/) } },
    });
    await told('Use', 'leak');
    expect(stand.arrived.at(-1)).toMatch(/cursor=.*API_KEY/);
    expect(stand.arrived.join()).not.toContain(SECRET);
  });

  it('cannot have one put into a request of the same phase that the phase was not shown', async () => {
    const { text } = await told('Send', 'send');
    expect(text).toContain('SCRIPT/SECRET_TAKEN_APART');
    expect(cursors.join()).not.toContain(SECRET);
  });

  it('while what a script asks for itself is sent', async () => {
    await told('Asked', 'asked');
    expect(cursors.at(-1)).toBe(SECRET);
  });
});

describe('what scripts store as a secret', () => {
  it.each(['Before', 'Both', 'Thrown'])('is in nothing that they say: %s', async (name) => {
    const { text } = await told(name, name);
    expect(text).toContain('[redacted]');
    expect(text).not.toContain(PASSWORD);
    expect(text).not.toContain(btoa(PASSWORD));
  });

  it('nor in what later ones of the caller say', async () => {
    await told('Before', 'later');
    const { text } = await told('Later', 'later');
    expect(text).toContain('an earlier one: [redacted]');
  });
});

describe('what a script leaves for those after the answer', () => {
  it('P6: is live there too', async () => {
    const request = (name: string, rest: string): string =>
      `meta {\n  name: ${name}\n  type: http\n}\n\nget {\n  url: {{base}}/x\n}\n\n${rest}\n`;
    const sent: unknown[] = [];
    const bruno = await createStand({
      files: (origin) => ({
        'bruno.json': { version: '1', name: 'Shop', type: 'collection' },
        'collection.bru': `vars:pre-request {\n  base: ${origin}\n}\n`,
        'Leave.bru': request(
          'Leave',
          `script:pre-request {\n  await bru.cookies.jar().setCookie(req.getUrl(), 'a', bru.getProcessEnv('API_KEY'));\n}\n
script:post-response {\n  bru.setVar('kept', (await bru.cookies.jar().getCookie(req.getUrl(), 'a')).value);\n}`,
        ),
        'Use.bru': request('Use', 'headers {\n  X-Kept: {{kept}}\n}'),
      }),
      answer(asked, response) {
        sent.push(asked.headers['x-kept']);
        response.end('{}');
      },
    });
    for (const name of ['Leave', 'Use']) await bruno.call('execute_read_request', { request_id: name });
    expect(sent).toEqual([undefined, SECRET]);
    await bruno.close();
  });
});
