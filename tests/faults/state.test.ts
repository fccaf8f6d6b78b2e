// Nothing acknowledged is lost, whatever happens to the processes and the disk.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openJournal } from '../../src/journal/open-journal.ts';
import { createState } from '../../src/state/open-state.ts';
import { openVault } from '../../src/vault/open-vault.ts';
import { beginEvent, deniedEvent, endEvent, openedJournal } from '../unit/journal/journal-fixture.ts';
import { failureOf, must, temporaryHome } from '../unit/state/temporary-home.ts';
import { NOW, ORIGIN, OTHER, openedVault } from '../unit/vault/open-vault-fixture.ts';
import { runChildren } from './run-child.ts';
import { canMount, tightDisk } from './tight-disk.ts';

const mounts = canMount();
const whyNot = mounts ? '' : ' (skipped: needs Linux and root, to mount a small disk)';

async function expectSecrets(home: string, names: readonly string[]): Promise<void> {
  const { vault, secrets } = openedVault({ home, keySource: {} });
  must(vault.check());
  for (const name of names) expect(must(await secrets.resolve(name, ORIGIN))).toBe(`value of ${name}`);
}

function expectCalls(home: string, names: readonly string[]): void {
  const { journal } = openedJournal(home);
  must(journal.verify());
  const entries = must(journal.entries({ limit: 1_000_000 }));
  const kept = (type: 'begin' | 'end') =>
    new Set(
      entries.flatMap(({ event }) => (event.type !== 'pruned' && event.type === type ? [event.correlationId] : [])),
    );
  const [begun, ended] = [kept('begin'), kept('end')];
  for (const name of names) expect([begun.has(name), ended.has(name)], name).toEqual([true, true]);
}

describe('P5: several processes at once', () => {
  it('make one vault between them, and every secret of each is in it', async () => {
    const home = temporaryHome();
    const written = await runChildren(
      ['a', 'b', 'c', 'd'].map((prefix) => ({ home, what: 'secrets', count: 10, prefix }) as const),
    );
    expect(written.map((lines) => lines.length)).toEqual([10, 10, 10, 10]);
    await expectSecrets(home, written.flat());
    expect(must(openedVault({ home }).vault.list()).length).toBe(40);
  });

  it('P11: write one unbroken journal', async () => {
    const home = temporaryHome();
    const written = await runChildren(
      ['a', 'b', 'c', 'd'].map((prefix) => ({ home, what: 'calls', count: 100, prefix }) as const),
    );
    expectCalls(home, written.flat());
    expect(must(openedJournal(home).journal.verify()).entries).toBe(800);
  });
});

describe('P5: a process killed at any moment', () => {
  // Early ones hit the making of folder, key and tables; later ones the loop.
  const moments = [1, 2, 5, 13, 34];
  it('loses no acknowledged secret', async () => {
    const home = temporaryHome();
    for (const [round, killAfter] of moments.entries()) {
      const [written = []] = await runChildren([
        { home, what: 'secrets', count: 1_000_000, prefix: `r${round}n`, killAfter },
      ]);
      expect(written.length).toBeGreaterThanOrEqual(killAfter);
      await expectSecrets(home, written);
    }
  });

  it('loses no acknowledged journal entry, and leaves the chain whole', async () => {
    const home = temporaryHome();
    for (const [round, killAfter] of moments.entries()) {
      const [written = []] = await runChildren([
        { home, what: 'calls', count: 1_000_000, prefix: `r${round}n`, killAfter },
      ]);
      expect(written.length).toBeGreaterThanOrEqual(killAfter);
      expectCalls(home, written);
    }
  });

  it('P11: leaves a journal that verifies, killed while it was pruned, with what was kept', async () => {
    const home = temporaryHome();
    for (const [round, killAfter] of moments.entries()) {
      const [written = []] = await runChildren([
        { home, what: 'prunes', count: 1_000_000, prefix: `r${round}n`, killAfter },
      ]);
      const { journal } = openedJournal(home);
      const { pruned } = must(journal.verify());
      expect(pruned?.through ?? 0).toBeGreaterThanOrEqual(written.length > 3 ? 1 : 0);
      expectCalls(home, written.slice(-1));
    }
  });

  it('P11: of several that are pruned by each other at once too', async () => {
    const home = temporaryHome();
    const pruning = ['a', 'b'].map((prefix) => ({ home, what: 'prunes', count: 20, prefix }) as const);
    const written = await runChildren([...pruning, { home, what: 'calls', count: 60, prefix: 'c' }]);
    expect(written.map((lines) => lines.length)).toEqual([20, 20, 60]);
    expect(written.flat().filter((line) => line.includes(' '))).toEqual([]);
    expect(must(openedJournal(home).journal.verify()).pruned?.through).toBeGreaterThan(20);
  });

  for (const what of ['secrets', 'calls'] as const) {
    const own = what === 'secrets' ? ['vault.key', 'vault.counter'] : ['journal.key', 'journal.head'];
    for (const killAtFile of ['', 'keyward.db', 'keyward.db-wal', ...own]) {
      it(`leaves a data folder that works, killed at the making of ${killAtFile || 'the folder'} for ${what}`, async () => {
        const home = temporaryHome();
        const [first = []] = await runChildren([{ home, what, count: 1, prefix: 'first', killAtFile }]);
        // This process is another one than the one that was killed.
        if (what === 'secrets') {
          must(openedVault({ home }).vault.set({ name: 'second', value: 'value of second', origins: [ORIGIN] }));
          await expectSecrets(home, [...first, 'second']);
        } else {
          const { journal } = openedJournal(home);
          must(journal.begin(beginEvent('second')));
          must(journal.end(endEvent('second')));
          expectCalls(home, [...first, 'second']);
        }
      });
    }
  }
});

