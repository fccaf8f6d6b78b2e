// Whoever can write the database, but lacks the journal's key and its head file, must not be able to change, remove, add
// or move an entry unnoticed.
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CHAIN_START } from '../../../shared/journal/chain.ts';
import { failureOf, must, tamper } from '../state/temporary-home.ts';
import { beginEvent, endEvent, fillJournal, openedJournal } from './journal-fixture.ts';

/** Six entries at rest. */
function storedJournal(): string {
  const { home, journal } = openedJournal();
  fillJournal(journal);
  return home;
}

const SET = 'UPDATE journal SET';

const edits: readonly [what: string, seq: number, ...statements: string[]][] = [
  ['a path changed', 1, `${SET} event = replace(event, '/customers/1', '/customers/2') WHERE seq = 1`],
  ['a decision changed', 2, `${SET} event = replace(event, 'allow', 'deny') WHERE seq = 2`],
  ['a status changed', 5, `${SET} event = replace(event, '200', '500') WHERE seq = 5`],
  ['a white space added', 3, `${SET} event = event || ' ' WHERE seq = 3`],
  ['a time changed', 4, `${SET} at = at + 1 WHERE seq = 4`],
  ['a hash changed', 2, `${SET} hash = '${CHAIN_START}' WHERE seq = 2`],
  ['a hash of the wrong length', 2, `${SET} hash = substr(hash, 1, 63) WHERE seq = 2`],
  ['the last entry changed', 6, `${SET} event = replace(event, 'four', 'five') WHERE seq = 6`],
  ['the first entry removed', 1, 'DELETE FROM journal WHERE seq = 1'],
  ['a middle entry removed', 3, 'DELETE FROM journal WHERE seq = 3'],
  [
    'a middle entry removed, the rest moved up',
    3,
    'DELETE FROM journal WHERE seq = 3',
    `${SET} seq = seq - 1 WHERE seq > 3`,
  ],
  ['the last entry removed', 6, 'DELETE FROM journal WHERE seq = 6'],
  ['the tail removed', 4, 'DELETE FROM journal WHERE seq > 3'],
  ['every entry removed', 1, 'DELETE FROM journal'],
  ['every trace removed', 1, 'DELETE FROM journal', 'DELETE FROM journal_head'],
  ['the tail removed and the head with it', 3, 'DELETE FROM journal WHERE seq > 3', 'DELETE FROM journal_head'],
  [
    'two entries swapped',
    3,
    `${SET} seq = 99 WHERE seq = 3`,
    `${SET} seq = 3 WHERE seq = 4`,
    `${SET} seq = 4 WHERE seq = 99`,
  ],
  ['the events of two entries swapped', 1, swapEvents(1, 2)],
  [
    'an entry repeated in the middle',
    4,
    `${SET} seq = -seq WHERE seq > 3`,
    copyRow(3, 4),
    `${SET} seq = 1 - seq WHERE seq < 0`,
  ],
  ['an entry added at the end', 7, copyRow(6, 7)],
  ['an entry added before the start', 2, copyRow(1, 0), `${SET} seq = -seq - 1`, `${SET} seq = -seq`],
  ['an entry added below the start', 0, copyRow(1, 0)],
  ['an entry that is no event', 3, `${SET} event = '[]' WHERE seq = 3`],
  ['an entry that is not UTF-8', 3, `${SET} event = CAST(x'22ff22' AS TEXT) WHERE seq = 3`],
  ['the head moved back', 3, `UPDATE journal_head SET seq = 3, hash = (SELECT hash FROM journal WHERE seq = 3)`],
  ['the head moved on', 7, 'UPDATE journal_head SET seq = 7'],
  ["the head's seal removed", 6, "UPDATE journal_head SET mac = ''"],
];

function swapEvents(one: number, other: number): string {
  const event = (seq: number) => `(SELECT event FROM journal WHERE seq = ${seq})`;
  return `${SET} event = CASE seq WHEN ${one} THEN ${event(other)} ELSE ${event(one)} END WHERE seq IN (${one}, ${other})`;
}

function copyRow(from: number, to: number): string {
  return `INSERT INTO journal SELECT ${to}, at, event, hash FROM journal WHERE seq = ${from}`;
}

describe('P11: verify finds', () => {
  for (const [what, seq, ...statements] of edits) {
    it(what, () => {
      const home = storedJournal();
      tamper(home, (sql) => {
        // The indexes would refuse some of these edits; whoever edits the file is not held by them.
        sql.run('DROP INDEX journal_by_request');
        sql.run('DROP INDEX journal_ends');
        for (const statement of statements) sql.run(statement);
      });
      const found = failureOf(openedJournal(home).journal.verify());
      expect([found.code, found.facts.seq]).toEqual(['JOURNAL/BROKEN', seq]);
    });
  }
});

