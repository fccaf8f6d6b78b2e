import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { countSecret } from '../../src/demo/find-secret.ts';
import { createDesk, type Desk } from './run-keyward.ts';

const VALUE = 'kw_test/first+9c2f1e77';
const SECOND = 'kw_test/second+51aa08be';
const ORIGIN = 'https://api.example.com';

describe('keyward secrets', () => {
  let desk: Desk;
  let seen: string;

  const keyward = async (args: readonly string[], input = '') => {
    const finished = await desk.keyward(['secrets', ...args], input);
    seen += finished.out + finished.errors;
    return finished;
  };
  const set = (...more: string[]) => keyward(['set', 'TOKEN', '--origin', ORIGIN, '--stdin', ...more], `${VALUE}\n`);
  const described = async () =>
    JSON.parse((await keyward(['describe', 'TOKEN', '--json'])).out) as Record<string, unknown>;

  beforeEach(() => {
    desk = createDesk();
    seen = '';
  });
  afterEach(() => desk.clear());

  it('P1: goes from set to delete, and no command or file shows the value', async () => {
    expect(await set('--label', 'For tests', '--expires', '30d')).toMatchObject({ code: 0 });
    expect((await keyward(['list'])).out).toContain('TOKEN  For tests  https://api.example.com');
    expect(await described()).toMatchObject({
      name: 'TOKEN',
      label: 'For tests',
      origins: [ORIGIN],
      path_allowed: false,
    });

    expect(await keyward(['bind', 'TOKEN', '--origin', 'https://b.example.com', '--yes'])).toMatchObject({ code: 0 });
    expect((await described()).origins).toEqual([ORIGIN, 'https://b.example.com']);

    expect(await keyward(['rotate', 'TOKEN', '--stdin'], SECOND)).toMatchObject({ code: 0 });
    expect((await described()).origins).toEqual([ORIGIN, 'https://b.example.com']);

    const kept = readdirSync(desk.home).map((name) => readFileSync(join(desk.home, name)));
    expect(kept.length).toBeGreaterThan(0);
    for (const secret of [VALUE, SECOND]) {
      expect(countSecret(seen, secret)).toBe(0);
      for (const bytes of kept) expect(countSecret(bytes, secret)).toBe(0);
    }

    expect(await keyward(['delete', 'TOKEN', '--yes'])).toMatchObject({ code: 0 });
    expect(await keyward(['describe', 'TOKEN'])).toMatchObject({ code: 1 });
  });

  it('P7: changes nothing where nobody can be asked', async () => {
    await set();
    const bound = await keyward(['bind', 'TOKEN', '--origin', 'https://b.example.com']);
    expect(bound).toMatchObject({ code: 1, out: '' });
    expect(bound.errors).toContain('would also go to:  https://b.example.com');
    expect(await keyward(['delete', 'TOKEN'])).toMatchObject({ code: 1, out: '' });
    expect((await described()).origins).toEqual([ORIGIN]);
  });

  it('P5: does not overwrite a secret unless told to', async () => {
    await set();
    const before = await described();
    const again = await keyward(['set', 'TOKEN', '--origin', 'https://evil.example', '--stdin'], SECOND);
    expect(again.code).toBe(1);
    expect(again.errors).toContain('error SECRET/EXISTS');
    expect(await described()).toEqual(before);
    expect(await keyward(['set', 'TOKEN', '--replace', '--stdin'], SECOND)).toMatchObject({ code: 0 });
    expect((await described()).origins).toEqual([ORIGIN]);
  });

  it('warns of a value that is too short to be found in an answer', async () => {
    const short = await keyward(['set', 'SHORT', '--origin', ORIGIN, '--stdin'], 'abc');
    expect(short.code).toBe(0);
    expect(short.errors).toContain('under 8 characters');
  });

  it('warns loudly, each time, that a key file lies beside the vault', async () => {
    expect((await set()).errors).toContain('WARNING: the vault');
    expect((await keyward(['list'])).errors).toContain('WARNING: the vault');
  });

  it('prints a failure as JSON to a program', async () => {
    const finished = await keyward(['describe', 'NOPE', '--json']);
    expect(finished.code).toBe(1);
    expect(JSON.parse(finished.out)).toMatchObject({ error: { code: 'SECRET/NOT_FOUND', retryable: false } });
  });
});
