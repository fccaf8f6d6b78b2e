import { describe, expect, it } from 'vitest';
import { type AuditInput, auditHandles, auditRules, findingKinds } from '../../../shared/secret/audit.ts';
import type { HandleInfo } from '../../../shared/secret/secret-ref.ts';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 5, 1);

const sound: HandleInfo = {
  id: 'sec_1',
  name: 'KEY',
  origins: ['https://api.example.com'],
  pathAllowed: false,
  createdAt: NOW - 10 * DAY,
  updatedAt: NOW - 10 * DAY,
  useCount: 3,
  lastUsedAt: NOW - DAY,
};
const writing: Partial<HandleInfo> = { tier: 'writing', methods: ['POST'], expiresAt: NOW + 30 * DAY };
const many = (count: number) => Array.from({ length: count }, (_, index) => `https://h${index}.example.com`);
const { lastUsedAt: _, ...unused } = sound;

const rows: readonly [string, HandleInfo, readonly string[], Partial<AuditInput>?][] = [
  ['a sound one', sound, []],
  ['expired now', { ...sound, expiresAt: NOW }, ['expired']],
  [
    'expiring at the last moment of the span',
    { ...sound, expiresAt: NOW + auditRules.expiringDays * DAY },
    ['expiring'],
  ],
  ['expiring after it', { ...sound, expiresAt: NOW + auditRules.expiringDays * DAY + 1 }, []],
  ['unused for the span', { ...sound, lastUsedAt: NOW - auditRules.unusedDays * DAY }, ['unused']],
  ['used within it', { ...sound, lastUsedAt: NOW - auditRules.unusedDays * DAY + 1 }, []],
  ['never used', unused, ['unused']],
  ['stored just now', { ...unused, createdAt: NOW - auditRules.unusedNewDays * DAY + 1 }, []],
  ['as many origins as are usual', { ...sound, origins: many(auditRules.origins) }, []],
  ['one origin more', { ...sound, origins: many(auditRules.origins + 1) }, ['over-broad']],
  ['http', { ...sound, origins: ['http://api.example.com'] }, ['over-broad']],
  ['http to this machine', { ...sound, origins: ['http://localhost:3000', 'http://127.0.0.1', 'http://[::1]:8'] }, []],
  ['http to what is called like this machine', { ...sound, origins: ['http://localhost.example.com'] }, ['over-broad']],
  ['the path', { ...sound, pathAllowed: true }, ['over-broad']],
  ['a writing one with limits', { ...sound, ...writing }, []],
  ['a writing one for ever', { ...sound, tier: 'writing', methods: ['POST'] }, ['over-broad']],
  ['a writing one for every method', { ...sound, tier: 'writing', expiresAt: NOW + 30 * DAY }, ['over-broad']],
  ['a writing one that only reads', { ...sound, ...writing, methods: ['GET'] }, ['over-broad']],
  ['an unusual method', { ...sound, methods: ['GET', 'PURGE'] }, ['over-broad']],
  ['from long ago', { ...sound, createdAt: NOW - auditRules.rotationDays * DAY - 1 }, ['not-rotated']],
  ['from long ago, rotated since', { ...sound, createdAt: 0, rotatedAt: NOW - auditRules.rotationDays * DAY }, []],
  ['kept elsewhere', { ...sound, createdAt: 0, source: 'exec' }, []],
  ['too short', sound, ['too-short'], { tooShort: new Set(['sec_1']) }],
  ['referred to', sound, [], { references: [{ names: ['KEY'], optional: false }] }],
  ['referred to as the second choice', sound, [], { references: [{ names: ['dev.KEY', 'KEY'], optional: false }] }],
  ['not referred to', sound, ['unreferred'], { references: [] }],
  [
    'missing',
    sound,
    ['missing'],
    {
      references: [
        { names: ['KEY'], optional: false },
        { names: ['X', 'Y'], optional: false },
      ],
    },
  ],
  [
    'missing, and not needed',
    sound,
    [],
    {
      references: [
        { names: ['KEY'], optional: false },
        { names: ['X'], optional: true },
      ],
    },
  ],
];

describe('auditHandles', () => {
  for (const [what, info, kinds, more] of rows) {
    it(what, () => {
      const findings = auditHandles({ handles: [info], tooShort: new Set(), now: NOW, ...more });
      expect(findings.map(({ kind }) => kind)).toEqual(kinds);
      for (const { fix } of findings) expect(fix).toMatch(/^keyward secrets (?:set|bind|rotate|delete) \S+/);
    });
  }

  it('has a row for every kind', () => {
    expect(new Set(rows.flatMap(([, , kinds]) => kinds))).toEqual(new Set(findingKinds));
  });

  it('rotates where the value is, and only there', () => {
    for (const expiresAt of [NOW, NOW + DAY]) {
      const fixOf = (info: HandleInfo) => auditHandles({ handles: [info], tooShort: new Set(), now: NOW })[0]?.fix;
      expect(fixOf({ ...sound, expiresAt })).toBe('keyward secrets rotate KEY --expires 90d');
      expect(fixOf({ ...sound, expiresAt, source: 'env' })).toBe('keyward secrets bind KEY --expires 90d');
    }
  });

  it('names the tier where it matters', () => {
    const [finding] = auditHandles({ handles: [{ ...sound, tier: 'writing' }], tooShort: new Set(), now: NOW });
    expect(finding).toMatchObject({ tier: 'writing', fix: expect.stringContaining('KEY --writing') });
  });
});
