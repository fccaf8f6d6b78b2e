import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { countSecret } from '../../src/demo/find-secret.ts';
import { command, createDesk, type Desk } from './run-keyward.ts';

const VALUE = 'kw_test/first+9c2f1e77';
const WORDS = 'six words that nobody knows';
const ORIGIN = 'https://api.example.com';

describe('keyward vault', () => {
  let desk: Desk;
  let other: Desk;
  let seen: string;

  const run = async (at: Desk, args: readonly string[], input = '') => {
    const finished = await at.keyward(args, input);
    seen += finished.out + finished.errors;
    return finished;
  };
  const vault = (args: readonly string[], input = '') => run(desk, ['vault', ...args], input);
  const store = () => run(desk, ['secrets', 'set', 'TOKEN', '--origin', ORIGIN, '--stdin'], VALUE);
  const json = async (args: readonly string[]) =>
    JSON.parse((await vault([...args, '--json'])).out) as Record<string, unknown>;

  beforeEach(() => {
    desk = createDesk();
    other = createDesk();
    seen = '';
  });
  afterEach(() => {
    desk.clear();
    other.clear();
  });

  it('tells of a vault without asking for its key, and verifies it with it', async () => {
    expect(await json(['status'])).toEqual({ exists: false, source: 'key-file', warnings: [] });
    expect(await vault(['verify'])).toMatchObject({ code: 1 });
    await store();
    expect(await json(['status'])).toMatchObject({ exists: true, source: 'key-file', secrets: 1, generation: 1 });
    expect(await vault(['verify'])).toMatchObject({ code: 0, out: 'Whole: 1 secret, change 1.\n' });
  });

  it('rekeys, and refuses a source that keeps nothing', async () => {
    await store();
    const key = readFileSync(join(desk.home, 'vault.key'), 'utf8');
    expect(await json(['rekey', '--data-key'])).toMatchObject({
      from: 'key-file',
      to: 'key-file',
      secrets: 1,
      keys_left: 0,
    });
    expect(readFileSync(join(desk.home, 'vault.key'), 'utf8')).not.toBe(key);
    expect(await vault(['verify'])).toMatchObject({ code: 0 });
    expect(await vault(['rekey', '--to', 'memory'])).toMatchObject({ code: 2 });
    expect(await vault(['rekey', '--to', 'passphrase'])).toMatchObject({ code: 2 });
    expect(await vault(['rekey', '--to', 'passphrase', '--stdin'], 'elevenchars')).toMatchObject({ code: 2 });
    expect(await vault(['rekey', '--to', 'environment'])).toMatchObject({ code: 1 });
    expect(await vault(['verify'])).toMatchObject({ code: 0 });
  });

  it('P1: backs up and restores elsewhere, and no output or file shows a value or the passphrase', async () => {
    await store();
    const file = join(desk.workspace, 'vault.backup');
    expect(await vault(['backup', file])).toMatchObject({ code: 2, out: '' });
    expect(await vault(['backup', file, '--stdin'], `${WORDS}\n`)).toMatchObject({ code: 0 });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const restored = await run(other, ['vault', 'restore', file, '--stdin', '--json'], WORDS);
    expect(JSON.parse(restored.out)).toEqual({ added: ['TOKEN'], replaced: [], kept: [] });
    expect((await run(other, ['secrets', 'list'])).out).toContain(ORIGIN);
    truncateSync(file, statSync(file).size - 1);
    const cut = await run(other, ['vault', 'restore', file, '--stdin', '--merge', '--json'], WORDS);
    expect(JSON.parse(cut.out)).toMatchObject({ error: { code: 'VAULT/BACKUP_INVALID' } });

    const kept = [desk, other].flatMap(({ home }) => readdirSync(home).map((name) => readFileSync(join(home, name))));
    for (const secret of [VALUE, WORDS]) {
      expect(countSecret(seen, secret)).toBe(0);
      for (const bytes of [readFileSync(file), ...kept]) expect(countSecret(bytes, secret)).toBe(0);
    }
  });

  it.skipIf(process.platform === 'win32')(
    'takes its key from a file descriptor, and stores nothing of it',
    async () => {
      const key = Buffer.alloc(32, 7).toString('base64');
      const env = { PATH: process.env.PATH ?? '', KEYWARD_HOME: desk.home, KEYWARD_KEY_FD: '3' };
      const started = async (args: readonly string[], source: string, input: string) => {
        const child = spawn(process.execPath, [command, ...args], {
          env: { ...env, KEYWARD_KEY_SOURCE: source },
          cwd: desk.workspace,
          stdio: ['pipe', 'ignore', 'ignore', 'pipe'],
        });
        child.stdin?.end(input);
        const pipe = child.stdio[3];
        if (pipe && 'end' in pipe) pipe.end(`${key}\n`);
        return (await once(child, 'close'))[0] as number;
      };
      const set = ['secrets', 'set', 'TOKEN', '--origin', ORIGIN, '--stdin'];
      expect(await started(set, 'memory', VALUE), 'nothing would be kept').toBe(1);
      expect(await started(set, 'file-descriptor', VALUE)).toBe(0);
      expect(await started(['vault', 'verify'], '', '')).toBe(0);
      expect(readdirSync(desk.home).filter((name) => name.startsWith('vault'))).toEqual(['vault.counter']);
    },
  );
});
