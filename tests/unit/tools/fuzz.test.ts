import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { contracts } from '../../../shared/contracts/contracts.ts';
import { catalogue } from '../../../shared/failure/catalogue.ts';
import { createShop } from './shop.ts';
import { SECRET, type Stand } from './stand.ts';

const ROUNDS = 150;

let stand: Stand;

beforeAll(async () => {
  stand = await createShop();
});

afterAll(() => stand.close());

// Text as agents and attackers send it, with what the product itself gives meaning to.
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    'Shop',
    'dev',
    'List items',
    'Create item',
    'Payroll',
    'prod',
    '{{vault:API_KEY}}',
    '{{base}}',
    '../../etc/passwd',
    'http://169.254.169.254/',
    '__proto__',
    'constructor',
    '\u0000',
    '\ud800',
    '\r\nHost: evil',
    '$' + '{HOME}',
    'a'.repeat(5_000),
  ),
);
const record = fc.dictionary(text, fc.oneof(text, fc.constant(null)), { maxKeys: 5 });
const anything = fc.oneof(text, record, fc.anything({ maxDepth: 3 }), fc.integer(), fc.double(), fc.boolean());

const argumentNames = [
  'request_id',
  'environment_id',
  'collection_id',
  'response_id',
  'query',
  'method',
  'folder',
  'limit',
  'cursor',
  'variables',
  'headers',
  'body',
  'select',
  'response_format',
  'max_body_chars',
  'timeout_ms',
  'dry_run',
  'offset',
];

const plausible = fc.record(
  {
    request_id: text,
    environment_id: text,
    collection_id: text,
    response_id: text,
    query: fc.oneof(text, record),
    method: text,
    folder: text,
    limit: fc.integer({ min: -5, max: 300 }),
    cursor: text,
    offset: fc.maxSafeNat(),
    variables: record,
    headers: record,
    body: fc.oneof(text, record),
    select: text,
    response_format: fc.constantFrom('full', 'text', 'source', 'shape', 'bytes', 'none'),
    max_body_chars: fc.integer({ min: 0, max: 60_000 }),
    dry_run: fc.boolean(),
  },
  { requiredKeys: [] },
);
const wild = fc.dictionary(fc.oneof(fc.constantFrom(...argumentNames), text), anything, { maxKeys: 6 });

describe.each(contracts.map((contract) => [contract.name, contract] as const))('%s', (name, { input, output }) => {
  const wanted = Object.keys(input instanceof z.ZodObject ? input.shape : {});
  // Only arguments that the tool has, so that most calls get past the strict schema.
  const fitting = plausible.map((args) =>
    Object.fromEntries(Object.entries(args).filter(([key]) => wanted.includes(key))),
  );

  it('P8 P9: whatever the arguments: a result of its schema or a coded failure, no crash, no secret, no wider policy', async () => {
    const before = JSON.stringify(stand.context.policy);
    await fc.assert(
      fc.asyncProperty(fc.oneof({ weight: 4, arbitrary: fitting }, wild, anything), async (args) => {
        const result = await stand.call(name, args);
        expect(result.text).not.toContain(SECRET);
        expect(result.text).not.toMatch(/\bat .+\.ts:\d+/);
        if (result.kind === 'question') return;
        if (!result.isError) {
          expect(output.safeParse(result.structured).error?.message).toBeUndefined();
          return;
        }
        const { code, correlation_id } = JSON.parse(result.text) as Record<string, string>;
        expect(Object.keys(catalogue)).toContain(code);
        expect(code).not.toBe('INTERNAL/BUG');
        expect(correlation_id).toMatch(/^[0-9a-f-]{36}$/);
      }),
      { numRuns: ROUNDS },
    );
    expect(stand.bugs).toEqual([]);
    expect(JSON.stringify(stand.context.policy)).toBe(before);
  });
});
