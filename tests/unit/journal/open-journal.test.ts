import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { canonicalEvent } from '../../../shared/journal/canonical.ts';
import { must, temporaryHome } from '../state/temporary-home.ts';
import { beginEvent, deniedEvent, endEvent, fillJournal, openedJournal } from './journal-fixture.ts';

describe('the journal', () => {
  it('P11: keeps who, what, where, which handles, what was decided and why, in order', () => {
    const { journal } = openedJournal();
    fillJournal(journal);
    const entries = must(journal.entries({ limit: 100 }));
    expect(entries.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(entries[0]?.event).toEqual(beginEvent('one'));
    expect(entries[2]?.event).toEqual(endEvent('one'));
    expect(entries[3]?.event).toEqual(deniedEvent('three'));
    expect(must(journal.verify())).toEqual({ entries: 6, head: entries[5]?.hash });
  });

  it('pages through its entries', () => {
    const { journal } = openedJournal();
    fillJournal(journal);
    const seqs = (after: number, limit: number) => must(journal.entries({ after, limit })).map(({ seq }) => seq);
    expect([seqs(0, 2), seqs(2, 3), seqs(5, 3), seqs(6, 3), seqs(0, 0)]).toEqual([[1, 2], [3, 4, 5], [6], [], []]);
  });

  it('is whole while it is empty, and makes nothing by being read', () => {
    const { home, journal } = openedJournal();
    expect(must(journal.verify()).entries).toBe(0);
    expect(must(journal.history({ limit: 10 }))).toEqual([]);
    expect(must(journal.entries({ limit: 10 }))).toEqual([]);
    expect(readdirSync(home).filter((file) => file.startsWith('journal'))).toEqual([]);
    must(journal.begin(beginEvent('one')));
    expect(must(journal.verify()).entries).toBe(1);
  });

  it.skipIf(process.platform === 'win32')('keeps its key and its head for this user alone', () => {
    const { home, journal } = openedJournal();
    must(journal.begin(beginEvent('one')));
    expect(['journal.key', 'journal.head'].map((file) => statSync(join(home, file)).mode & 0o777)).toEqual([
      0o600, 0o600,
    ]);
  });

  it('P11: stays one chain under two servers that write in turn', () => {
    const home = temporaryHome();
    const [one, other] = [openedJournal(home).journal, openedJournal(home).journal];
    for (let call = 0; call < 20; call += 1) {
      const [first, second] = call % 2 === 0 ? [one, other] : [other, one];
      must(first.begin(beginEvent(`a${call}`)));
      must(second.begin(beginEvent(`b${call}`)));
      must(first.end(endEvent(`a${call}`)));
      must(second.end(endEvent(`b${call}`)));
    }
    expect(must(openedJournal(home).journal.verify()).entries).toBe(80);
  });

  it('verifies over more entries than it reads at once', () => {
    const { journal } = openedJournal();
    must(journal.begin(beginEvent('first')));
    for (let call = 0; call < 2_000; call += 1) must(journal.end(endEvent(`c${call}`)));
    expect(must(journal.verify()).entries).toBe(2_001);
  });
});

describe('history', () => {
  const seen = (query: Parameters<ReturnType<typeof openedJournal>['journal']['history']>[0]) => {
    const { journal } = openedJournal();
    fillJournal(journal);
    return must(journal.history(query)).map(({ begin, end }) => [begin.seq, begin.event.correlationId, end?.seq]);
  };
  const all = [
    [6, 'four', undefined],
    [4, 'three', undefined],
    [2, 'two', 5],
    [1, 'one', 3],
  ];
  it('joins begin with end, newest first', () => expect(seen({ limit: 10 })).toEqual(all));
  it('is cut at the limit', () => expect(seen({ limit: 3 })).toEqual(all.slice(0, 3)));
  it('goes on before a seq', () => expect(seen({ limit: 10, before: 4 })).toEqual(all.slice(2)));
  it('starts at the newest for a seq beyond it', () => expect(seen({ limit: 1, before: 7 })).toEqual(all.slice(0, 1)));
  it('ends at the oldest', () => expect(seen({ limit: 10, before: 1 })).toEqual([]));
  it('is of one request where asked', () => expect(seen({ limit: 10, requestId: 'req_2' })).toEqual([all[0], all[2]]));
  it('pages within one request', () => expect(seen({ limit: 10, requestId: 'req_2', before: 6 })).toEqual([all[2]]));
  it('is empty for a request that never ran', () => expect(seen({ limit: 10, requestId: 'req_3' })).toEqual([]));
});

describe('canonicalEvent', () => {
  it('is one text for one event, whatever the order of its fields', () => {
    const event = endEvent('one');
    const reversed = Object.fromEntries(Object.entries(event).reverse()) as typeof event;
    expect(canonicalEvent(reversed)).toBe(canonicalEvent(event));
    expect(canonicalEvent(event)).toBe(
      '{"correlationId":"one","durationMs":3,"redactions":1,"redirects":[],"responseBytes":2000,"status":200,"type":"end"}',
    );
  });
});
