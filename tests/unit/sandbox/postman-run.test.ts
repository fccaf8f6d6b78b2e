// What is Keyward's own in a run of Postman's scripts: references to secrets, what ends and what does not, limits, what is not supported.
import { afterAll, describe, expect, test } from 'vitest';
import { limits } from '../../../shared/limits.ts';
import type { ScriptJob, ScriptOutcome } from '../../../shared/script/job.ts';
import { jobOf, live } from './postman-jobs.ts';
import { createPostmanStand } from './postman-stand.ts';

const stand = createPostmanStand();
afterAll(() => stand.close());

function job(scripts: readonly string[], more: Partial<ScriptJob> = {}): ScriptJob {
  const row = { name: '', scripts, expected: { tests: [] } };
  return { ...jobOf({ ...row, phase: more.phase ?? 'after' }), ...more };
}

const runBefore = (script: string, more: Partial<ScriptJob> = {}): Promise<ScriptOutcome> =>
  stand.run(job([script], { phase: 'before', ...more }));
const runAfter = (...scripts: readonly string[]): Promise<ScriptOutcome> => stand.run(job(scripts));
const names = (outcome: ScriptOutcome): readonly string[] => outcome.tests.map(({ name }) => name);
const token = live.show([{ kind: 'handle', names: ['TOKEN'] }]);
const withToken = {
  variables: { environment: [{ name: 'token', value: token }] },
} satisfies Partial<ScriptJob>;

describe('references to secrets', () => {
  test('P6: a variable that holds a secret reads as its reference, and is written back as that', async () => {
    const { request, writes, tests } = await runBefore(
      `const t = pm.environment.get('token');
       pm.request.headers.add({ key: 'Authorization', value: 'Bearer ' + t });
       pm.environment.set('again', t);
       pm.test([t === '{{vault:TOKEN}}', t === 'secret', t.startsWith('{{vault:TOKEN')].join(), () => {});`,
      withToken,
    );
    expect(names({ tests } as ScriptOutcome)).toEqual(['true,false,true']);
    expect(live.read(request?.headers.at(-1)?.value ?? '')).toEqual([
      { kind: 'text', text: 'Bearer ' },
      { kind: 'handle', names: ['TOKEN'] },
    ]);
    expect(live.read(writes[0]?.value ?? '')).toEqual([{ kind: 'handle', names: ['TOKEN'] }]);
  });

  test('pm.vault.get gives a reference that is read back as one', async () => {
    const { writes, named = [] } = await runBefore(`pm.environment.set('k', await pm.vault.get('KEY'));`);
    expect(live.read(writes[0]?.value ?? '')).toBeUndefined();
    live.admit(named);
    expect(live.read(writes[0]?.value ?? '')).toEqual([
      { kind: 'reference', name: [{ kind: 'text', text: 'vault:KEY' }] },
    ]);
  });

  test('what is computed on one is a reference too', async () => {
    const { derived, writes } = await runBefore(
      `pm.environment.set('s', CryptoJS.HmacSHA256('m', pm.environment.get('token')).toString());`,
      withToken,
    );
    expect(derived.map(({ operation }) => operation.name)).toEqual(['hmac', 'encode']);
    expect(live.learn(derived).ok).toBe(true);
    expect(live.read(writes[0]?.value ?? '')).toEqual([expect.objectContaining({ kind: 'derived' })]);
  });

  test('names, messages, errors and the console show none of its mark', async () => {
    const { tests, console, error } = await runBefore(
      `const t = pm.environment.get('token');
       pm.test('has ' + t, () => pm.expect(t).to.equal('x'));
       console.log(t, { t });
       throw new Error(t);`,
      withToken,
    );
    expect(tests).toEqual([
      { name: 'has {{vault:TOKEN}}', status: 'failed', message: "expected '{{vault:TOKEN}}' to equal 'x'" },
    ]);
    expect(console).toEqual([{ level: 'log', text: '{{vault:TOKEN}} {"t":"{{vault:TOKEN}}"}' }]);
    expect(error).toEqual({ name: 'Error', message: '{{vault:TOKEN}}', label: 'script 1' });
  });

  test('a reference in an answer stays text, through variables and replaceIn', async () => {
    const written = job([
      `const text = pm.response.json().text;
       pm.environment.set('x', text);
       pm.environment.set('y', pm.variables.replaceIn(text));
       pm.environment.set('z', pm.variables.replaceIn('{{x}}'));`,
    ]);
    const response = {
      ...(written.response as NonNullable<ScriptJob['response']>),
      body: '{"text":"{{vault:TOKEN}}{{who}}"}',
    };
    const { writes } = await stand.run({ ...written, response });
    for (const { value } of writes) expect(value).toBe('{{vault:TOKEN}}{{who}}');
  });
});

test('what a failed request calls back with can be read like an answer', async () => {
  const script = `pm.sendRequest('https://down.example/', function (error, answer, more) {
    pm.test([error.message, answer.code, answer.status, answer.text(), answer.headers.count(), answer.size().body, more].join(), () => {});
    pm.test('json', () => answer.json());
  });`;
  const { tests, error } = await stand.run(job([script]), () => ({
    ok: false,
    code: 'NETWORK/REFUSED',
    message: 'down',
  }));
  expect(error).toBeUndefined();
  expect(tests).toEqual([
    { name: 'down,,,,0,0,', status: 'passed' },
    { name: 'json', status: 'failed', message: expect.stringMatching(/^JSONError: /) },
  ]);
});

