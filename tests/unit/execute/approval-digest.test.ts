// What an answer is bound to is what is sent.
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AgentOverrides } from '../../../shared/request/overrides.ts';
import { writeBody, writeHeaders, writeTarget } from '../../../shared/request/write-request.ts';
import { askApproval } from '../../../src/execute/approval.ts';
import { prepare } from '../../../src/execute/prepare.ts';
import type { Stand } from '../tools/stand.ts';
import { createAskingShop } from './asking-shop.ts';

let stand: Stand;
beforeAll(async () => {
  stand = await createAskingShop();
});
afterAll(() => stand.close());

const DECISION = { verdict: 'ask', rule: 'approvals.unsafe', reason: 'POST may change data' } as const;
const GUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** The digest of what is asked, and the request as it would be sent; the failure where it would not be. */
async function asked(requestId: string, overrides: AgentOverrides) {
  const prepared = await prepare({ requestId, environmentId: 'dev', overrides, caller: 'test' }, stand.context);
  if (!prepared.ok) return { digest: prepared.failure.code, wire: '' };
  const { plan } = prepared.value;
  const { digest } = askApproval({ ...prepared.value, overrides, caller: 'test', decision: DECISION }, stand.context);
  const open = () => 'secret';
  const wire = [
    plan.method,
    plan.url.origin,
    writeTarget(plan.url, plan.settings, open),
    writeHeaders(plan.headers, open),
    Buffer.from(writeBody(plan.body, open, 'b').bytes ?? []).toString(),
    Object.entries(plan.auth.fields).map(([name, value]) => [name, JSON.stringify(value)]),
  ];
  return { digest, wire: JSON.stringify(wire).replaceAll(GUID, 'guid') };
}

const entries = (names: readonly string[], values: fc.Arbitrary<string | null>) =>
  fc.uniqueArray(fc.tuple(fc.constantFrom(...names), values), { selector: ([name]) => name, maxLength: 3 });
const word = fc.constantFrom('1', '2', 'a&b');
const supplied = fc.record({
  headers: entries(['X-A', 'X-B', 'x-a', 'Accept', 'X-Account'], fc.option(word)),
  query: entries(['q', 'r', 'R'], fc.option(word)),
  variables: entries(['acct', 'user', 'note', 'key', 'other'], word),
  body: fc.option(fc.constantFrom('x', '{"amount":2}'), { nil: undefined }),
});
type Supplied = typeof supplied extends fc.Arbitrary<infer Value> ? Value : never;
const overridesOf = ({ headers, query, variables, body }: Supplied): AgentOverrides => ({
  headers: Object.fromEntries(headers),
  query: Object.fromEntries(query),
  variables: Object.fromEntries(variables) as Readonly<Record<string, string>>,
  ...(body !== undefined && { body }),
});
const reordered = (of: Supplied) =>
  fc.record({
    headers: fc.shuffledSubarray(of.headers, { minLength: of.headers.length }),
    query: fc.shuffledSubarray(of.query, { minLength: of.query.length }),
    variables: fc.shuffledSubarray(of.variables, { minLength: of.variables.length }),
    body: fc.constant(of.body),
  });
const pairs = supplied.chain((one) => fc.tuple(fc.constant(one), fc.oneof(reordered(one), supplied)));

it('P8: what has the same digest is the same on the wire, whatever the agent sets and in which order', async () => {
  let same = 0;
  let other = 0;
  await fc.assert(
    fc.asyncProperty(fc.constantFrom('Pay', 'Pay once'), pairs, async (name, [one, two]) => {
      const [first, second] = [await asked(name, overridesOf(one)), await asked(name, overridesOf(two))];
      if (first.digest === second.digest) {
        same += 1;
        expect(second.wire).toBe(first.wire);
      } else other += 1;
    }),
    { numRuns: 100 },
  );
  expect([same > 10, other > 10]).toEqual([true, true]);
});

it.each([
  ['query', { query: { a: '1', b: '2' } }, { query: { b: '2', a: '1' } }, false],
  ['headers', { headers: { 'X-A': '1', 'X-B': '2' } }, { headers: { 'X-B': '2', 'X-A': '1' } }, false],
  [
    'variables, which stand where they stood',
    { variables: { acct: '1', user: '2' } },
    { variables: { user: '2', acct: '1' } },
    true,
  ],
])('P8: another order is another request: %s', async (_, one, two, isSame) => {
  expect((await asked('Pay once', one)).digest === (await asked('Pay once', two)).digest).toBe(isSame);
});

it('P8: covers the planned request itself, but for its dynamic variables', async () => {
  const { context } = stand;
  const input = { requestId: 'Pay once', environmentId: 'dev', overrides: {}, caller: 'test' };
  const [one, two] = [await prepare(input, context), await prepare(input, context)];
  if (!one.ok || !two.ok) throw new Error('not planned');
  const digestOf = (prepared: typeof one.value) =>
    askApproval({ ...prepared, ...input, decision: DECISION }, context).digest;
  expect(two.value.plan.url.query).not.toEqual(one.value.plan.url.query);
  expect(digestOf(two.value)).toBe(digestOf(one.value));
  const plan = one.value.steady();
  const sent = plan && { ...plan, headers: [...plan.headers, { name: 'X-Other', value: [] }] };
  expect(digestOf({ ...one.value, steady: () => sent })).not.toBe(digestOf(one.value));
});
