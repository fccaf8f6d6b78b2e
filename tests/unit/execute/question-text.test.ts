// A question shows what is sent, whatever the agent arranges.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SECRET, type Stand } from '../tools/stand.ts';
import { createAskingShop } from './asking-shop.ts';

let stand: Stand;
beforeAll(async () => {
  stand = await createAskingShop();
});
afterAll(() => stand.close());

const OPEN = '-----BEGIN PRIVATE KEY-----';
const KEY = 'ghp_0123456789abcdefghijABCDEFGHIJ012345';
const OWN = '[redacted: written by the agent]';

const rows: readonly (readonly [what: string, args: object, lines: readonly string[]])[] = [
  [
    'a variable in a saved header',
    { variables: { acct: '4711' } },
    ['Headers:', '- "X-Account: account 4711"', '- "variable acct: 4711"'],
  ],
  [
    'a variable in its auth',
    { variables: { user: 'root' } },
    ['Auth:', '- "username: root"', '- "variable user: root"'],
  ],
  [
    'a key without an end in a variable',
    { variables: { note: OPEN } },
    ['Body: {"note":"[redacted]","amount":1000000}', `- "variable note: ${OWN}"`],
  ],
  [
    'a key without an end in the path',
    { variables: { key: OPEN } },
    ['POST {{origin}}/pay/[redacted]/now?q=1', `- "variable key: ${OWN}"`],
  ],
  [
    'a key without an end in the query',
    { query: { a: OPEN, b: '2' } },
    [
      'POST {{origin}}/pay/saved-key/now?q=1&a=-----BEGIN%20PRIVATE%20KEY-----&b=2',
      `- "query a: ${OWN}"`,
      '- "query b: 2"',
    ],
  ],
  [
    'a key without an end for a name',
    { variables: { [OPEN]: '1', acct: '2' } },
    [`- "variable ${OWN}: ${OWN}"`, '- "variable acct: 2"'],
  ],
  [
    'a key without an end in its body',
    { body: { a: OPEN, amount: 5 } },
    [`Body: {"a":"${OWN}","amount":5}`, '- "body"'],
  ],
  ['what looks like a key', { variables: { key: KEY } }, [`- "variable key: ${OWN}"`]],
  ['a secret by its name', { variables: { api_token: 'a-word' } }, [`- "variable api_token: ${OWN}"`]],
  [
    'a sensitive word before another value',
    { variables: { 'the password is': 'x', acct: '4711' } },
    ['- "variable acct: 4711"'],
  ],
];

it.each(rows)('P8: shows %s', async (_, args, lines) => {
  const asked = await stand.call('execute_request', { request_id: 'Pay', environment_id: 'dev', ...args });
  expect(asked.kind).toBe('question');
  const shown = asked.text.split('\n');
  for (const line of lines) expect(shown).toContain(line.replace('{{origin}}', stand.origin));
  expect(shown.at(-1)).toBe('Why you are asked: POST may change data');
  expect(asked.text).not.toContain(SECRET);
  expect(asked.text).not.toContain(KEY);
});