describe('what does not end', () => {
  test('a test that never calls done has failed', async () => {
    const { tests } = await runAfter(`pm.test('a', (done) => {}); pm.test('b', () => new Promise(() => {}));`);
    expect(tests.map(({ status, message }) => [status, message])).toEqual([
      ['failed', 'The test did not end'],
      ['failed', 'The test did not end'],
    ]);
  });

  test('a script that waits for nothing is an error', async () => {
    const { error } = await runAfter(`await new Promise(() => {});`, `pm.test('not run', () => {});`);
    expect(error).toEqual({
      name: 'Error',
      message: 'The script waits for something that never happens',
      label: 'script 1',
    });
  });

  test('an error stops the scripts that follow; tests until then stay', async () => {
    const outcome = await runAfter(
      `pm.test('a', () => {});`,
      `pm.test('b', () => {}); nope();`,
      `pm.test('c', () => {});`,
    );
    expect(names(outcome)).toEqual(['a', 'b']);
    expect(outcome.error).toMatchObject({ name: 'ReferenceError', label: 'script 2' });
  });

  test('tests keep the order in which they began', async () => {
    const outcome = await runAfter(
      `pm.test('slow', async () => { await new Promise((r) => setTimeout(r, 5)); }); pm.test('fast', () => {});`,
    );
    expect(outcome.tests).toEqual([
      { name: 'slow', status: 'passed' },
      { name: 'fast', status: 'passed' },
    ]);
  });
});

describe('limits', () => {
  test.each([
    ['tests', (count: number) => `for (let i = 0; i < ${count}; i += 1) pm.test('t', () => {});`, limits.scriptTests],
    [
      'variables',
      (count: number) => `for (let i = 0; i < ${count}; i += 1) pm.globals.set('v', i);`,
      limits.scriptWrites,
    ],
    [
      'timers',
      (count: number) => `for (let i = 0; i < ${count}; i += 1) clearTimeout(setTimeout(() => {}, 1));`,
      limits.scriptTimers,
    ],
  ])('%s', async (_, script, most) => {
    expect((await runAfter(script(most))).error).toBeUndefined();
    expect((await runAfter(script(most + 1))).error?.name).toBe('RangeError');
  });

  test('lines of the console, and their length', async () => {
    const { console } = await runAfter(`for (let i = 0; i < 300; i += 1) console.log('x'.repeat(5000));`);
    expect(console).toHaveLength(limits.scriptConsoleLines);
    expect(console.at(-1)?.text).toBe('Further lines are left out');
    expect(console[0]?.text).toBe(`${'x'.repeat(4_000)}… (1000 more characters)`);
  });
});

describe('what is not supported says so', () => {
  test.each([
    [
      `pm.cookies.jar().set('https://a.example', 'n', 'v', (e) => pm.test(e.message, () => {}));`,
      'pm.cookies.jar().set',
    ],
    [
      `try { await pm.cookies.jar().getAll('https://a.example'); } catch (e) { pm.test(e.message, () => {}); }`,
      'pm.cookies.jar().getAll',
    ],
    [`try { await pm.vault.set('a', 'b'); } catch (e) { pm.test(e.message, () => {}); }`, 'pm.vault.set'],
    [`try { pm.datasets('a'); } catch (e) { pm.test(e.message, () => {}); }`, 'pm.datasets'],
    [`try { pm.iterationData.set('a', 1); } catch (e) { pm.test(e.message, () => {}); }`, 'pm.iterationData.set'],
  ])('%s', async (script, api) => {
    const outcome = await runAfter(script);
    expect(outcome.unsupported).toEqual([api]);
    expect(names(outcome)).toEqual([`${api} is not supported here`]);
    expect(outcome.error).toBeUndefined();
  });
});

test('pm.execution.runRequest runs a saved request', async () => {
  const calls: unknown[] = [];
  const response = job([]).response as NonNullable<ScriptJob['response']>;
  const outcome = await stand.run(
    job([`const r = await pm.execution.runRequest('Login'); pm.test('ran ' + r.code, () => {});`]),
    (call) => {
      calls.push(call);
      return { ok: true, response };
    },
  );
  expect(calls).toEqual([{ kind: 'run', request: 'Login' }]);
  expect(names(outcome)).toEqual(['ran 200']);
});

test('what is computed over secrets comes with a request that is sent', async () => {
  const calls: unknown[] = [];
  await stand.run(
    job(
      [`await pm.sendRequest({ url: 'https://a.example/', header: { X: btoa(pm.environment.get('token')) } });`],
      withToken,
    ),
    (call) => {
      calls.push(call);
      return { ok: false, code: 'X', message: '' };
    },
  );
  expect(calls).toMatchObject([
    { kind: 'send', derived: [{ id: 1 }, { id: 2, operation: { name: 'encode', to: 'base64' } }] },
  ]);
});
