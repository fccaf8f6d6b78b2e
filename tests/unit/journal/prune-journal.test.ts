import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { failure } from '../../../shared/failure/failure.ts';
import { err, ok } from '../../../shared/failure/result.ts';
import type { JournalEntry, JournalEvent } from '../../../shared/journal/event.ts';
import type { OpenJournal } from '../../../src/journal/open-journal.ts';
import type { PruneRule } from '../../../src/journal/prune-journal.ts';
import { failureOf, must, tamper, temporaryHome } from '../state/temporary-home.ts';
import {
  append,
  beginEvent,
  deniedEvent,
  endEvent,
  fillJournal,
  openedJournal,
  STARTED_AT,
  storedEvents,
} from './journal-fixture.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const makers: Readonly<Record<string, (id: string) => JournalEvent>> = {
  '+': beginEvent,
  '-': endEvent,
  '!': deniedEvent,
};

/** `a+0 a-1 b!5`: begin, end and refusal of executions, each at a minute. */
function story(text: string): readonly (readonly [number, JournalEvent])[] {
  return text.split(' ').map((word) => {
    const [, id = '', kind = '', minute] = /^([a-z])([-+!])(\d+)$/.exec(word) ?? [];
    const event = makers[kind]?.(id);
    if (!event) throw new Error(`no event: ${word}`);
    return [STARTED_AT + Number(minute) * MINUTE, event];
  });
}

const before = (minute: number): PruneRule => ({ before: STARTED_AT + minute * MINUTE });
const keep = (count: number): PruneRule => ({ keep: count });

const LATER = 48 * 60;

const rows: readonly [what: string, entries: string, rule: PruneRule, through: number, nowMinute?: number][] = [
  ['what is older goes', 'a+0 a-1 b+2 b-3', before(2), 2],
  ['what is as old as the limit stays', 'a!0 b!2 c!2', before(2), 1],
  ['one millisecond more and it goes', 'a!0 b!2 c!3', { before: STARTED_AT + 2 * MINUTE + 1 }, 2],
  ['nothing is old enough', 'a+0 a-1', before(0), 0],
  ['everything is', 'a+0 a-1', before(5), 2],
  ['the newest are counted', 'a+0 a-1 b+2 b-3', keep(2), 2],
  ['there are no more than are kept', 'a+0 a-1', keep(2), 0],
  ['one more than is kept', 'a!0 b!1 c!2', keep(2), 1],
  ['a begin whose end is kept stays', 'a!0 b+1 b-3 c!4', before(2), 1],
  ['and with it what began before it', 'a!0 b+1 c+2 b-3 d!4 c-5', keep(2), 1],
  ['all of two that overlap goes', 'a+0 b+1 a-2 b-3 c!4', keep(1), 4],
  ['one that may be under way stays', 'a!0 b+1 c!2 d!3', keep(1), 1, 30],
  ['also after a minute less than an hour', 'a!0 b+1 c!2 d!3', keep(1), 1, 60],
  ['one that never ended goes after an hour', 'a!0 b+1 c!2 d!3', keep(1), 3, 61],
  ['a begin that has no end does not hold later ones up', 'a+0 b+1 b-2 c!3', keep(1), 3],
  ['executions far apart are whole', 'a+0 a-1 b+200 b-201 c!400', keep(2), 2],
  [
    'where it was never idle, an hour is the most that stays',
    'a+0 b+30 a-40 c+50 b-70 d+80 c-90 d-95 e!96',
    keep(1),
    8,
  ],
  ['one that runs for ever holds up an hour', 'a+0 b!1 c!30 d!62 e!63 a-200', keep(2), 4],
  ['a time from the future holds nothing up', 'a!0 b!9000 c!2 d!3', before(3), 3],
];

/** How many more the rule lets go. */
const HELD: Readonly<Record<string, number>> = {
  'a begin whose end is kept stays': 1,
  'and with it what began before it': 3,
  'one that may be under way stays': 2,
  'also after a minute less than an hour': 2,
  'executions far apart are whole': 1,
};

