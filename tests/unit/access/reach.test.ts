import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  commonReach,
  DEFAULT_SCOPES,
  GROUP_SCOPES,
  isNamed,
  parseScopes,
  type Reach,
  reachOfToken,
  scopesOf,
} from '../../../shared/access/reach.ts';
import { promptGroups, toolGroup } from '../../../shared/access/tool-group.ts';
import { contracts } from '../../../shared/contracts/contracts.ts';
import { prompts } from '../../../shared/contracts/prompts.ts';

const KINDS = ['collection', 'environment', 'handle'] as const;
const LISTS = ['collections', 'environments', 'handles'] as const;

const group = fc.constantFrom(...GROUP_SCOPES);
// Well-formed: a lone surrogate has no percent-encoding.
const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).filter((text) => !/\p{Cs}/u.test(text));
const known = fc.constantFrom('Shop', 'Päy/roll 50%', 'a:b "c"\\', 'c-1', '%41', ' ');
const thing = fc.record({ kind: fc.constantFrom(...KINDS), name: fc.oneof(name, known) });
const scopes = fc.tuple(fc.array(group, { minLength: 1, maxLength: 4 }), fc.array(thing, { maxLength: 4 }));

const written = (kind: string, text: string) => `${kind}:${encodeURIComponent(text)}`;

function reachOf([groups, things]: readonly [readonly string[], readonly { kind: string; name: string }[]]): Reach {
  const parsed = parseScopes([...groups, ...things.map(({ kind, name: text }) => written(kind, text))]);
  return parsed.ok ? parsed.value : expect.unreachable(JSON.stringify(parsed.failure));
}

describe('a reach', () => {
  it('P10: names what its scopes name, whatever characters that has', () => {
    fc.assert(
      fc.property(scopes, ([groups, things]) => {
        const reach = reachOf([groups, things]);
        for (const [at, kind] of KINDS.entries()) {
          const names = things.filter((each) => each.kind === kind).map((each) => each.name);
          expect(reach[LISTS[at] ?? 'handles']).toEqual(names.length > 0 ? [...new Set(names)].sort() : undefined);
        }
      }),
    );
  });

  it('P10: written anew is the same, in whatever order', () => {
    fc.assert(
      fc.property(scopes, ([groups, things]) => {
        const reach = reachOf([groups, things]);
        const again = reachOf([[...groups].reverse(), [...things].reverse()]);
        expect(again).toEqual(reach);
        expect(parseScopes(scopesOf(reach))).toEqual({ ok: true, value: reach });
        expect(reachOfToken(scopesOf(reach).join(' ').split(' '))).toEqual(reach);
      }),
    );
  });

  it('P10: has the key of no other reach', () => {
    fc.assert(
      fc.property(scopes, scopes, (one, other) => {
        const [mine, theirs] = [reachOf(one), reachOf(other)];
        const { key: _, ...parts } = mine;
        const { key: __, ...others } = theirs;
        expect(mine.key === theirs.key).toBe(JSON.stringify(parts) === JSON.stringify(others));
      }),
    );
  });

  it('P10: that two have in common gives nothing that one of them does not', () => {
    fc.assert(
      fc.property(scopes, scopes, fc.oneof(name, known), (one, other, asked) => {
        const [mine, theirs] = [reachOf(one), reachOf(other)];
        const common = commonReach(mine, theirs);
        for (const each of [mine, theirs]) {
          expect(common.tools.every((tool) => each.tools.includes(tool))).toBe(true);
          expect(common.unsafe && !each.unsafe).toBe(false);
          for (const list of LISTS) {
            for (const text of [asked, ...(common[list] ?? [])]) {
              const named = { id: text, name: text };
              expect(isNamed(common[list], named) && !isNamed(each[list], named)).toBe(false);
            }
          }
        }
        expect(commonReach(theirs, mine).key).toBe(common.key);
        expect(commonReach(mine, mine).key).toBe(mine.key);
      }),
    );
  });

  it.each([
    [[], ['read', 'execute', 'history', 'secrets'], false],
    [['collection:Shop'], ['read', 'execute', 'history', 'secrets'], false],
    [['read'], ['read'], false],
    [['execute'], ['execute'], false],
    [['execute:unsafe'], ['execute'], true],
    [['secrets', 'read'], ['read', 'secrets'], false],
  ])('%j opens %j, unsafe %s', (given, tools, unsafe) => {
    const parsed = parseScopes(given);
    expect(parsed).toMatchObject({ ok: true, value: { tools, unsafe } });
  });

  it.each([
    'Read',
    'write',
    'execute:',
    'execute:safe',
    'collection:',
    'collection:a b',
    'collections:a',
    'handle:a\ud800',
    'handle:%',
    'handle:%E0%A4%A',
    'environment:a"b',
    'environment:a\\b',
    '',
  ])('%j is no scope', (scope) => {
    expect(parseScopes([scope])).toMatchObject({ ok: false, failure: { code: 'ACCESS/SCOPE_INVALID' } });
  });

  it('P10: of a token without a group reaches nothing, and what is not ours is left out', () => {
    for (const given of [[], ['openid', 'collection:Shop'], ['mcp:read', 'execute:all']])
      expect(reachOfToken(given)).toMatchObject({ tools: [], unsafe: false });
    expect(reachOfToken(['openid', 'read', 'handle:%'])).toMatchObject({ tools: ['read'] });
    expect(reachOfToken([...DEFAULT_SCOPES]).key).toBe(reachOf([DEFAULT_SCOPES, []]).key);
  });

  const unreadable = ['', ':a\ud800', ':', ':50%-off', ':%FF', ':%', ':a"b', ':a b', ':a ', ' ', '%3Ashop', '%3ashop'];
  it.each(unreadable)('P10: of a token with KIND%s reaches nothing of that kind, and the rest as before', (rest) => {
    for (const [at, kind] of KINDS.entries()) {
      const list = LISTS[at] ?? 'handles';
      for (const spelt of [kind, kind.toUpperCase()]) {
        const { key: _, ...reach } = reachOfToken(['read', `${spelt}${rest}`]);
        expect(reach).toEqual({ tools: ['read'], unsafe: false, [list]: [] });
      }
      expect(reachOfToken(['read', `${kind}${rest}`, `${kind}:Shop`])[list]).toEqual(['Shop']);
    }
  });

  it.each(['collections:Shop', 'collection.Shop', 'handle_payments', 'mcp:collection:Shop', 'environments'])(
    '%j of a token is not ours',
    (scope) => expect(reachOfToken(['read', scope])).toEqual(reachOfToken(['read'])),
  );

  it.each(KINDS)('P10: %s in other letters names nothing', (kind) =>
    expect(reachOfToken(['read', `${kind.toUpperCase()}:Shop`])).toEqual(reachOfToken(['read', `${kind}:`])),
  );
});

describe('the groups of what can be asked', () => {
  it('P10: every tool has one, and nothing else', () => {
    expect(contracts.filter(({ name: tool }) => toolGroup(tool) === undefined)).toEqual([]);
    for (const other of ['', 'List_collections', 'constructor', '__proto__', 'delete_everything'])
      expect(toolGroup(other)).toBeUndefined();
  });

  it('P10: a prompt takes the groups of the tools that it stands on', () => {
    const groups = prompts.map((prompt) => [prompt.name, promptGroups(prompt.name)]);
    expect(Object.fromEntries(groups)).toEqual({
      explain_request: ['read'],
      debug_execution: ['read', 'history'],
      write_tests: ['read'],
    });
  });
});
