// A checkpoint that was kept elsewhere shows that the data folder was cut, put back or replaced, also by somebody who has its keys.
import { appendFileSync, cpSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { OpenJournal } from '../../../src/journal/open-journal.ts';
import { failureOf, must, tamper, temporaryHome } from '../state/temporary-home.ts';
import {
  append,
  beginEvent,
  deniedEvent,
  endEvent,
  fillJournal,
  openedJournal,
  STARTED_AT,
} from './journal-fixture.ts';

const FILE = 'journal.checkpoints';

function filled(home = temporaryHome()): { readonly home: string; readonly journal: OpenJournal } {
  const opened = openedJournal(home);
  fillJournal(opened.journal);
  return opened;
}

const problemOf = (journal: OpenJournal, options: Parameters<OpenJournal['verify']>[0] = {}) => {
  const { code, facts } = failureOf(journal.verify(options));
  expect(code).toBe('JOURNAL/CHECKPOINT_INVALID');
  return String(facts.problem);
};

describe('a checkpoint', () => {
  it('says which entry is the newest of which journal, and when, under a key named after the journal', () => {
    const { journal } = filled();
    const note = must(journal.checkpoint());
    const head = must(journal.verify()).head;
    const key = must(journal.checkpointKey());
    const [title, seq, hash, time, empty, signature] = note.split('\n');
    expect(title).toMatch(/^keyward journal [0-9a-f]{16}$/);
    expect([seq, time, empty]).toEqual(['6', expect.stringMatching(/^2026-01-01T00:00:00\.\d{3}Z$/), '']);
    expect(Buffer.from(hash ?? '', 'base64').toString('hex')).toBe(head);
    const name = `keyward/${title?.slice('keyward journal '.length)}`;
    expect(signature?.startsWith(`\u2014 ${name} `)).toBe(true);
    expect(key.startsWith(`${name}+`)).toBe(true);
    expect(must(journal.checkpointKey())).toBe(key);
  });

  it('of an empty journal holds for every later one', () => {
    const { journal } = openedJournal();
    const checkpoint = must(journal.checkpoint());
    expect(must(journal.verify({ checkpoint })).checkpoint).toMatchObject({ seq: 0, state: 'holds' });
    fillJournal(journal);
    expect(must(journal.verify({ checkpoint })).checkpoint).toMatchObject({ seq: 0, state: 'holds' });
  });

  it('covers an entry that a power cut could take by bringing it to disk first', () => {
    const { home, journal } = openedJournal();
    must(journal.begin(beginEvent('one')));
    must(journal.end(endEvent('one')));
    const seqOnDisk = () => Number(readFileSync(join(home, 'journal.head'), 'latin1').slice(0, 16));
    expect(seqOnDisk()).toBe(1);
    must(journal.checkpoint());
    expect(seqOnDisk()).toBe(2);
  });

  it('is not made of a journal that does not verify', () => {
    const { home, journal } = filled();
    tamper(home, (sql) => sql.run('UPDATE journal SET at = at + 1 WHERE seq = 2'));
    expect(failureOf(journal.checkpoint()).code).toBe('JOURNAL/BROKEN');
  });

  it('holds while the journal grows, under the key that was given out and the own one', () => {
    const { journal } = filled();
    const [checkpoint, key] = [must(journal.checkpoint()), must(journal.checkpointKey())];
    must(journal.begin(beginEvent('five')));
    for (const options of [{ checkpoint }, { checkpoint, key }, { checkpoint, key: `${key}\n` }]) {
      expect(must(journal.verify(options)).checkpoint).toMatchObject({ seq: 6, state: 'holds' });
    }
  });

  it('of an entry that was pruned is told from one of an entry that was cut off', async () => {
    const { home, journal } = filled();
    const checkpoint = must(journal.checkpoint());
    append(
      home,
      [1, 2, 3].map((id) => [STARTED_AT + 100, deniedEvent(`d${id}`)] as const),
    );
    must(await openedJournal(home, STARTED_AT + 90_000_000).journal.prune({ keep: 3 }));
    // The very last one that was removed can still be compared.
    expect(must(journal.verify({ checkpoint })).checkpoint?.state).toBe('holds');
    must(await openedJournal(home, STARTED_AT + 90_000_000).journal.prune({ keep: 3 }));
    expect(must(journal.verify({ checkpoint }))).toMatchObject({
      pruned: { through: 7 },
      checkpoint: { seq: 6, state: 'pruned' },
    });
  });
});

describe('P11: a checkpoint does not hold', () => {
  const files = ['keyward.db', 'keyward.db-wal', 'keyward.db-shm'];
  /** Puts what is named back to what it was before a begin and an end were added, and checkpoints were made of them. */
  const putBack = (names: readonly string[]) => {
    const { home, journal } = filled();
    const copy = `${home}.copy`;
    cpSync(home, copy, { recursive: true });
    must(journal.begin(beginEvent('five')));
    must(journal.end(endEvent('five')));
    must(journal.writeCheckpoint());
    const kept = { checkpoint: must(journal.checkpoint()), key: must(journal.checkpointKey()) };
    for (const name of names) {
      rmSync(join(home, name), { force: true });
      cpSync(join(copy, name), join(home, name));
    }
    return { journal: openedJournal(home).journal, kept };
  };

  it('over a database that was put back with the note beside it, by the checkpoints of the server', () => {
    const { journal } = putBack([...files, 'journal.head']);
    expect(problemOf(journal)).toBe('the journal has no entry 8 any more: it was cut, or put back to an older copy');
    // Nor does a server write a later one over it.
    must(journal.denied(deniedEvent('next')));
    expect(failureOf(journal.writeCheckpoint()).code).toBe('JOURNAL/CHECKPOINT_INVALID');
    must(journal.denied(deniedEvent('next')));
    expect(problemOf(journal)).toBe('entry 8 is not the one that was signed: the journal was replaced or rewritten');
  });

  it('over a whole data folder that was put back, by one that was kept elsewhere', () => {
    const { journal, kept } = putBack([...files, 'journal.head']);
    expect(problemOf(journal, kept)).toMatch(/no entry 8 any more/);
  });

  it('over another data folder, with the key that was given out or without', () => {
    const [one, other] = [filled(), filled()];
    const [checkpoint, key] = [must(one.journal.checkpoint()), must(one.journal.checkpointKey())];
    must(other.journal.checkpointKey());
    expect(problemOf(other.journal, { checkpoint, key })).toBe('it is of another journal');
    expect(problemOf(other.journal, { checkpoint })).toBe('it is not signed with this key');
    const foreign = must(other.journal.checkpointKey());
    expect(problemOf(one.journal, { checkpoint, key: foreign })).toBe('it is not signed with this key');
  });

  it('over an empty data folder', () => {
    const checkpoint = must(filled().journal.checkpoint());
    expect(problemOf(openedJournal().journal, { checkpoint })).toBe('this data folder has no journal');
  });

  it('over one whose signing key is gone', () => {
    const { home, journal } = filled();
    const checkpoint = must(journal.checkpoint());
    rmSync(join(home, 'journal.signing.key'));
    expect(problemOf(journal, { checkpoint })).toBe('the file journal.signing.key is missing');
  });

  it('under what is no key', () => {
    const { journal } = filled();
    const checkpoint = must(journal.checkpoint());
    expect(failureOf(journal.verify({ checkpoint, key: 'no+key' })).code).toBe('INPUT/INVALID');
  });
});

describe('the checkpoints of a server', () => {
  it('are written one behind the other, only where something came, for this user alone', () => {
    const { home, journal } = filled();
    expect([must(journal.writeCheckpoint()), must(journal.writeCheckpoint())]).toEqual(['written', 'unchanged']);
    must(journal.begin(beginEvent('five')));
    expect(must(journal.writeCheckpoint())).toBe('written');
    const notes = readFileSync(join(home, FILE), 'utf8').split(/(?=^keyward journal )/m);
    expect(notes.map((note) => must(journal.verify({ checkpoint: note })).checkpoint?.seq)).toEqual([6, 7]);
    expect(must(journal.verify()).checkpoint).toMatchObject({ seq: 7, state: 'holds' });
    if (process.platform !== 'win32')
      for (const name of [FILE, 'journal.signing.key']) expect(statSync(join(home, name)).mode & 0o777).toBe(0o600);
  });

  it('P5: go on behind one that was cut short while it was written', () => {
    const { home, journal } = filled();
    must(journal.writeCheckpoint());
    const whole = statSync(join(home, FILE)).size;
    must(journal.begin(beginEvent('five')));
    must(journal.writeCheckpoint());
    const both = readFileSync(join(home, FILE));
    for (let size = whole; size < both.length; size += 5) {
      writeFileSync(join(home, FILE), both.subarray(0, size));
      expect(must(journal.verify()).checkpoint?.seq, `${size - whole} bytes`).toBe(6);
    }
    for (const size of [whole + 1, whole + 40, both.length - 1]) {
      writeFileSync(join(home, FILE), both.subarray(0, size));
      expect(must(journal.writeCheckpoint())).toBe('written');
      expect(readFileSync(join(home, FILE), 'utf8').split('keyward journal ').length).toBe(3);
      expect(must(journal.verify()).checkpoint?.seq).toBe(7);
    }
  });

  it('P11: are not trusted, nor added to, once the newest was changed', () => {
    const { home, journal } = filled();
    must(journal.writeCheckpoint());
    must(journal.begin(beginEvent('five')));
    must(journal.writeCheckpoint());
    const bytes = readFileSync(join(home, FILE));
    const from = bytes.lastIndexOf('keyward journal ');
    // The line feed at the very end: without it the note counts as cut short.
    for (let at = from; at < bytes.length - 1; at += 1) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      writeFileSync(join(home, FILE), changed);
      problemOf(journal);
    }
    expect(failureOf(journal.writeCheckpoint()).code).toBe('JOURNAL/CHECKPOINT_INVALID');
  });

  it('P11: are not those of another data folder', () => {
    const [one, other] = [filled(), filled()];
    must(one.journal.writeCheckpoint());
    must(other.journal.writeCheckpoint());
    cpSync(join(one.home, FILE), join(other.home, FILE));
    expect(problemOf(other.journal)).toBe('it is not signed with this key');
  });

  it.skipIf(process.platform === 'win32')('P4: are not read from a file that others can write', () => {
    const { home, journal } = filled();
    must(journal.writeCheckpoint());
    rmSync(join(home, FILE));
    appendFileSync(join(home, FILE), '', { mode: 0o644 });
    expect(failureOf(journal.verify()).code).toBe('CONFIG/HOME_UNSAFE');
    expect(failureOf(journal.writeCheckpoint()).code).toBe('CONFIG/HOME_UNSAFE');
  });
});
