import { chmodSync, chownSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { failure } from '../../../shared/failure/failure.ts';
import { err, ok } from '../../../shared/failure/result.ts';
import { textIn } from '../../../src/state/columns.ts';
import { createState, openState } from '../../../src/state/open-state.ts';
import { failureOf, must, temporaryHome, temporaryState } from './temporary-home.ts';

const modeOf = (path: string) => statSync(path).mode & 0o777;
const isRoot = process.getuid?.() === 0;

describe.skipIf(process.platform === 'win32')('the data folder', () => {
  it('is made for this user alone, and so is every file in it', () => {
    const home = temporaryHome();
    temporaryState(home);
    const modes = ['', 'keyward.db', 'keyward.db-wal', 'keyward.db-shm'].map((file) => modeOf(join(home, file)));
    expect(modes).toEqual([0o700, 0o600, 0o600, 0o600]);
  });

  const unsafe: readonly [name: string, prepare: (home: string) => void][] = [
    ['group may list', (home) => mkdirWith(home, 0o710)],
    ['group may write', (home) => mkdirWith(home, 0o720)],
    ['others may read', (home) => mkdirWith(home, 0o704)],
    ['others may enter', (home) => mkdirWith(home, 0o701)],
    ['a file in its place', (home) => writeFileSync(home, '')],
    ['a database that others may read', (home) => fileWith(home, 'keyward.db', 0o604)],
    ['a database that the group may write', (home) => fileWith(home, 'keyward.db', 0o620)],
    ['a link in the place of the database', (home) => linkIn(home, 'keyward.db')],
  ];
  for (const [name, prepare] of unsafe) {
    it(`P7: is refused: ${name}`, () => {
      const home = temporaryHome();
      prepare(home);
      expect(failureOf(openState(home)).code).toBe('CONFIG/HOME_UNSAFE');
    });
  }

  it.skipIf(!isRoot)('P7: is refused where it belongs to another user', () => {
    const home = temporaryHome();
    mkdirWith(home, 0o700);
    chownSync(home, 65_534, 65_534);
    expect(failureOf(openState(home)).code).toBe('CONFIG/HOME_UNSAFE');
  });

  it('is used where it is safe already', () => {
    const home = temporaryHome();
    mkdirWith(home, 0o700);
    expect(openState(home).ok).toBe(true);
  });
});

describe('the database', () => {
  it('P5: refuses a schema newer than it knows, and leaves the file alone', () => {
    const home = temporaryHome();
    const state = temporaryState(home);
    must(state.write((sql) => ok(sql.run('PRAGMA user_version = 99')), 'durable'));
    state.close();
    const before = readFileSync(join(home, 'keyward.db'));
    const refused = failureOf(openState(home));
    expect(refused).toMatchObject({
      code: 'INTERNAL/STATE_UNAVAILABLE',
      facts: { reason: 'made by a newer version of Keyward' },
    });
    expect(readFileSync(join(home, 'keyward.db')).equals(before)).toBe(true);
  });

  it('P5: refuses a file that is not a database, and leaves it alone', () => {
    const home = temporaryHome();
    mkdirWith(home, 0o700);
    const file = join(home, 'keyward.db');
    writeFileSync(file, 'not a database '.repeat(500), { mode: 0o600 });
    expect(failureOf(openState(home))).toMatchObject({
      code: 'INTERNAL/STATE_UNAVAILABLE',
      facts: { reason: 'SQLITE_NOTADB' },
    });
    expect(readFileSync(file, 'utf8')).toBe('not a database '.repeat(500));
  });

  it('undoes a write that fails, and one that throws', () => {
    const state = temporaryState();
    const use = (uses: number) => `INSERT INTO handle_use (handle_id, uses, last_used_at) VALUES ('none', ${uses}, 0)`;
    const count = () => must(state.read((sql) => ok(sql.one('SELECT count(*) AS n FROM journal')?.n)));
    const insert = "INSERT INTO journal (seq, at, event, hash) VALUES (1, 1, '{}', '')";
    const refused = failure('INPUT/INVALID');
    const refuse = () =>
      state.write((sql) => {
        sql.run(insert);
        return err(refused);
      }, 'durable');
    expect(refuse()).toEqual(err(refused));
    expect(count()).toBe(0);
    const bug = () =>
      state.write((sql) => {
        sql.run(insert);
        throw new TypeError('bug');
      }, 'durable');
    expect(bug).toThrow(TypeError);
    expect(count()).toBe(0);
    expect(failureOf(state.write((sql) => ok(sql.run(use(1))), 'durable')).facts.reason).toBe(
      'SQLITE_CONSTRAINT_FOREIGNKEY',
    );
    expect(state.write((sql) => ok(sql.run(insert)), 'relaxed').ok).toBe(true);
    expect(count()).toBe(1);
  });

  it('tells that another connection committed something', () => {
    const home = temporaryHome();
    const [one, other] = [temporaryState(home), temporaryState(home)];
    const first = must(one.mark());
    expect(must(one.mark())).toBe(first);
    must(other.write((sql) => ok(sql.run('DELETE FROM handle')), 'durable'));
    must(other.write((sql) => ok(sql.run("INSERT INTO journal VALUES (1, 1, '{}', '')")), 'relaxed'));
    const second = must(one.mark());
    expect(second).not.toBe(first);
    must(one.write((sql) => ok(sql.run('DELETE FROM journal')), 'relaxed'));
    expect(must(one.mark())).toBe(second);
  });

  it('P9: turns a text that is not UTF-8 into a failure, where the driver alone would end the process', () => {
    const state = temporaryState();
    const found = state.read((sql) => {
      const row = sql.one("SELECT CAST(CAST(x'68ff69' AS TEXT) AS BLOB) AS word");
      return ok(row && textIn(row, 'word'));
    });
    expect(failureOf(found).facts.reason).toBe('SQLITE_MISMATCH');
  });

  it('opens at the first use, tries again after a failure, and stays closed once closed', () => {
    const home = temporaryHome();
    mkdirWith(home, 0o755);
    const state = createState(home);
    expect(failureOf(state.mark()).code).toBe('CONFIG/HOME_UNSAFE');
    chmodSync(home, 0o700);
    expect(state.mark().ok).toBe(true);
    state.close();
    expect(failureOf(state.mark()).facts.reason).toBe('closed');
  });
});

function mkdirWith(home: string, mode: number): void {
  mkdirSync(home);
  chmodSync(home, mode);
}

function fileWith(home: string, name: string, mode: number): void {
  mkdirWith(home, 0o700);
  writeFileSync(join(home, name), '');
  chmodSync(join(home, name), mode);
}

function linkIn(home: string, name: string): void {
  mkdirWith(home, 0o700);
  writeFileSync(`${home}.elsewhere`, '', { mode: 0o600 });
  symlinkSync(`${home}.elsewhere`, join(home, name));
}
