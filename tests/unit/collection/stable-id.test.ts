import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stableId, withoutSlug } from '../../../shared/collection/stable-id.ts';
import { lookAt } from '../../../shared/dialects/look.ts';
import { postman } from '../../../shared/dialects/postman/postman.ts';

const SLUGS: readonly (readonly [label: string, slug: string])[] = [
  ['List users', 'list-users'],
  ['', 'request'],
  ['   ', 'request'],
  ['😀', 'request'],
  ['用户', 'request'],
  ['Ünïcode / Slash', 'unicode-slash'],
  ['-a-', 'a'],
  ['x'.repeat(40), 'x'.repeat(40)],
  ['x'.repeat(41), 'x'.repeat(40)],
  [`${'x'.repeat(39)} y`, 'x'.repeat(39)],
  ['a'.repeat(300), 'a'.repeat(40)],
  ['GET x.io/?token=tok4Kd93hfKDh38d', 'get-x-io-token-redacted'],
  ['https://ann:pa55word@x.io/', 'https-redacted-x-io'],
  ['https://x.io/reset/token/Zx9Value77Zx9Value', 'https-x-io-reset-token-redacted'],
  ['Log in, password=hunter2', 'log-in-password-redacted'],
  ['password reset: by mail', 'password-reset-by-mail'],
];

describe('stable ids', () => {
  it.each(SLUGS)('makes of %j the slug %j', (label, slug) => {
    expect(stableId(label, 'request', 'key')).toMatch(new RegExp(`^${slug}-[a-z0-9]{10}$`));
  });

  it.each(SLUGS)('tells without its slug nothing of %j', (label) => {
    expect(withoutSlug(stableId(label, 'request', 'key'))).toBe(stableId('other', 'request', 'key').slice(-10));
  });

  it('depends on the key alone for its hash', () => {
    expect(stableId('a', 'x', 'key')).toBe(stableId('a', 'x', 'key'));
    expect(stableId('a', 'x', 'key')).not.toBe(stableId('a', 'x', 'key2'));
  });

  it('is pinned: an id that a user wrote down stays valid over releases', () => {
    expect(stableId('List users', 'request', 'a.json\nrequest:10:List users:0')).toBe('list-users-c9vvm409ei');
  });
});

const name = fc.oneof(fc.constantFrom('', 'a', 'same', 'a/b', '😀', 'x'.repeat(300), 'folder:1:a:0'), fc.string());
const request = fc.record({ name, request: fc.constant('https://h') });
const folder = fc.record({ name, item: fc.array(request, { maxLength: 4 }) });
const items = fc.array(fc.oneof(request, folder), { maxLength: 8 });

describe('ids of a collection', () => {
  it('are unique, and the same on every load', () => {
    fc.assert(
      fc.property(items, (list) => {
        const ids = idsOf(list);
        expect(new Set(ids).size).toBe(ids.length);
        expect(idsOf(list)).toEqual(ids);
      }),
    );
  });

  it('do not change when unrelated siblings come, go or move', () => {
    fc.assert(
      fc.property(items, fc.nat(8), (list, at) => {
        const stranger = { name: 'the stranger', request: 'https://h' };
        const more = [...list.slice(0, at), stranger, ...list.slice(at)];
        expect(idsOf(more).filter((id) => !id.startsWith('the-stranger-'))).toEqual(idsOf(list));
      }),
    );
  });

  it('differ between files', () => {
    const list = [{ name: 'a', request: 'https://h' }];
    expect(idsOf(list, 'a.json')).not.toEqual(idsOf(list, 'b.json'));
  });
});

function idsOf(item: readonly unknown[], file = 'file.postman_collection.json'): string[] {
  const look = lookAt(file, JSON.stringify({ info: { name: 'c', _postman_id: '1' }, item }));
  const reader = postman.createReader();
  reader.put(look);
  const [collection] = reader.documents().collections;
  if (!collection) throw new Error('not a collection');
  return collection.requests.map(({ id }) => id);
}
