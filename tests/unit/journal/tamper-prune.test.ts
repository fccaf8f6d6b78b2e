// Whoever can write the database, but lacks the journal's key, must not be able to make a cut look like a prune of the operator.
import { createHmac } from 'node:crypto';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { ok } from '../../../shared/failure/result.ts';
import { baseHash, CHAIN_START, headHash } from '../../../shared/journal/chain.ts';
import type { OpenJournal } from '../../../src/journal/open-journal.ts';
import type { Sql, SqlValue, State } from '../../../src/state/state.ts';
import { failureOf, must, temporaryState } from '../state/temporary-home.ts';
import { deniedEvent, openedJournal } from './journal-fixture.ts';

interface Pruned {
  readonly home: string;
  readonly journal: OpenJournal;
  readonly state: State;
}

/** Ten refusals of which the first five were pruned, first three, then two; what says so is 11 and 12. */
async function prunedTwice(between: (home: string) => void = () => undefined): Promise<Pruned> {
  const { home, journal } = openedJournal();
  for (let call = 0; call < 10; call += 1) must(journal.denied(deniedEvent(`c${call}`)));
  must(await journal.prune({ keep: 7 }));
  between(home);
  must(await journal.prune({ keep: 6 }));
  const verified = must(journal.verify());
  expect([verified.entries, verified.pruned?.through]).toEqual([7, 5]);
  return { home, journal, state: temporaryState(home) };
}

function edit(state: State, work: (sql: Sql) => void): void {
  must(
    state.write((sql) => {
      work(sql);
      return ok(undefined);
    }, 'relaxed'),
  );
}

const flipped = (text: string, at: number) =>
  text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ 1) + text.slice(at + 1);

describe('P11: verify finds, of what a prune left,', () => {
  let pruned: Pruned;
  beforeEach(async () => {
    pruned = await prunedTwice();
    // The indexes would refuse some of these edits; whoever edits the file is not held by them.
    edit(pruned.state, (sql) => {
      for (const index of ['by_request', 'ends', 'by_principal', 'answers']) sql.run(`DROP INDEX journal_${index}`);
    });
  });

  const textOf = (table: string, column: string, where: string): string => {
    const row = must(pruned.state.read((sql) => ok(sql.one(`SELECT ${column} AS found FROM ${table} WHERE ${where}`))));
    return String(row?.found);
  };
  const set = (table: string, column: string, where: string, value: SqlValue) =>
    edit(pruned.state, (sql) => sql.run(`UPDATE ${table} SET ${column} = ? WHERE ${where}`, value));

  const texts: readonly [what: string, table: string, column: string, where: string][] = [
    ['the hash of the base', 'journal_base', 'hash', 'one = 1'],
    ['the seal of the base', 'journal_base', 'mac', 'one = 1'],
    ['the entry that says so', 'journal', 'event', 'seq = 12'],
    ['the hash of that entry', 'journal', 'hash', 'seq = 12'],
    ['the entry of the prune before', 'journal', 'event', 'seq = 11'],
  ];
  for (const [what, table, column, where] of texts) {
    it(`a flip of each byte of ${what}`, () => {
      const text = textOf(table, column, where);
      for (let at = 0; at < text.length; at += 1) {
        set(table, column, where, flipped(text, at));
        expect(failureOf(pruned.journal.verify()).code, `byte ${at}`).toBe('JOURNAL/BROKEN');
      }
      set(table, column, where, text);
      must(pruned.journal.verify());
      for (const cut of [text.slice(1), text.slice(0, -1), `${text}0`, '']) {
        set(table, column, where, cut);
        expect(failureOf(pruned.journal.verify()).code).toBe('JOURNAL/BROKEN');
      }
    });
  }

  it('a base that stands elsewhere', () => {
    for (const seq of [...Array.from({ length: 53 }, (_, bit) => 5 + 2 ** bit), 0, 1, 3, 4, 10, -5]) {
      set('journal_base', 'seq', 'one = 1', seq);
      expect(failureOf(pruned.journal.verify()).code, `seq ${seq}`).toBe('JOURNAL/BROKEN');
      expect(failureOf(pruned.journal.history({ limit: 1 })).code).toBe('JOURNAL/BROKEN');
    }
  });

  const other = (bytes: Uint8Array) => createHmac('sha256', 'another key').update(bytes).digest('hex');
  const hashAt = (seq: number) => textOf('journal', 'hash', `seq = ${seq}`);
  const moveBase = (seq: number, hash: string, mac: string) => (sql: Sql) => {
    sql.run('DELETE FROM journal WHERE seq <= ?', seq);
    sql.run('UPDATE journal_base SET seq = ?, hash = ?, mac = ?', seq, hash, mac);
  };
  const edits: readonly [what: string, make: () => (sql: Sql) => void][] = [
    ['a base that is gone', () => (sql) => void sql.run('DELETE FROM journal_base')],
    ['a base made with another key', () => moveBase(7, hashAt(7), baseHash(7, hashAt(7), other))],
    // The head's seal has the same form; the domain keeps it from standing in.
    [
      'the seal of the head as a base',
      () => {
        const mac = textOf('journal_head', 'mac', 'one = 1');
        return moveBase(12, hashAt(12), mac);
      },
    ],
    ['entries removed behind the base', () => (sql) => void sql.run('DELETE FROM journal WHERE seq IN (6, 7)')],
    [
      'an entry put before the base',
      () => (sql) => void sql.run('INSERT INTO journal SELECT 5, at, event, hash FROM journal WHERE seq = 6'),
    ],
    ['all of it cut off but the base', () => (sql) => void sql.run('DELETE FROM journal')],
    [
      'the entry that says so cut off, with a head that is made anew',
      () => {
        const eleventh = hashAt(11);
        return (sql) => {
          sql.run('DELETE FROM journal WHERE seq = 12');
          sql.run('UPDATE journal_head SET seq = 11, hash = ?, mac = ?', eleventh, headHash(11, eleventh, other));
        };
      },
    ],
    [
      'base and head gone, and the rest as a new journal',
      () => (sql) => {
        sql.run('DELETE FROM journal_base');
        sql.run('DELETE FROM journal_head');
        sql.run('DELETE FROM journal');
        sql.run("INSERT INTO journal VALUES (1, 1, '{}', ?)", CHAIN_START);
      },
    ],
  ];
  for (const [what, make] of edits) {
    it(what, () => {
      edit(pruned.state, make());
      expect(failureOf(pruned.journal.verify()).code).toBe('JOURNAL/BROKEN');
    });
  }
});

