import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import type { Result } from '../../../shared/failure/result.ts';
import { limits } from '../../../shared/limits.ts';
import type { Execution } from '../../../src/execute/execute-request.ts';
import { questionText } from '../../../src/execute/question-text.ts';
import { builtSandbox as scripts } from '../sandbox/built-sandbox.ts';
import { answer, askedBy, posting } from './script-asking.ts';
import { createScriptStand, logged, type ScriptedItem, type ScriptStand, sending } from './script-stand.ts';

let stand: ScriptStand;
afterEach(() => stand.close());

async function open(
  items: readonly ScriptedItem[],
  answer?: (url: string | undefined, response: ServerResponse) => void,
): Promise<ScriptStand> {
  stand = await createScriptStand({
    scripts,
    items: () => items,
    variables: () => ({ key: '{{vault:API_KEY}}', secret_pin: 'swordfish-94718' }),
    ...(answer && { answer: ({ url }, response) => answer(url, response) }),
  });
  return stand;
}

const POST = posting('/orders');
const HIDDEN = POST.replace('pm.sendRequest', "pm['send' + 'Request']");
const LIST = { requestId: 'List' };
const CREATE = { requestId: 'Create' };

/** Says yes to whatever is asked; what was asked, and what came of it in the end. */
async function approveAll(input: typeof LIST): Promise<readonly [asked: readonly string[], Result<Execution>]> {
  const asked: string[] = [];
  let execution = await stand.run(input);
  while (execution.ok && execution.value.kind === 'ask') {
    const { approval } = execution.value.question;
    asked.push(`${approval.method} ${approval.url.slice(stand.origin.length)}`);
    execution = await stand.run(input, answer(approval));
  }
  return [asked, execution];
}

