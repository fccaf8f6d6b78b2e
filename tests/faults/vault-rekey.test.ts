// A process that is killed while it rekeys, alone or beside others, loses nothing and leaves nothing.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import type { KeySourceKind } from '../../shared/secret/key-source.ts';
import type { RekeyStep } from '../../src/vault/rekey.ts';
import { failureOf, must, temporaryHome } from '../unit/state/temporary-home.ts';
import { memoryKeyring, ORIGIN, openedVault } from '../unit/vault/open-vault-fixture.ts';
import { startChild } from './run-child.ts';
import { canMount, tightDisk } from './tight-disk.ts';

const SCRIPT = fileURLToPath(new URL('./rekey-child.js', import.meta.url));
const STEPS: readonly RekeyStep[] = ['noted', 'stored', 'sealed', 'replaced', 'removed'];
const NAMES = ['A', 'B', 'C'];

interface Place {
  readonly home: string;
  readonly items: Map<string, string>;
}

/** A vault with three secrets, whose keychain is a file beside the data folder. */
function placeWith(source: KeySourceKind): Place {
  const home = temporaryHome();
  const items = new Map<string, string>();
  const { vault } = openedVault({ home, keySource: { source }, makeKeyring: () => memoryKeyring(items) });
  for (const name of NAMES) must(vault.set({ name, value: `value of ${name}`, origins: [ORIGIN] }));
  vault.close();
  mkdirSync(dirname(home), { recursive: true });
  writeFileSync(join(home, '..', 'keyring.json'), JSON.stringify(Object.fromEntries(items)));
  return { home, items };
}

function keyringBeside(home: string): ReturnType<typeof memoryKeyring> {
  return memoryKeyring(new Map(Object.entries(JSON.parse(readFileSync(join(home, '..', 'keyring.json'), 'utf8')))));
}

function startRekey(home: string, ...args: readonly string[]) {
  const problem = inject('buildProblem');
  if (problem) throw new Error(problem);
  const child = spawn(process.execPath, [SCRIPT, home, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

async function expectWhole(home: string, names: readonly string[]): Promise<void> {
  const keyring = keyringBeside(home);
  const { vault, secrets } = openedVault({ home, keySource: {}, makeKeyring: () => keyring });
  for (const name of names) expect(must(await secrets.resolve(name, ORIGIN))).toBe(`value of ${name}`);
  expect(must((await vault.upkeep()).verify())).toMatchObject({ left: 0 });
  const source = must(vault.status()).source;
  const keys = readdirSync(home).filter((file) => file.startsWith('vault.key'));
  const kept = [...keyring.items.keys()].filter((account) => account.startsWith('vault-key:'));
  expect([keys, kept.length]).toEqual(source === 'keychain' ? [[], 1] : [['vault.key'], 0]);
  vault.close();
}

describe('P5: a rekey that is killed', () => {
  const moves = [
    ['key-file', 'key-file', 'anew'],
    ['keychain', 'key-file', 'rewrapped'],
  ] as const;
  for (const [from, to, how] of moves) {
    it(`at any step, from ${from} to ${to} (${how}), leaves every secret and one key`, async () => {
      const runs = STEPS.map(async (step) => {
        const { home } = placeWith(from);
        const child = startRekey(home, from, to, how, step);
        const [, signal] = await once(child, 'close');
        expect(signal, step).toBe('SIGKILL');
        await expectWhole(home, NAMES);
      });
      await Promise.all(runs);
    });
  }

  it('at any moment, beside another that rekeys and one that stores, loses nothing that was acknowledged', async () => {
    const { home } = placeWith('key-file');
    const acknowledged: string[] = [...NAMES];
    for (const [round, lines] of [1, 3, 7].entries()) {
      const writer = startChild({
        home,
        what: 'secrets',
        count: 1_000_000,
        prefix: `r${round}n`,
        killAfter: lines + 2,
      });
      await writer.ready;
      writer.go();
      const outcomes = await Promise.all([
        rekeyUntilKilled(home, 'anew', lines),
        rekeyUntilKilled(home, 'rewrapped', lines),
      ]);
      acknowledged.push(...(await writer.lines).filter((line) => line.startsWith('r')));
      const codes = outcomes.flat().filter((line) => line !== 'rekeyed');
      expect(codes.filter((code) => code !== 'VAULT/REKEYED')).toEqual([]);
      await expectWhole(home, acknowledged);
    }
    expect(acknowledged.length).toBeGreaterThan(NAMES.length + 10);
  });
});

async function rekeyUntilKilled(home: string, how: string, lines: number): Promise<readonly string[]> {
  const child = startRekey(home, 'key-file', 'key-file', how);
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    if (text.split('\n').length > lines) child.kill('SIGKILL');
  });
  await once(child, 'close');
  return text.split('\n').slice(0, -1);
}

const mounts = canMount();

describe.skipIf(!mounts)(
  `a full disk${mounts ? '' : ' (skipped: needs Linux and root, to mount a small disk)'}`,
  () => {
    it('P5: refuses to rekey, changes nothing, and rekeys once there is room', async () => {
      const disk = tightDisk(1_024);
      const { home, vault, secrets } = openedVault({ home: join(disk.folder, 'home') });
      for (let at = 0; at < 6; at += 1) {
        must(vault.set({ name: `N${at}`, value: 'x'.repeat(30_000), origins: [ORIGIN] }));
      }
      disk.fill();
      const upkeep = await vault.upkeep();
      const order = { to: { source: 'key-file' }, newDataKey: true } as const;
      expect(failureOf(upkeep.rekey(order)).code).toMatch(/^VAULT\/(?:NOT_WRITABLE|KEY_UNAVAILABLE)$/);
      expect(must(await secrets.resolve('N5', ORIGIN))).toBe('x'.repeat(30_000));
      disk.free();
      expect(must(upkeep.rekey(order))).toMatchObject({ secrets: 6, left: 0 });
      const again = openedVault({ home });
      expect(must((await again.vault.upkeep()).verify())).toMatchObject({ secrets: 6, left: 0 });
      expect(readdirSync(home).filter((file) => file.startsWith('vault.key'))).toEqual(['vault.key']);
    });
  },
);
