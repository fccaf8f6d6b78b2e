import { describe, expect, it } from 'vitest';
import { compareRules, type HandleRules, type Rebinding, rebind } from '../../../shared/secret/rebind.ts';

const NOW = Date.UTC(2026, 0, 1);
const A = 'https://a.example.com';
const B = 'https://b.example.com';
const LATER = NOW + 86_400_000;
const plain: HandleRules = { origins: [A], pathAllowed: false };
const narrow: HandleRules = {
  origins: [A, B],
  pathAllowed: false,
  places: ['auth', 'header'],
  methods: ['GET'],
  expiresAt: LATER,
  maxUses: 5,
};

const rows: readonly [string, HandleRules, Rebinding, HandleRules, readonly string[], readonly string[]][] = [
  [
    'an origin more',
    plain,
    { origins: { add: ['HTTPS://B.example.com:443/'] } },
    { ...plain, origins: [A, B] },
    [`origin ${B}`],
    [],
  ],
  ['an origin there is', plain, { origins: { add: [A] } }, plain, [], []],
  ['an origin in place of two', narrow, { origins: { only: [B] } }, { ...narrow, origins: [B] }, [], [`origin ${A}`]],
  [
    'another origin instead',
    plain,
    { origins: { only: [B] } },
    { ...plain, origins: [B] },
    [`origin ${B}`],
    [`origin ${A}`],
  ],
  [
    'a place more',
    narrow,
    { places: { add: ['body'] } },
    { ...narrow, places: ['auth', 'header', 'body'] },
    ['place body'],
    [],
  ],
  ['the path', plain, { places: { add: ['path'] } }, { ...plain, pathAllowed: true }, ['place path'], []],
  ['a place where all are', plain, { places: { add: ['body'] } }, plain, [], []],
  [
    'one place only',
    plain,
    { places: { only: ['auth'] } },
    { ...plain, places: ['auth'] },
    [],
    ['header', 'query', 'body', 'cookie'].map((place) => `place ${place}`),
  ],
  [
    'every place',
    narrow,
    { places: { only: 'any' } },
    { origins: [A, B], pathAllowed: false, methods: ['GET'], expiresAt: LATER, maxUses: 5 },
    ['query', 'body', 'cookie'].map((place) => `place ${place}`),
    [],
  ],
  [
    'a method more',
    narrow,
    { methods: { add: ['post'] } },
    { ...narrow, methods: ['GET', 'POST'] },
    ['method POST'],
    [],
  ],
  ['a method where all are', plain, { methods: { add: ['POST'] } }, plain, [], []],
  ['one method only', plain, { methods: { only: ['get'] } }, { ...plain, methods: ['GET'] }, [], ['only method GET']],
  ['every method', { ...plain, methods: ['GET'] }, { methods: { only: 'any' } }, plain, ['every method'], []],
  [
    'a later expiry',
    narrow,
    { expiresAt: LATER + 1 },
    { ...narrow, expiresAt: LATER + 1 },
    ['until 2026-01-02T00:00:00.001Z'],
    [],
  ],
  [
    'an earlier expiry',
    narrow,
    { expiresAt: LATER - 1 },
    { ...narrow, expiresAt: LATER - 1 },
    [],
    ['until 2026-01-01T23:59:59.999Z'],
  ],
  [
    'an expiry where there was none',
    plain,
    { expiresAt: LATER },
    { ...plain, expiresAt: LATER },
    [],
    ['until 2026-01-02T00:00:00.000Z'],
  ],
  ['no expiry', { ...plain, expiresAt: LATER }, { expiresAt: null }, plain, ['no expiry any more'], []],
  ['more uses', narrow, { maxUses: 6 }, { ...narrow, maxUses: 6 }, ['6 uses at most'], []],
  ['fewer uses', narrow, { maxUses: 4 }, { ...narrow, maxUses: 4 }, [], ['4 uses at most']],
  ['any number of uses', { ...plain, maxUses: 5 }, { maxUses: null }, plain, ['any number of uses'], []],
  ['nothing', narrow, {}, narrow, [], []],
];

describe('rebind', () => {
  for (const [what, before, change, after, widens, narrows] of rows) {
    it(what, () => {
      const changed = rebind(before, change, NOW);
      expect(changed).toEqual({ ok: true, value: after });
      expect(compareRules(before, after)).toEqual({ widens, narrows });
    });
  }

  const refused: readonly Rebinding[] = [
    { origins: { add: [`${A}/path`] } },
    { origins: { only: [] } },
    { origins: { only: 'any' } },
    { places: { add: ['host'] } },
    { places: { only: [] } },
    { methods: { add: ['G T'] } },
    { methods: { add: [''] } },
    { expiresAt: NOW },
    { maxUses: 0 },
    { maxUses: 1.5 },
  ];
  for (const change of refused) {
    it(`refuses ${JSON.stringify(change)}`, () => {
      expect(rebind(narrow, change, NOW)).toMatchObject({ ok: false, failure: { code: 'SECRET/INVALID' } });
    });
  }
});