describe('P11: pruning', () => {
  for (const [what, entries, rule, through, nowMinute = LATER] of rows) {
    it(what, async () => {
      const home = storedEvents(story(entries));
      const { journal } = openedJournal(home, STARTED_AT + nowMinute * MINUTE);
      const all = must(journal.entries({ limit: 100 }));
      const prunable = must(journal.prunable(rule));
      expect(must(await journal.prune(rule))).toEqual(prunable);
      const { held = 0, ...removed } = prunable;
      expect(removed).toEqual({ from: 1, through, count: through });
      expect(held).toBe(HELD[what] ?? 0);
      const kept = must(journal.entries({ limit: 100 }));
      expect(kept.slice(0, all.length - through)).toEqual(all.slice(through));
      const verified = must(journal.verify());
      expect([verified.entries, verified.pruned?.through]).toEqual([kept.length, through || undefined]);
    });
  }

  it('is on record in the chain itself: from where to where, and by whom', async () => {
    const { home, journal } = openedJournal();
    fillJournal(journal);
    const fifth = must(journal.entries({ after: 4, limit: 1 }))[0];
    append(home, [[STARTED_AT, endEvent('four')]]);
    must(await journal.prune(keep(2)));
    const last = must(journal.entries({ limit: 100 })).at(-1);
    expect(last?.event).toEqual({ type: 'pruned', from: 1, through: 5, count: 5, hash: fifth?.hash, by: 'operator' });
    must(await journal.pruneOlderThan(-10 * HOUR));
    const next = must(journal.entries({ limit: 100 })).at(-1);
    expect(next?.event).toMatchObject({ type: 'pruned', from: 6, through: 8, count: 3, by: 'retention' });
    expect(must(journal.verify())).toMatchObject({ entries: 1, pruned: { through: 8, at: next?.at } });
  });

  it('of an empty journal does nothing and makes nothing', async () => {
    const { journal } = openedJournal();
    expect(must(await journal.prune(keep(1))).count).toBe(0);
    expect(must(await journal.pruneOlderThan(0)).count).toBe(0);
    expect(must(journal.verify())).toEqual({ entries: 0, head: '0'.repeat(64) });
  });

  it('goes on where the journal was pruned before, and servers that were open then append to it', async () => {
    const home = temporaryHome();
    const [server, operator] = [openedJournal(home).journal, openedJournal(home, STARTED_AT + LATER * MINUTE).journal];
    for (let round = 0; round < 5; round += 1) {
      must(server.begin(beginEvent(`r${round}`)));
      must(server.end(endEvent(`r${round}`)));
      must(await operator.prune(keep(3)));
      must(server.begin(beginEvent(`s${round}`)));
      expect(must(server.verify()).entries).toBeGreaterThan(2);
      must(server.end(endEvent(`s${round}`)));
    }
    expect(must(openedJournal(home).journal.verify()).entries).toBeLessThan(12);
  });

  it('in more than one step gives the archive each entry once, and ends with the same', async () => {
    const many = Array.from({ length: 5_600 }, (_, at): [number, JournalEvent] => [
      STARTED_AT + at,
      at % 2 === 0 ? beginEvent(`c${at}`) : endEvent(`c${at - 1}`),
    ]);
    const home = storedEvents(many);
    const { journal } = openedJournal(home, STARTED_AT + LATER * MINUTE);
    const archive: JournalEntry[] = [];
    const pruned = must(await journal.prune(keep(100), collectInto(archive)));
    expect(pruned).toEqual({ from: 1, through: 5_500, count: 5_500 });
    expect(archive.map(({ seq }) => seq)).toEqual(Array.from({ length: 5_500 }, (_, at) => at + 1));
    const told = must(journal.entries({ after: 5_600, limit: 10 })).map(({ event }) => event);
    expect(told).toMatchObject([
      { from: 1, through: 5_000 },
      { from: 5_001, through: 5_500 },
    ]);
    expect(must(journal.verify())).toMatchObject({ entries: 102, pruned: { through: 5_500 } });
  });

  it('removes nothing that the archive did not take', async () => {
    const { journal } = openedJournal();
    fillJournal(journal);
    const full = failure('JOURNAL/NOT_ARCHIVED', { file: 'a', problem: 'ENOSPC' });
    expect(failureOf(await journal.prune(keep(1), () => err(full))).code).toBe('JOURNAL/NOT_ARCHIVED');
    expect(must(journal.verify())).toMatchObject({ entries: 6 });
    expect(must(journal.verify()).pruned).toBeUndefined();
  });

  for (const [what, seq, by] of [
    ['in what would go', 2, ['operator', 'retention']],
    ['in what would stay', 6, ['operator']],
  ] as const) {
    it(`leaves a journal that was changed ${what} as it is: it is evidence`, async () => {
      const { home, journal } = openedJournal();
      fillJournal(journal);
      append(home, [[STARTED_AT + 9, deniedEvent('last')]]);
      tamper(home, (sql) => sql.run('UPDATE journal SET at = at + 1 WHERE seq = ?', seq));
      for (const who of by) {
        const tried = who === 'operator' ? await journal.prune(keep(3)) : await journal.pruneOlderThan(-HOUR);
        expect(failureOf(tried)).toMatchObject({ code: 'JOURNAL/BROKEN', facts: { seq } });
      }
      expect(must(journal.entries({ limit: 100 })).length).toBe(7);
    });
  }

  it('overwrites what it removed in the file of the database', async () => {
    const old = Array.from({ length: 200 }, (): [number, JournalEvent] => [
      STARTED_AT,
      { ...deniedEvent('x'), path: '/only/there' },
    ]);
    const home = storedEvents([...old, ...story('b!1 c!2')]);
    const { journal } = openedJournal(home);
    const countInFile = () => {
      // The log is written back when a connection closes.
      tamper(home, () => undefined);
      return readFileSync(join(home, 'keyward.db'), 'latin1').split('/only/there').length - 1;
    };
    expect(countInFile()).toBeGreaterThanOrEqual(200);
    must(await journal.prune(keep(2)));
    // The page that the last of them shared with the first that is left may keep a trace.
    expect(countInFile()).toBeLessThan(5);
  });
});