describe('a script that sends what changes data', () => {
  for (const [what, script] of [
    ['by its name', POST],
    ['under a name that nobody sees', HIDDEN],
  ] as const) {
    it(`asks before that is sent, ${what}, and goes on once a person approved`, async () => {
      const { run, arrived } = await open([{ name: 'List', before: script }]);
      const asked = askedBy(await run(LIST));
      expect([arrived, stand.journal]).toEqual([[], []]);
      expect(questionText(asked).split('\n')).toEqual([
        'An AI agent asks to send this request:',
        `POST ${stand.origin}/orders`,
        'Request: "a script of List" of the collection "Shop"',
        'Environment: "dev"',
        'Secrets used: none',
        'Set by the agent: nothing',
        'Sent, once or more, by a script of: "List", GET {{base}}/items',
        'Secrets that it names: none',
        'Why you are asked: POST may change data',
      ]);
      expect(logged(await run(LIST, answer(asked)))[0]).toMatch(/^status 200/);
      expect(arrived).toEqual(['POST /orders', 'GET /items']);
    });
  }

  it('shows what it sends and its secrets, those of the saved request, and what the agent set', async () => {
    const { run } = await open([
      {
        name: 'Create',
        method: 'POST',
        before: posting('/token', {
          header: { 'X-Key': '{{vault:API_KEY}}', 'X-HTTP-Method-Override': 'DELETE' },
          body: { mode: 'raw', raw: '{"pin":"{{secret_pin}}","n":1}' },
        }),
        rest: { header: [{ key: 'X-Key', value: '{{key}} {{secret_pin}}' }] },
      },
    ]);
    const asked = askedBy(await run({ ...CREATE, overrides: { query: { q: '1' } } }));
    const shown = questionText(asked).split('\n');
    expect(shown.slice(1, 3)).toEqual([`POST ${stand.origin}/token`, 'Body: {"pin":"[secret]","n":1}']);
    expect(shown).toContain('Secrets used: "API_KEY", one from the files');
    expect(shown).toContain('Secrets that it names: "API_KEY", one from the files');
    expect(shown.slice(shown.indexOf('Set by the agent:'))[1]).toBe('- "query q: 1"');
    expect(shown.slice(shown.indexOf('Headers:'))[1]).toBe('- "X-HTTP-Method-Override: DELETE"');
  });

  for (const [outcome, code] of [
    ['declined', 'POLICY/APPROVAL_DECLINED'],
    ['unavailable', 'POLICY/APPROVAL_REQUIRED'],
  ] as const) {
    it(`P7: sends nothing at all where the answer is: ${outcome}`, async () => {
      const { run, arrived, journal } = await open([{ name: 'List', before: `${POST}\n${posting('/other')}` }]);
      const asked = askedBy(await run(LIST));
      expect(await run(LIST, answer(asked, outcome))).toMatchObject({ failure: { code } });
      expect(arrived).toEqual([]);
      expect(journal).toMatchObject([{ type: 'denied', parent: 'parent-1', failure: code }]);
    });
  }

  it('P8: does not take the answer for another request, another value of the agent, or after earlier scripts wrote', async () => {
    const { run, arrived } = await open([
      { name: 'List', before: POST },
      { name: 'Other', before: POST },
      { name: 'Writes', after: `pm.environment.set('amount', '1000');` },
    ]);
    const given = answer(askedBy(await run(LIST)));
    expect(askedBy(await run({ requestId: 'Other' }, given)).request).toBe('a script of Other');
    askedBy(await run({ ...LIST, overrides: { variables: { amount: '5' } } }, given));
    askedBy(await run(LIST, { approval: { digest: 'script:x:y', outcome: 'approved' } }));
    askedBy(await run(LIST, { ...given, caller: 'another', approval: { ...given.approval, digest: 'sent:x:y' } }));
    await run({ requestId: 'Writes' });
    askedBy(await run(LIST, given));
    expect(arrived).toEqual(['GET /items']);
  });

  it('asks about each that is another one, and once about the same', async () => {
    const same = `await Promise.all([1, 2, 3].map(() => pm.sendRequest({ url: '{{base}}/orders', method: 'POST' })));`;
    await open([{ name: 'List', before: `${same}\n${posting('/orders', { body: { mode: 'raw', raw: '2' } })}` }]);
    expect((await approveAll(LIST))[0]).toEqual(['POST /orders', 'POST /orders']);
    expect(stand.arrived).toEqual([...Array<string>(4).fill('POST /orders'), 'GET /items']);
  });

  it('P8: sends what was approved, whatever a server says the next time, and asks about the request as it became', async () => {
    let times = 0;
    await open(
      [
        {
          name: 'Create',
          method: 'POST',
          before: `const n = (await pm.sendRequest('{{base}}/flag')).json();
if (n === 1) await pm.sendRequest({ url: '{{base}}/audit?' + Date.now() + Math.random(), method: 'POST' });
else await pm.sendRequest({ url: '{{base}}/everything', method: 'DELETE' });
pm.request.url.update('{{base}}/admin/' + n);`,
        },
      ],
      (url, response) => {
        if (url === '/flag') times += 1;
        response.setHeader('content-type', 'application/json');
        response.end(String(times));
      },
    );
    const [asked] = await approveAll(CREATE);
    expect(asked).toEqual([expect.stringMatching(/^POST \/audit\?\d+/), 'POST /admin/1']);
    expect(stand.arrived).toEqual(['GET /flag', ...asked]);
  });

  it(`gives up after ${limits.approvalRounds} questions`, async () => {
    const many = Array.from({ length: limits.approvalRounds + 1 }, (_, n) => posting(`/${n}`)).join('\n');
    await open([{ name: 'List', before: many }]);
    const [asked, execution] = await approveAll(LIST);
    expect(asked).toHaveLength(limits.approvalRounds);
    expect(execution).toMatchObject({ failure: { code: 'POLICY/APPROVAL_REQUIRED' } });
    expect(stand.arrived).toEqual(asked);
  });

  it('is told after its own answer that nobody can be asked any more', async () => {
    const { run, arrived } = await open([
      { name: 'List', after: POST },
      {
        name: 'Create',
        method: 'POST',
        before: sending('{{base}}/read'),
        after: `${sending('{{base}}/after')}\n${POST}`,
      },
    ]);
    expect(logged(await run(LIST))[0]).toMatch(/^failed POLICY\/APPROVAL_REQUIRED/);
    const [asked, execution] = await approveAll(CREATE);
    expect(asked).toEqual(['POST /items']);
    expect(logged(execution)[2]).toMatch(/^failed POLICY\/APPROVAL_REQUIRED/);
    expect(arrived).toEqual(['GET /items', 'GET /read', 'POST /items', 'GET /after']);
  });

  it('asks about a saved request that it runs, and about what that one sends', async () => {
    await open([
      { name: 'List', before: `await pm.execution.runRequest('Create');` },
      { name: 'Create', method: 'POST', path: '/create', before: POST, after: posting('/done') },
    ]);
    const [asked] = await approveAll(LIST);
    expect(asked).toEqual(['POST /orders', 'POST /create', 'POST /done']);
    expect(stand.arrived).toEqual([...asked, 'GET /items']);
  });
});

describe('a request that changes data and has scripts', () => {
  it('is asked about by itself, also where it cannot be planned before they ran', async () => {
    await open([
      {
        ...{ name: 'Create', method: 'POST', before: `${POST}\npm.environment.set('token', 'abc');` },
        rest: { header: [{ key: 'X-Token', value: '{{token}}' }] },
      },
    ]);
    const [asked] = await approveAll(CREATE);
    expect(asked).toEqual(['POST /orders', 'POST /items']);
    expect(stand.arrived).toEqual(asked);
  });

  it('P8: is not sent by the answer to another request', async () => {
    const { run, arrived } = await open([
      { name: 'Create', method: 'POST', before: 'console.log(1);' },
      { name: 'List' },
    ]);
    const asked = askedBy(await run(CREATE));
    await run(LIST, answer(asked));
    expect(arrived).toEqual(['GET /items']);
  });
});