describe.skipIf(process.platform === 'win32')('P5: files that may not grow', () => {
  for (const [what, code] of [
    ['secrets', 'VAULT/NOT_WRITABLE'],
    ['calls', 'JOURNAL/NOT_WRITABLE'],
  ] as const) {
    it(`fail the writing of ${what} with a code, and keep what was written before`, async () => {
      const home = temporaryHome();
      const [lines = []] = await runChildren([{ home, what, count: 400, prefix: 'n', fileBlocks: 400 }]);
      const written = lines.filter((line) => line.startsWith('n'));
      const failed = new Set(lines.filter((line) => !line.startsWith('n')));
      expect(written.length).toBeGreaterThan(1);
      expect(
        [...failed].every((line) => /^[A-Z]+\/NOT_WRITABLE SQLITE_(?:IOERR|FULL)/.test(line)),
        [...failed].join(),
      ).toBe(true);
      expect([...failed].some((line) => line.startsWith(code))).toBe(true);
      if (what === 'secrets') await expectSecrets(home, written);
      else expectCalls(home, written);
    });
  }
});

describe.skipIf(!mounts)(`a full disk${whyNot}`, () => {
  it('P5: loses no secret and changes nothing, and works again once there is room', async () => {
    const disk = tightDisk(1_024);
    const { home, vault, secrets } = openedVault({ home: join(disk.folder, 'home') });
    must(vault.set({ name: 'KEY', value: 'value of KEY', origins: [ORIGIN] }));
    disk.fill();
    const codes = new Set<string>();
    for (let index = 0; index < 20; index += 1) {
      const tried = vault.set({ name: `N${index}`, value: 'x'.repeat(60_000), origins: [ORIGIN] });
      if (!tried.ok) codes.add(tried.failure.code);
    }
    expect([...codes]).toEqual(['VAULT/NOT_WRITABLE']);
    expect(failureOf(vault.set({ name: 'KEY', value: 'y'.repeat(60_000), origins: [], replace: true })).code).toBe(
      'VAULT/NOT_WRITABLE',
    );
    expect(must(await secrets.resolve('KEY', ORIGIN))).toBe('value of KEY');
    disk.free();
    must(vault.set({ name: 'AFTER', value: 'value of AFTER', origins: [ORIGIN] }));
    await expectSecrets(home, ['KEY', 'AFTER']);
  });

  it('P7: stops every call before it is sent, and the journal goes on once there is room', () => {
    const disk = tightDisk(1_024);
    const { home, journal } = openedJournal(join(disk.folder, 'home'));
    must(journal.begin(beginEvent('one')));
    must(journal.end(endEvent('one')));
    disk.fill();
    let begun = 0;
    let refused = '';
    // A log file keeps some room of its own; it ends within these.
    for (let call = 0; call < 200 && !refused; call += 1) {
      const tried = journal.begin({ ...beginEvent(`n${call}`), requestName: 'x'.repeat(4_000) });
      if (tried.ok) begun += 1;
      else refused = tried.failure.code;
    }
    expect(refused).toBe('JOURNAL/NOT_WRITABLE');
    expect(must(journal.verify()).entries).toBe(2 + begun);
    disk.free();
    must(journal.begin(beginEvent('two')));
    expectCalls(home, ['one']);
  });

  it('P7: that turned read-only stops every call and every change', async () => {
    const disk = tightDisk(1_024);
    const home = join(disk.folder, 'home');
    // Written by another process, because files that are open for writing keep a disk from turning.
    const written = await runChildren(
      (['secrets', 'calls'] as const).map((what) => ({ home, what, count: 1, prefix: 'n' })),
    );
    expect(written).toEqual([['n0'], ['n0']]);
    disk.remountReadOnly();
    const state = createState(home);
    const journal = openJournal({ state, now: () => NOW });
    expect(failureOf(journal.begin(beginEvent('two'))).code).toBe('JOURNAL/NOT_WRITABLE');
    expect(failureOf(journal.denied(deniedEvent('three'))).code).toBe('JOURNAL/NOT_WRITABLE');
    const vault = openVault({ state, keySource: {}, now: () => NOW });
    const changes = [
      vault.set({ name: 'NEW', value: 'some value', origins: [ORIGIN] }),
      vault.bind('n0', { origins: { add: [OTHER] } }),
      vault.delete('n0'),
    ];
    for (const change of changes)
      expect(failureOf(change).code).toMatch(/^(?:VAULT\/NOT_WRITABLE|INTERNAL\/STATE_UNAVAILABLE)$/);
  });
});
