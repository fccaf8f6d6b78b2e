import { chmodSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { keepJournal } from '../../../src/journal/keep-journal.ts';
import { beginEvent, endEvent, openedJournal, STARTED_AT } from './journal-fixture.ts';

const HOUR_MS = 60 * 60_000;

describe('a journal that a server keeps', () => {
  it('P11: has a checkpoint from the start on, and one of what came since at the end', async () => {
    const { home, journal } = openedJournal();
    journal.begin(beginEvent('a'));
    journal.end(endEvent('a'));
    const failures: unknown[] = [];
    const stop = keepJournal(journal, { checkpointEveryMs: HOUR_MS }, (found) => failures.push(found));
    expect(journal.verify()).toMatchObject({ ok: true, value: { entries: 2, checkpoint: { seq: 2, state: 'holds' } } });
    journal.begin(beginEvent('b'));
    await stop();
    expect(journal.verify()).toMatchObject({ ok: true, value: { entries: 3, checkpoint: { seq: 3, state: 'holds' } } });
    expect(existsSync(join(home, 'journal.checkpoints'))).toBe(true);
    expect(failures).toEqual([]);
  });

  it('loses what is older than it is kept, and nothing else', async () => {
    const { home, journal } = openedJournal();
    journal.begin(beginEvent('old'));
    journal.end(endEvent('old'));
    const { journal: later } = openedJournal(home, STARTED_AT + 3 * HOUR_MS);
    later.begin(beginEvent('new'));
    later.end(endEvent('new'));
    await keepJournal(later, { keepMs: 2 * HOUR_MS, checkpointEveryMs: 0 }, () => expect.unreachable())();
    const kept = later.history({ limit: 10 });
    expect(kept.ok && kept.value.map(({ begin }) => begin.event.correlationId)).toEqual(['new']);
    expect(later.verify()).toMatchObject({ ok: true, value: { pruned: { through: 2 } } });
    expect(existsSync(join(home, 'journal.checkpoints'))).toBe(false);
  });

  it('tells of each failure', async () => {
    const { home, journal } = openedJournal();
    journal.begin(beginEvent('a'));
    journal.writeCheckpoint();
    chmodSync(join(home, 'journal.checkpoints'), 0o644);
    const codes: string[] = [];
    await keepJournal(journal, { checkpointEveryMs: HOUR_MS }, ({ code }) => codes.push(code))();
    expect(codes).toEqual(['CONFIG/HOME_UNSAFE', 'CONFIG/HOME_UNSAFE']);
  });
});