describe('P11: two bases swapped', () => {
  it('an earlier one does not fit any more', async () => {
    let row: readonly SqlValue[] = [];
    const read = (home: string) => {
      const found = must(temporaryState(home).read((sql) => ok(sql.one('SELECT seq, hash, mac FROM journal_base'))));
      row = [Number(found?.seq), String(found?.hash), String(found?.mac)];
    };
    const { journal, state } = await prunedTwice(read);
    edit(state, (sql) => sql.run('UPDATE journal_base SET seq = ?, hash = ?, mac = ?', ...row));
    expect(row[0]).toBe(3);
    expect(failureOf(journal.verify())).toMatchObject({ code: 'JOURNAL/BROKEN', facts: { seq: 4 } });
  });

  it('one of another journal does not count', async () => {
    const [one, other] = [await prunedTwice(), await prunedTwice()];
    const row = must(other.state.read((sql) => ok(sql.one('SELECT seq, hash, mac FROM journal_base'))));
    edit(one.state, (sql) => sql.run('UPDATE journal_base SET hash = ?, mac = ?', String(row?.hash), String(row?.mac)));
    expect(failureOf(one.journal.verify()).code).toBe('JOURNAL/BROKEN');
  });

  it('a later one in an older copy of the database does not hide what the copy lacks', async () => {
    const { home, journal } = openedJournal();
    for (let call = 0; call < 10; call += 1) must(journal.denied(deniedEvent(`c${call}`)));
    const state = temporaryState(home);
    const copy = must(state.read((sql) => ok(sql.all('SELECT seq, at, event, hash FROM journal'))));
    const head = must(state.read((sql) => ok(sql.one('SELECT seq, hash, mac FROM journal_head'))));
    must(await journal.prune({ keep: 4 }));
    edit(state, (sql) => {
      sql.run('DELETE FROM journal');
      for (const { seq, at, event, hash } of copy.slice(6)) {
        sql.run('INSERT INTO journal VALUES (?, ?, ?, ?)', Number(seq), Number(at), String(event), String(hash));
      }
      sql.run(
        'UPDATE journal_head SET seq = ?, hash = ?, mac = ?',
        Number(head?.seq),
        String(head?.hash),
        String(head?.mac),
      );
    });
    expect(failureOf(journal.verify()).code).toBe('JOURNAL/BROKEN');
  });
});

describe('P7: nothing is appended, so nothing is sent, over', () => {
  it('a pruned journal that was emptied', async () => {
    const { home, state } = await prunedTwice();
    edit(state, (sql) => {
      sql.run('DELETE FROM journal');
      sql.run('DELETE FROM journal_head');
    });
    expect(failureOf(openedJournal(home).journal.denied(deniedEvent('next'))).code).toBe('JOURNAL/BROKEN');
  });
});

describe('P5: the note beside the database', () => {
  it('may name an entry that was removed, as it does where a process ended before it could be moved', async () => {
    const { home, journal } = openedJournal();
    for (let call = 0; call < 4; call += 1) must(journal.denied(deniedEvent(`c${call}`)));
    copyFileSync(join(home, 'journal.head'), join(home, 'kept'));
    for (let call = 0; call < 4; call += 1) must(journal.denied(deniedEvent(`d${call}`)));
    must(await journal.prune({ keep: 2 }));
    copyFileSync(join(home, 'kept'), join(home, 'journal.head'));
    expect(must(journal.verify())).toMatchObject({ entries: 3, pruned: { through: 6 } });
    must(journal.denied(deniedEvent('next')));
    expect(must(journal.verify()).entries).toBe(4);
  });
});
