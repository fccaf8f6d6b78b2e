import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseQuery } from '../../../shared/search/query.ts';
import { createTextIndex, type SearchDocument } from '../../../shared/search/text-index.ts';

/** One document for each way to match "user", named by it, the best last. */
const LADDER: readonly (readonly [key: string, document: SearchDocument])[] = [
  ['described', { name: 'a', description: 'Needs the user.' }],
  ['url', { name: 'b', url: '{{base}}/user/:id' }],
  ['method', { name: 'c', method: 'USER' }],
  ['tag', { name: 'd', tags: 'user' }],
  ['folder', { name: 'e', path: 'Admin/User' }],
  ['inside a word', { name: 'superusers' }],
  ['typo', { name: 'Get usar' }],
  ['beginning of a word', { name: 'Get users' }],
  ['word of the name', { name: 'Get user' }],
  ['beginning of the name', { name: 'User list' }],
  ['name', { name: 'user' }],
];

const ORDER = [
  'name',
  'beginning of the name',
  'word of the name',
  'beginning of a word',
  'folder',
  'method',
  'tag',
  'url',
  'described',
  'inside a word',
  'typo',
];

describe('ranking', () => {
  const documents = LADDER.map(([, document]) => document);
  const keys = LADDER.map(([key]) => key);

  it('puts the name first, then folders, tags and methods, the URL, the description, and what is merely similar last', () => {
    expect(found('user', documents).map((at) => keys[at])).toEqual(ORDER);
  });

  it('of a document does not depend on the others', () => {
    const alone = LADDER.map(([, document]) => ranks('user', [document]).get(0));
    expect([...ranks('user', documents)].map(([at, rank]) => [at, rank])).toEqual([...alone.entries()]);
    const flooded = [...documents, ...Array.from({ length: 500 }, () => ({ name: 'user', description: 'user user' }))];
    for (const [at, rank] of ranks('user', documents)) expect(ranks('user', flooded).get(at)).toBe(rank);
  });

  it('leaves equally good ones in their order', () => {
    expect(found('get', [{ name: 'Get b' }, { name: 'Get a' }, { name: 'Get c' }])).toEqual([0, 1, 2]);
  });
});

/** A document, and queries that find it or do not. */
const MATCHES: readonly (readonly [
  document: SearchDocument,
  finding: readonly string[],
  missing: readonly string[],
])[] = [
  [
    { name: 'getUserById', path: 'Admin/Accounts', method: 'GET', url: '{{baseUrl}}/v1/payment_intents?limit=50' },
    [
      'getUserById',
      'getuserbyid',
      'get user by id',
      'id user',
      'userbyid',
      'accounts get',
      'payment-intents',
      'paymentintents',
      'paymentIntents limit=50',
      'GET /v1/payment_intents',
      'base url',
      '{{baseUrl}}',
      'ser',
      'acounts',
      'paymnet',
    ],
    ['user post', 'byida', 'se', 'payz', 'user nothing'],
  ],
  [{ name: 'Größe ändern' }, ['grösse', 'GROSSE', 'Größe', 'andern', 'ände', 'gross'], ['grass', 'ander n x']],
  [{ name: '获取用户列表' }, ['用户', '用', '表', '获取用户列表', '列表 用户'], ['订单', '用订']],
  [{ name: 'ユーザー一覧' }, ['ユーザー', '一覧'], ['商品']],
  [{ name: '사용자 목록' }, ['사용자', '목록', '사용'], ['주문']],
  [{ name: '😀 Ship it' }, ['😀', 'ship 😀'], ['🚀']],
  [{ method: 'POST' }, ['post', 'POST', 'pos'], ['po', 'host', 'pots']],
  [{ url: '/checkout/sessions' }, ['checkout', 'chekout', 'session', 'che'], ['ch', 'checkmate']],
  [{ description: 'Pays the customer' }, ['customer', 'cust', 'pays'], ['cu', 'custmer', 'ustomer']],
  [{ name: 'v2' }, ['v2', 'V', 'v'], ['2', 'v3']],
  [{}, [], ['a', '']],
];

describe('a query', () => {
  it.each(MATCHES)('of %j', (document, finding, missing) => {
    for (const text of finding) expect(found(text, [document]), text).toEqual([0]);
    for (const text of missing) expect(found(text, [document]), text).toEqual([]);
  });

  it.each(['', '   ', '/', '?!', '\u200b'])('without a word, %j, is none', (text) => {
    expect(parseQuery(text)).toBeUndefined();
  });

  it('has to match in all words, each anywhere', () => {
    const documents = [{ name: 'Create order', path: 'Shop' }, { name: 'Create', path: 'Orders' }, { name: 'Order' }];
    expect(found('order create', documents)).toEqual([0, 1]);
    expect(found('create shop order', documents)).toEqual([0]);
  });

  it('may be longer than anyone types', () => {
    const words = Array.from({ length: 100 }, (_, at) => `w${at}`).join(' ');
    expect(found(words, [{ name: words }, { name: 'w0' }])).toEqual([0]);
  });
});

describe('an index', () => {
  it('is the same whether it grew in parts or at once', () => {
    const documents = Array.from({ length: 30 }, (_, at) => ({ name: `Request ${at}`, url: `/x/${at % 3}` }));
    const parts = createTextIndex(documents.length, (at) => documents[at] ?? {});
    expect([1, 2, 3, 4, 5].map(() => parts.grow(7))).toEqual([true, true, true, true, false]);
    expect(parts.finish()).toBe(parts.finish());
    expect(ranksIn(parts.finish(), 'request 2')).toEqual(ranks('request 2', documents));
  });

  it('asks for each document once', () => {
    const asked: number[] = [];
    const index = createTextIndex(5, (at) => ({ name: String(asked.push(at)) }));
    index.grow(2);
    index.finish();
    index.grow(2);
    index.finish();
    expect(asked).toEqual([0, 1, 2, 3, 4]);
  });

  it('of nothing finds nothing', () => {
    expect(ranksIn(createTextIndex(0, () => ({})).finish(), 'a').size).toBe(0);
  });

  it('reads so much of a huge text and no more', () => {
    const name = `${'word '.repeat(800)}inside ${'x'.repeat(1_000_000)} beyond`;
    expect(found('inside', [{ name }])).toEqual([0]);
    expect(found('beyond', [{ name }])).toEqual([]);
  });

  it('finds each document by every word of its name', () => {
    const name = fc.oneof(fc.string({ unit: 'grapheme' }), fc.lorem(), fc.webUrl(), fc.uuid());
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 5 }), (names) => {
        const index = createTextIndex(names.length, (at) => ({ name: names[at] ?? '' })).finish();
        const missed = names.filter((each, at) =>
          each.split(' ').some((word) => parseQuery(word) && !ranksIn(index, word).has(at)),
        );
        expect(missed).toEqual([]);
      }),
    );
  });
});

function found(text: string, documents: readonly SearchDocument[]): number[] {
  return [...ranks(text, documents)].sort(([, a], [, b]) => a - b).map(([at]) => at);
}

function ranks(text: string, documents: readonly SearchDocument[]): Map<number, number> {
  return ranksIn(createTextIndex(documents.length, (at) => documents[at] ?? {}).finish(), text);
}

function ranksIn(index: ReturnType<ReturnType<typeof createTextIndex>['finish']>, text: string): Map<number, number> {
  const query = parseQuery(text);
  const all = new Map<number, number>();
  if (query) index.find(query, (at, rank) => all.set(at, rank));
  return all;
}
