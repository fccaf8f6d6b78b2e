// What was sent is answered: a failure in the place of an answer would have an agent send a request that changes data again.
import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { contracts } from '../../../shared/contracts/contracts.ts';
import { limits } from '../../../shared/limits.ts';
import { createShop } from '../tools/shop.ts';
import { contentOf, failureOf, type Stand, type StandOptions } from '../tools/stand.ts';

let stand: Stand;

afterEach(() => stand.close());

async function open(answer: StandOptions['answer']): Promise<Stand> {
  stand = await createShop(answer && { answer });
  return stand;
}

const READ = { request_id: 'List items', environment_id: 'dev' };

const answers =
  (text: string, type = 'application/json') =>
  (_: unknown, response: ServerResponse): void => {
    response.setHeader('content-type', type);
    response.end(text);
  };
const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
const wide = (names: readonly string[], child: unknown) => Object.fromEntries(names.map((name) => [name, child]));
const names = (count: number, chars: number) => Array.from({ length: count }, (_, at) => `k${at}`.padEnd(chars, 'k'));

describe('before sending', () => {
  it.each(['a[', 'nofunction(@)', 'length()', '&a', `'${'x'.repeat(limits.selectChars)}'`])(
    'P9: nothing is sent for the select %j',
    async (select) => {
      const { call, arrived, journal } = await open(answers('{}'));
      const refused = failureOf(await call('execute_read_request', { ...READ, select }));
      expect(refused.code).toMatch(/^INPUT\/(?:SELECT_)?INVALID$/);
      expect([arrived, journal]).toEqual([[], []]);
    },
  );
});

describe('after sending', () => {
  const unshown: readonly [what: string, answer: string, type: string, args: object, note: string, kept: boolean][] = [
    ['select that does not fit', '{"a": 1}', 'application/json', { select: 'length(a)' }, 'does not fit', true],
    [
      'select that takes too much',
      JSON.stringify(Array.from({ length: 300_000 }, () => 0)),
      'application/json',
      { select: `[*].['${'x'.repeat(900)}']` },
      'selects too much',
      true,
    ],
    ['select of a text', 'plain', 'text/plain', { select: 'a' }, 'JSON only', true],
    ['select of nothing', '', 'text/plain', { select: 'a' }, 'JSON only', false],
  ];
  it.each(unshown)('P9 P12: a %s leaves all but the body', async (_, answer, type, args, note, kept) => {
    const { call, arrived, journal } = await open(answers(answer, type));
    const result = await call('execute_read_request', { ...READ, ...args });
    const content = contentOf(result);
    expect(content).toMatchObject({ status: 200, correlation_id: expect.any(String), timing: {} });
    expect(content.headers).toContainEqual({ name: 'content-type', value: type });
    expect(content.body).toMatchObject({ truncated: true, note: expect.stringContaining(note) });
    expect(content.body.note).toMatch(/^The request was sent; /);
    expect(content.body.value ?? content.body.text).toBeUndefined();
    expect(content.body.response_id !== undefined).toBe(kept);
    const contract = contracts.find(({ name }) => name === 'execute_read_request');
    expect(contract?.output.safeParse(content).error?.message).toBeUndefined();
    expect(arrived).toHaveLength(1);
    expect(journal).toMatchObject([{ type: 'begin' }, { type: 'end', status: 200 }]);
    if (!kept) return;
    const read = await call('read_response', { response_id: content.body.response_id, limit: 100 });
    expect(contentOf(read).text).toBe(answer.slice(0, 100));
  });

  it('P12: a body at the deepest that is a value is shown as one, a deeper one as text', async () => {
    for (const levels of [limits.valueDepth, limits.valueDepth + 1, limits.redactDepth + 1]) {
      const answer = nested(levels);
      const { body } = contentOf(await (await open(answers(answer))).call('execute_read_request', READ));
      expect(body.text ?? JSON.stringify(body.value)).toBe(answer);
      expect(body.text === undefined).toBe(levels === limits.valueDepth);
      await stand.close();
    }
  });

  it('P12: a body of any depth or any number of parts is shown in part, and read on', async () => {
    for (const answer of [nested(200_000), `[${'"",'.repeat(400_000)}""]`]) {
      const { call } = await open(answers(answer));
      const { body } = contentOf(await call('execute_read_request', READ));
      expect(body).toMatchObject({ truncated: true, total_chars: answer.length, more: expect.any(String) });
      const read = contentOf(await call('read_response', { response_id: body.response_id, limit: 100 }));
      expect(answer.startsWith(read.text)).toBe(true);
      const selected = await call('read_response', { response_id: body.response_id, select: '[0]' });
      expect(selected.text).toMatch(/"content_end"|nested too deeply/);
      await stand.close();
    }
    expect(stand.bugs).toEqual([]);
  });

  const shapes: readonly [what: string, value: unknown][] = [
    ['many keys at every level', wide(names(60, 10), wide(names(60, 10), wide(names(60, 10), 1)))],
    ['more keys than are shown', wide(names(20_000, 10), 1)],
    ['a key of a million characters', wide(names(1, 1_000_000), 1)],
    ['keys that are long', wide(names(60, 10_000), 'x'.repeat(10_000))],
  ];
  it.each(shapes)('P12: the shape of %s is shown within the limit', async (_, value) => {
    const { call } = await open(answers(JSON.stringify(value)));
    for (const max_body_chars of [100, undefined]) {
      const asked = { ...READ, response_format: 'shape', ...(max_body_chars && { max_body_chars }) };
      const { body } = contentOf(await call('execute_read_request', asked));
      expect(body.shape).toMatchObject({ type: 'object', keys: {} });
      expect(JSON.stringify(body.shape).length).toBeLessThanOrEqual(max_body_chars ?? limits.bodyChars);
    }
  });
});
