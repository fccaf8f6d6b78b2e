// What scripts see after the answer of the request that was sent: all of it, with marks in the place of secrets.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createScriptStand, logged, type ScriptStand } from './script-stand.ts';

const PASSWORD = 'swordfish-99-swordfish';
const form = ['a', 'b'].map((value) => ({ key: 'name', value }));
const request = {
  auth: {
    type: 'basic',
    basic: [
      { key: 'username', value: 'joe' },
      { key: 'password', value: PASSWORD },
    ],
  },
  body: { mode: 'formdata', formdata: form },
};
const after = `
  for (const name of ['Authorization', 'Host', 'User-Agent']) pm.test(name, () => pm.request.to.have.header(name));
  console.log(pm.request.headers.get('Authorization'), JSON.stringify(request.data));
  pm.test('cut', () => pm.expect('x'.repeat(16) + '{{vault:API_KEY}}').to.equal(''));`;

let stand: ScriptStand;
beforeAll(async () => {
  stand = await createScriptStand({
    policy: { approvals: { unsafe: 'allow' } },
    items: () => ['POST', 'GET'].map((method) => ({ name: method, method, after, rest: request })),
  });
});
afterAll(() => stand.close());

it.each(['POST', 'GET'])(
  'P6: %s: headers of auth and of the client, marks for secrets, and the form',
  async (method) => {
    const entry = stand.context.workspace.collections().flatMap(({ requests }) => requests);
    const executed = await stand.run({ requestId: entry.find(({ name }) => name === method)?.id ?? '' });
    expect(logged(executed)).toEqual(['Basic [redacted] {"name":["a","b"]}']);
    const tests = executed.ok && executed.value.kind !== 'ask' ? executed.value.scripts.tests : [];
    expect(tests).toEqual([
      ...['Authorization', 'Host', 'User-Agent'].map((name) => ({ name, status: 'passed' })),
      { name: 'cut', status: 'failed', message: "expected 'xxxxxxxxxxxxxxxx{{vault:API_KEY…' to equal ''" },
    ]);
    expect(JSON.stringify(executed)).not.toContain(PASSWORD);
  },
);