describe('P4: a database put back to an older copy', () => {
  const files = ['keyward.db', 'keyward.db-wal', 'keyward.db-shm'];

  it('is found by verify, and refused by the next call', () => {
    const { home, journal } = openedJournal();
    must(journal.begin(beginEvent('one')));
    for (const file of files) copyFileSync(join(home, file), join(home, `${file}.copy`));
    must(journal.end(endEvent('one')));
    must(journal.begin(beginEvent('two')));
    for (const file of files) copyFileSync(join(home, `${file}.copy`), join(home, file));
    expect(failureOf(openedJournal(home).journal.verify())).toMatchObject({
      code: 'JOURNAL/BROKEN',
      facts: { seq: 2 },
    });
  });

  it('is found when it was removed altogether', () => {
    const home = storedJournal();
    for (const file of files) rmSync(join(home, file));
    const { journal } = openedJournal(home);
    expect(failureOf(journal.verify()).code).toBe('JOURNAL/BROKEN');
    expect(failureOf(journal.begin(beginEvent('new'))).code).toBe('JOURNAL/BROKEN');
  });
});

describe('P4: the files beside the database', () => {
  const spoiled: readonly [what: string, spoil: (home: string) => void][] = [
    ['head removed', (home) => rmSync(join(home, 'journal.head'))],
    ['head emptied', (home) => writeFileSync(join(home, 'journal.head'), '')],
    [
      'head made longer',
      (home) => writeFileSync(join(home, 'journal.head'), `${readFileSync(join(home, 'journal.head'), 'utf8')}x`),
    ],
    ['head lowered by hand', (home) => editHead(home, (text) => text.replace(/^\d{16}/, '0000000000000001'))],
    ['head raised by hand', (home) => editHead(home, (text) => text.replace(/^\d{16}/, '0000000000000009'))],
    ['key removed', (home) => rmSync(join(home, 'journal.key'))],
    ['key emptied', (home) => writeFileSync(join(home, 'journal.key'), '')],
    [
      'key replaced',
      (home) => writeFileSync(join(home, 'journal.key'), `${Buffer.alloc(32, 7).toString('base64url')}\n`),
    ],
  ];
  for (const [what, spoil] of spoiled) {
    it(`${what}: verify fails, and goes on failing after the next entry`, () => {
      const home = storedJournal();
      spoil(home);
      expect(failureOf(openedJournal(home).journal.verify()).code).toBe('JOURNAL/BROKEN');
      openedJournal(home).journal.begin(beginEvent('next'));
      expect(failureOf(openedJournal(home).journal.verify()).code).toBe('JOURNAL/BROKEN');
    });
  }
});

describe('P7: nothing is appended, so nothing is sent, over', () => {
  const spoiled: readonly [what: string, spoil: (home: string) => void][] = [
    ['a head that was changed', (home) => tamper(home, (sql) => sql.run('UPDATE journal_head SET seq = 2'))],
    ['a head that was removed', (home) => tamper(home, (sql) => sql.run('DELETE FROM journal_head'))],
    ['an emptied journal', emptyJournal],
    [
      'entries behind the head',
      (home) => tamper(home, (sql) => sql.run("INSERT INTO journal VALUES (7, 1, '{}', '')")),
    ],
    ['a missing key', (home) => rmSync(join(home, 'journal.key'))],
  ];
  for (const [what, spoil] of spoiled) {
    it(what, () => {
      const home = storedJournal();
      spoil(home);
      const { journal } = openedJournal(home);
      for (const tried of [journal.begin(beginEvent('next')), journal.end(endEvent('next'))]) {
        expect(failureOf(tried).code).toMatch(/^JOURNAL\/(?:BROKEN|NOT_WRITABLE)$/);
      }
    });
  }
});

describe('P4: history', () => {
  it('does not show an entry that was changed', () => {
    const home = storedJournal();
    tamper(home, (sql) => sql.run(`${SET} event = replace(event, '/customers/1', '/customers/2') WHERE seq = 2`));
    expect(failureOf(openedJournal(home).journal.history({ limit: 10 }))).toMatchObject({
      code: 'JOURNAL/BROKEN',
      facts: { seq: 2 },
    });
  });

  it('does not show an end that was changed', () => {
    const home = storedJournal();
    tamper(home, (sql) => sql.run(`${SET} event = replace(event, '200', '500') WHERE seq = 5`));
    expect(failureOf(openedJournal(home).journal.history({ limit: 10 }))).toMatchObject({
      code: 'JOURNAL/BROKEN',
      facts: { seq: 5 },
    });
  });
});

function editHead(home: string, edit: (text: string) => string): void {
  const file = join(home, 'journal.head');
  writeFileSync(file, edit(readFileSync(file, 'utf8')));
}

function emptyJournal(home: string): void {
  tamper(home, (sql) => {
    sql.run('DELETE FROM journal');
    sql.run('DELETE FROM journal_head');
  });
}
