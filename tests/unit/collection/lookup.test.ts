import { describe, expect, it } from 'vitest';
import { lookupCollection, lookupRequest } from '../../../shared/collection/lookup.ts';
import type { Collection } from '../../../shared/collection/model.ts';
import { nearestNames } from '../../../shared/collection/nearest.ts';
import { lookAt } from '../../../shared/dialects/look.ts';
import { postman } from '../../../shared/dialects/postman/postman.ts';

const item = (name: string) => ({ name, request: 'https://h' });
const collections = [
  collection('a.json', 'Billing', [item('List'), { name: 'Users', item: [item('Get user'), item('a/b')] }]),
  collection('b.json', 'Billing', [item('List')]),
  collection('c.json', 'Shop', [item('List'), item('Only here'), item('twice'), item('twice')]),
];
const ids = collections.map((one) => one.requests.map(({ id }) => id));

/** What is asked for, and the id or the code and facts that come. */
const REFS: readonly (readonly [ref: string, expected: string])[] = [
  [ids[0]?.[0] ?? '', ids[0]?.[0] ?? ''],
  ['Get user', ids[0]?.[1] ?? ''],
  ['Only here', ids[2]?.[1] ?? ''],
  ['Billing / Users / Get user', ids[0]?.[1] ?? ''],
  ['Billing/Users/Get user', ids[0]?.[1] ?? ''],
  ['Users / Get user', ids[0]?.[1] ?? ''],
  ['a/b', ids[0]?.[2] ?? ''],
  ['Users / a/b', ids[0]?.[2] ?? ''],
  ['Shop / List', ids[2]?.[0] ?? ''],
  ['Billing / List', `REQUEST/AMBIGUOUS ${ids[0]?.[0]}, ${ids[1]?.[0]}`],
  ['List', `REQUEST/AMBIGUOUS ${ids[0]?.[0]}, ${ids[1]?.[0]}, ${ids[2]?.[0]}`],
  ['twice', `REQUEST/AMBIGUOUS ${ids[2]?.[2]}, ${ids[2]?.[3]}`],
  ['get user', 'REQUEST/NOT_FOUND Get user'],
  ['Get usr', 'REQUEST/NOT_FOUND Get user'],
  ['user get', 'REQUEST/NOT_FOUND Get user'],
  ['Billing / Useers / Get usr', 'REQUEST/NOT_FOUND Get user'],
  ['zzzzzzzzzzzz', 'REQUEST/NOT_FOUND none'],
  ['', 'REQUEST/NOT_FOUND none'],
];

describe('looking up a request', () => {
  it.each(REFS)('by %j gives %j', (ref, expected) => {
    const found = lookupRequest(collections, ref);
    if (found.ok) expect(found.value.entry.id).toBe(expected);
    else
      expect(`${found.failure.code} ${found.failure.facts.candidates ?? found.failure.facts.nearest}`).toBe(expected);
  });

  it('tells equal collections apart by id only', () => {
    expect(lookupCollection(collections, 'Billing')).toMatchObject({ failure: { code: 'COLLECTION/AMBIGUOUS' } });
    expect(lookupCollection(collections, collections[1]?.id ?? '')).toMatchObject({ value: { file: 'b.json' } });
  });
});

describe('P1: a secret in a name', () => {
  const secret = 'tok4Kd93hfKDh38d';
  const named = (name: string) => collection('d.json', 'Named', [item(name), item(name)]);
  const unsaved = named(`GET x.io/?token=${secret}`);

  it('is neither in the nearest names nor what makes them near', () => {
    const other = named(`GET x.io/?token=${'9zQ'.repeat(5)}9`);
    const nearest = (ref: string, among: Collection) => {
      const found = lookupRequest([among], ref);
      return found.ok ? undefined : found.failure.facts.nearest;
    };
    expect(nearest('GET x.io/?token=', unsaved)).toBe('GET x.io/?token=[redacted]');
    for (let chars = 1; chars < secret.length; chars += 1) {
      for (const ref of [secret.slice(0, chars), `token=${secret.slice(0, chars)}`])
        expect(nearest(ref, unsaved), ref).toBe(nearest(ref, other));
    }
  });

  it('is not in the candidates of an ambiguous name', () => {
    const found = lookupRequest([unsaved], unsaved.requests[0]?.name ?? '');
    expect(found).toMatchObject({ failure: { code: 'REQUEST/AMBIGUOUS' } });
    expect(JSON.stringify(found).replaceAll(`token=${secret}`, '').toLowerCase()).not.toContain(secret.toLowerCase());
  });
});

describe('nearest names', () => {
  it.each([
    ['usres', ['orders', 'users', 'xyz'], ['users']],
    ['user', ['list users', 'users'], ['users', 'list users']],
    ['', ['a'], []],
    ['a', [], []],
    ['abc', ['abd', 'abe', 'abf', 'abg'], ['abd', 'abe', 'abf']],
    ['qqqq', ['users'], []],
    ['a user update', ['Update a user', 'Get order'], ['Update a user']],
    ['user a updaet', ['Update a user', 'Get order'], ['Update a user']],
    ['same', ['same', 'same', 'sane'], ['same', 'sane']],
    [`${'x'.repeat(60)}y`, ['x'.repeat(60), 'x'.repeat(29)], ['x'.repeat(60), 'x'.repeat(29)]],
    ['abcdef', ['abcxyz', 'abwxyz'], ['abcxyz']],
  ])('of %j among %j are %j', (wanted, names, expected) => {
    expect(nearestNames(wanted, names)).toEqual(expected);
  });
});

function collection(file: string, name: string, items: readonly unknown[]): Collection {
  const look = lookAt(file, JSON.stringify({ info: { name, _postman_id: '1' }, item: items }));
  const reader = postman.createReader();
  reader.put(look);
  const [found] = reader.documents().collections;
  if (!found) throw new Error('not a collection');
  return found;
}
