import { expect, it } from 'vitest';
import { isGraphqlQuery } from '../../../shared/policy/graphql-operation.ts';

const queries = [
  '{ a }',
  'query { a }',
  'query Q { a }',
  'query Q($a: In = { b: "}" }, $c: [Int!] = [1]) @d(e: {f: 1}) { a }',
  '# mutation { b }\nquery { a }',
  'query { a(s: "mutation { b }") }',
  'query { a(s: """ mutation { "b" } \\""" } """) }',
  'query A { a } query B { b }',
  'fragment F on T { a } query { ...F }',
  'query { a(s: "\\"mutation { b }") }',
  'query { a(s: "\\\\") }',
  'query { a(s: "") b(s: """""") }',
  'query { a } # unclosed " { mutation',
  '\uFEFF query { mutation subscription }',
  'query { a }, query B { b },',
];

const others = [
  '',
  '   ',
  'mutation { a }',
  'subscription { a }',
  'query { a } mutation { b }',
  'mutation { b } query { a }',
  '{ a } mutation M { b }',
  'fragment F on T { a }',
  'query { a',
  'query { a } }',
  '} query { a }',
  'query',
  'queryX { a }',
  'Query { a }',
  'query { a } mutation',
  'query { a(s: "unclosed) } mutation { b }',
  'query { a(s: """unclosed) } mutation { b }',
  'query { a(s: "\\") } mutation { b }',
  'query { a(s: "a\nb") }',
  'query { a(s: "a\\\nb") }',
  'query { a(s: """ \\""") } mutation { b }',
  'query A { a } query B { b } mutation C { c }',
  '"',
  '"""',
  '""""',
  '"""""',
  'type T { a: Int }',
  'extend type T { a: Int } query { a }',
  '[secret]',
];

it.each(queries)('%j only queries', (document) => expect(isGraphqlQuery(document)).toBe(true));
it.each(others)('%j is not known to only query', (document) => expect(isGraphqlQuery(document)).toBe(false));

it.each(['"', '"\\', '"""', '"""\\"""', '"a', '#', '\\"""', '{"'])('P12: reads many of %j in one pass', (piece) => {
  const text = piece.repeat(1_000_000);
  expect([isGraphqlQuery(text), isGraphqlQuery(`query { a(s: "${text}`)]).toEqual([false, false]);
});

it('P12: reads long strings in one pass', () => {
  const long = 'a'.repeat(2_000_000);
  expect(isGraphqlQuery(`query { a(s: "${long}", t: """${long}""") }`)).toBe(true);
});