describe('P11: history over the edge of a prune', () => {
  const shown = (journal: OpenJournal) =>
    must(journal.history({ limit: 10 })).map(({ begin, end }) => [begin.seq, begin.event.correlationId, end?.seq]);

  it('shows the first execution that is left, which follows one that is gone', async () => {
    const home = storedEvents(story('a+0 a-1 b+2 b-3'));
    const { journal } = openedJournal(home, STARTED_AT + LATER * MINUTE);
    must(await journal.prune(keep(2)));
    expect(shown(journal)).toEqual([[3, 'b', 4]]);
  });

  it('passes over an end whose begin is gone', async () => {
    const home = storedEvents(story('a+0 b!1'));
    const { journal } = openedJournal(home, STARTED_AT + LATER * MINUTE);
    must(await journal.prune(keep(1)));
    must(journal.end(endEvent('a')));
    expect(shown(journal)).toEqual([[2, 'b', undefined]]);
    must(journal.verify());
  });

  it('is empty where everything went', async () => {
    const { journal } = openedJournal(storedEvents(story('a+0 a-1')), STARTED_AT + LATER * MINUTE);
    must(await journal.prune(before(10)));
    expect(shown(journal)).toEqual([]);
    must(journal.begin(beginEvent('next')));
    expect(shown(journal)).toEqual([[4, 'next', undefined]]);
  });
});

function collectInto(entries: JournalEntry[]) {
  return (given: readonly JournalEntry[]) => {
    entries.push(...given);
    return ok(undefined);
  };
}
