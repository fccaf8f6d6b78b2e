import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ok } from '../../../shared/failure/result.ts';
import { canonicalEvent } from '../../../shared/journal/canonical.ts';
import type { HistoryQuery } from '../../../src/execute/ports.ts';
import { type OpenJournal, openJournal } from '../../../src/journal/open-journal.ts';
import type { SqlValue, State } from '../../../src/state/state.ts';
import { must, temporaryHome, temporaryState } from '../state/temporary-home.ts';
import { beginEvent, deniedEvent, endEvent, fillJournal, openedJournal, STARTED_AT } from './journal-fixture.ts';

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

  it('P11: tells which question was answered, and by what; a question has no end', () => {
    const { journal } = openedJournal();
    const question = (id: string) => ({
      ...deniedEvent(id),
      failure: 'POLICY/APPROVAL_REQUIRED',
      asked: 'client' as const,
    });
    for (const id of ['lost', 'refused', 'script']) must(journal.denied(question(id)));
    must(journal.denied({ ...deniedEvent('no'), askedIn: 'refused' }));
    // The answer to a part of a call may have counted for nothing in another part.
    must(journal.denied({ ...deniedEvent('other'), askedIn: 'script', askedInVain: true }));
    must(journal.begin({ ...beginEvent('sent'), askedIn: 'script' }));
    must(journal.end(endEvent('sent')));
    must(journal.denied({ ...deniedEvent('changed'), askedIn: 'lost', askedInVain: true }));
    const shown = must(journal.history({ limit: 10 }));
    expect(shown.map(({ begin, answer, end }) => [begin.seq, answer?.seq, end?.seq])).toEqual([
      [8, undefined, undefined],
      [6, undefined, 7],
      [5, undefined, undefined],
      [4, undefined, undefined],
      [3, 6, undefined],
      [2, 4, undefined],
      [1, 8, undefined],
    ]);
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
  it('of one request has those that are kept with less detail, in order', () => {
    const { journal } = openedJournal();
    for (const id of ['get-a-0000000001', '0000000001', 'get-b-0000000002', 'get-a-0000000001', '0000000001'])
      must(journal.begin(beginEvent(id, id)));
    const found = (requestId: string, limit: number) =>
      must(journal.history({ limit, requestId })).map(({ begin }) => begin.seq);
    expect(found('get-a-0000000001', 10)).toEqual([5, 4, 2, 1]);
    expect(found('get-a-0000000001', 3)).toEqual([5, 4, 2]);
    expect(found('0000000001', 10)).toEqual([5, 2]);
    expect(found('get-b-0000000002', 10)).toEqual([3]);
  });
  it('is empty for a request that never ran', () => expect(seen({ limit: 10, requestId: 'req_3' })).toEqual([]));
});

describe('P11: history of one caller', () => {
  const callers = [
    ['key:a', 'ci'],
    ['key:b', 'docs'],
    ['key:a', 'ci'],
    ['key:c', 'ci'],
    ['key:d', 'key:b'],
  ] as const;
  const seqs = (query: Parameters<OpenJournal['history']>[0]) => {
    const { journal } = openedJournal();
    for (const [at, [principal, name]] of callers.entries()) {
      must(journal.denied({ ...deniedEvent(`c${at}`, `req_${at % 2}`), principal, caller: { name } }));
    }
    must(journal.begin(beginEvent('own')));
    return must(journal.history(query)).map(({ begin }) => begin.seq);
  };
  const rows: readonly [what: string, query: Omit<HistoryQuery, 'limit'>, seqs: readonly number[]][] = [
    ['by its id', { principal: 'key:a' }, [3, 1]],
    ['of one request', { principal: 'key:a', requestId: 'req_0' }, [3, 1]],
    ['of a request of another', { principal: 'key:a', requestId: 'req_1' }, []],
    ['page by page', { principal: 'key:a', before: 3 }, [1]],
    ['that is not over HTTP', { principal: 'stdio' }, [6]],
    ['that has none', { principal: 'key:' }, []],
    ['whose name is no id', { principal: 'ci' }, []],
  ];
  for (const [what, query, expected] of rows) it(what, () => expect(seqs({ limit: 10, ...query })).toEqual(expected));

  it('for the operator by name or id', () => {
    expect(seqs({ limit: 10, caller: 'ci' })).toEqual([4, 3, 1]);
    expect(seqs({ limit: 10, caller: 'key:b' })).toEqual([5, 2]);
    expect(seqs({ limit: 2, caller: 'ci' })).toEqual([4, 3]);
  });

  it('for the operator since a time', () => {
    expect(seqs({ limit: 10, since: STARTED_AT + 5 })).toEqual([6, 5]);
    expect(seqs({ limit: 10, since: STARTED_AT + 4, caller: 'ci' })).toEqual([4]);
  });

  for (const [filter, index] of [
    [{ principal: 'key:a' }, 'journal_by_principal'],
    [{ requestId: 'req_1' }, 'journal_by_request'],
    [{ requestId: 'get-a-0000000001' }, 'journal_by_request'],
  ] as const) {
    it(`reads no other entries: ${index}`, () => {
      const state = temporaryState();
      const asked: [text: string, values: SqlValue[]][] = [];
      const journal = openJournal({ state: toldOf(state, asked), now: () => STARTED_AT });
      must(journal.begin(beginEvent('one')));
      must(journal.history({ limit: 10, ...filter }));
      const [text, values] = asked.at(-1) ?? ['', []];
      const plan = must(state.read((sql) => ok(sql.all(`EXPLAIN QUERY PLAN ${text}`, ...values))));
      const details = plan.map(({ detail }) => String(detail));
      expect(details[0]).toContain(`USING INDEX ${index} (<expr>=? AND seq<?)`);
      expect(details.join()).not.toContain('TEMP B-TREE');
    });
  }
});

/** A state that notes each statement for rows. */
function toldOf(state: State, asked: [text: string, values: SqlValue[]][]): State {
  return {
    home: state.home,
    read: (work) =>
      state.read((sql) =>
        work({
          one: (...statement) => sql.one(...statement),
          run: (...statement) => sql.run(...statement),
          all(text, ...values) {
            asked.push([text, values]);
            return sql.all(text, ...values);
          },
        }),
      ),
    write: (work, durability) => state.write(work, durability),
    mark: () => state.mark(),
    close: () => state.close(),
  };
}

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
