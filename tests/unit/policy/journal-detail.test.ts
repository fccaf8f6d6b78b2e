import { describe, expect, it } from 'vitest';
import { strictPolicy } from '../../../shared/config/effective-policy.ts';
import { fullerJournal, journalDetail, lessenedMark, listedMinimal } from '../../../shared/policy/journal-detail.ts';
import type { JournalDetail, JournalPolicy } from '../../../shared/policy/policy.ts';

const billing = { id: 'col_1', name: 'Billing' };

type Listed = Readonly<Record<string, JournalDetail>>;

const rows: readonly [
  what: string,
  detail: JournalDetail,
  listed: Listed,
  covered: boolean,
  expected: JournalDetail,
][] = [
  ['nothing listed', 'full', {}, true, 'full'],
  ['nothing listed, less by default', 'minimal', {}, false, 'minimal'],
  ['listed by name', 'full', { Billing: 'minimal' }, true, 'minimal'],
  ['listed by id', 'full', { col_1: 'minimal' }, true, 'minimal'],
  ['listed by both', 'full', { col_1: 'minimal', Billing: 'minimal' }, true, 'minimal'],
  ['listed by both, the fuller one holds', 'full', { col_1: 'minimal', Billing: 'full' }, true, 'full'],
  ['and so the other way round', 'full', { col_1: 'full', Billing: 'minimal' }, true, 'full'],
  ['more than by default', 'minimal', { Billing: 'full' }, false, 'full'],
  ['another one listed', 'full', { billing: 'minimal' }, true, 'full'],
  ['a later file of the same name', 'full', { Billing: 'minimal' }, false, 'full'],
];

describe('P11: how much the journal keeps', () => {
  for (const [what, detail, collections, covered, expected] of rows) {
    it(what, () => {
      const raised = covered ? [lessenedMark(billing)] : [billing.id];
      const policy = { ...strictPolicy, access: { ...strictPolicy.access, raised }, journal: { detail, collections } };
      expect(journalDetail(policy, billing)).toBe(expected);
    });
  }

  it('is full of a collection that is named like what every object inherits', () =>
    expect(journalDetail(strictPolicy, { id: 'constructor', name: 'toString' })).toBe('full'));

  it('needs trust for those that are listed with less', () => {
    const others = [billing, { id: 'col_2', name: 'Other' }, { id: 'col_3', name: 'Third' }];
    const minimal = (journal: JournalPolicy) => listedMinimal(journal, others).map(({ id }) => id);
    const collections: Listed = { Billing: 'minimal', col_2: 'minimal', Other: 'full' };
    expect(minimal({ detail: 'full', collections })).toEqual(['col_1']);
    expect(minimal({ detail: 'minimal', collections })).toEqual([]);
  });

  it('of two policies is the fuller at every name', () => {
    const one: JournalPolicy = { detail: 'minimal', collections: { A: 'full', B: 'minimal' } };
    const other: JournalPolicy = { detail: 'minimal', collections: { A: 'minimal', C: 'full' } };
    const expected = { detail: 'minimal', collections: { A: 'full', B: 'minimal', C: 'full' } };
    expect(fullerJournal(one, other)).toEqual(expected);
    expect(fullerJournal(other, one)).toEqual(expected);
    expect(fullerJournal(one, { detail: 'full', collections: {} })).toEqual({
      detail: 'full',
      collections: { A: 'full', B: 'full' },
    });
  });
});
