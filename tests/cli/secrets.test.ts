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
    expect((await keyward(['list'])).out).toContain('TOKEN  For tests  https://api.example.com  all     all');
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
    expect(bound.errors).toContain('would also have:  origin https://b.example.com');
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

  it('keeps a writing credential beside the reading one, each with its own limits', async () => {
    await set('--expires', '30d', '--place', 'auth', '--method', 'GET');
    const writing = ['set', 'TOKEN', '--writing', '--stdin', '--max-uses', '5'];
    expect(await keyward(writing, SECOND)).toMatchObject({ code: 0 });
    expect((await keyward(writing, SECOND)).errors).toContain('error SECRET/EXISTS');
    const both = JSON.parse((await keyward(['list', '--json'])).out) as { secrets: object[] };
    expect(both.secrets).toMatchObject([
      { name: 'TOKEN', tier: 'reading', places: ['auth'], methods: ['GET'] },
      { name: 'TOKEN', tier: 'writing', origins: [ORIGIN], max_uses: 5, use_count: 0 },
    ]);
    const first = JSON.parse((await keyward(['describe', 'TOKEN', '--writing', '--json'])).out) as { id: string };
    expect(await keyward(['rotate', 'TOKEN', '--writing', '--stdin'], 'third-value-0042')).toMatchObject({ code: 0 });
    const rotated = JSON.parse((await keyward(['describe', 'TOKEN', '--writing', '--json'])).out) as object;
    expect(rotated).toMatchObject({ id: first.id, rotated: expect.any(String) });
    expect((await keyward(['delete', 'TOKEN', '--yes'])).out).toContain('TOKEN and its writing credential deleted');
    expect((await keyward(['list', '--json'])).out).not.toContain('TOKEN');
    for (const value of [VALUE, SECOND]) expect(countSecret(seen, value)).toBe(0);
  });

  it('P7: asks for whatever widens, and narrows without asking', async () => {
    await set('--expires', '30d');
    const narrow = await keyward(['bind', 'TOKEN', '--only-place', 'auth', '--only-method', 'GET', '--max-uses', '9']);
    expect(narrow).toMatchObject({ code: 0 });
    for (const more of [
      ['--place', 'body'],
      ['--method', 'POST'],
      ['--any-method'],
      ['--expires', '60d'],
      ['--no-expires'],
      ['--no-max-uses'],
    ]) {
      const refused = await keyward(['bind', 'TOKEN', ...more]);
      expect(refused, more.join(' ')).toMatchObject({ code: 1, out: '' });
      expect(refused.errors).toContain('it would also have:');
    }
    expect(await described()).toMatchObject({ places: ['auth'], methods: ['GET'], max_uses: 9 });
    expect(await keyward(['bind', 'TOKEN', '--any-method', '--no-max-uses', '--yes'])).toMatchObject({ code: 0 });
    expect(await described()).not.toHaveProperty('methods');
    expect(await keyward(['bind', 'TOKEN', '--origin', ORIGIN])).toMatchObject({ code: 2 });
  });

  it('audits: 1 where there is something to mend, 0 where there is not', async () => {
    await set('--expires', '30d');
    expect(await keyward(['audit', '--json'])).toMatchObject({ code: 0 });
    desk.save('api.postman_collection.json', collection('{{vault:MISSING}}'));
    await keyward(['set', 'SHORT', '--origin', 'http://api.example.com', '--allow-path', '--stdin'], 'abc');
    const found = await keyward(['audit', '--json']);
    expect(found.code).toBe(1);
    const { findings } = JSON.parse(found.out) as { findings: { name: string; kind: string }[] };
    expect(findings.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
      'SHORT over-broad',
      'SHORT over-broad',
      'SHORT too-short',
      'SHORT unreferred',
      'TOKEN unreferred',
      'MISSING missing',
    ]);
    expect((await keyward(['audit'])).out).toContain('keyward secrets set MISSING --origin URL');
  });

  it('P1: moves the credentials of a file into the vault, bound to where the collections send them', async () => {
    desk.save('api.postman_collection.json', collection('{{TOKEN}}'));
    desk.save('.env', `BASE=https://api.example.com\nTOKEN=${VALUE}\nOTHER_TOKEN=${SECOND}\n`);
    const plan = [
      { name: 'TOKEN', origins: [ORIGIN], stored: false },
      { name: 'OTHER_TOKEN', origins: [], problem: expect.stringContaining('--origin') },
    ];
    const file = join(desk.workspace, '.env');
    const dry = await keyward(['import', file, '--dry-run', '--json']);
    expect(dry).toMatchObject({ code: 0 });
    expect(JSON.parse(dry.out)).toMatchObject({ secrets: plan });
    expect(await keyward(['import', file]), 'nobody to ask').toMatchObject({ code: 1 });
    expect((await keyward(['list', '--json'])).out).not.toContain('TOKEN');

    expect(await keyward(['import', file, '--yes'])).toMatchObject({ code: 1 });
    expect(await described()).toMatchObject({ origins: [ORIGIN], label: 'From .env' });
    const given = ['import', file, '--name', 'OTHER_TOKEN', '--origin', 'https://b.example.com', '--yes'];
    expect(await keyward(given)).toMatchObject({ code: 0 });
    expect((await keyward(given)).errors + (await keyward(given)).out).toContain('add --replace');
    expect(await keyward([...given, '--replace'])).toMatchObject({ code: 0 });
    for (const secret of [VALUE, SECOND]) expect(countSecret(seen, secret)).toBe(0);
  });

  it('P2: a file gives a secret a value, and no place, origin, method or time', async () => {
    desk.save('api.postman_collection.json', collection('{{TOKEN}}', '/{{TOKEN}}'));
    desk.save('.env', `BASE=https://b.example.com\nTOKEN=${SECOND}\nBAD NAME=x\n`);
    await set('--expires', '30d', '--place', 'auth', '--method', 'GET', '--max-uses', '9', '--label', 'Mine');
    const { updated: _, ...before } = await described();
    const replaced = await keyward(['import', '.env', '--name', 'TOKEN', '--replace', '--yes']);
    expect(replaced).toMatchObject({ code: 0 });
    expect(replaced.out).toContain(`rules stay), for ${ORIGIN}, in auth only, with GET only, 9 uses at most, until 2`);
    expect(replaced.out).not.toContain('b.example.com');
    expect(replaced.errors).toContain('keyward secrets bind TOKEN --origin https://b.example.com');
    expect(replaced.errors).toContain('keyward secrets bind TOKEN --place path');
    expect(replaced.errors).toContain('not read: line 3 is not NAME=value');
    expect(await described()).toMatchObject(before);

    const stated = ['import', '.env', '--replace', '--origin', 'https://c.example.com', '--yes'];
    expect(await keyward(stated)).toMatchObject({ code: 0 });
    expect(await described()).toMatchObject({ ...before, origins: ['https://c.example.com'] });
  });

  it('P2: a new secret stands in a path by the word for that alone', async () => {
    desk.save('api.postman_collection.json', collection('none', '/{{TOKEN}}'));
    desk.save('.env', `BASE=${ORIGIN}\nTOKEN=abc\n`);
    const first = await keyward(['import', '.env', '--yes']);
    expect(first).toMatchObject({ code: 0 });
    expect(first.errors).toContain('keyward secrets bind TOKEN --place path');
    expect(first.errors).toContain('TOKEN: a value under 8 characters');
    expect(await described()).toMatchObject({ path_allowed: false, origins: [ORIGIN] });
    await keyward(['delete', 'TOKEN', '--yes']);
    expect((await keyward(['import', '.env', '--yes', '--allow-path'])).out).toContain('in a path too');
    expect(await described()).toMatchObject({ path_allowed: true });
  });

  it('P2: says what of a secret stays and what ends with its new value', async () => {
    await set('--expires', '30d', '--place', 'auth', '--method', 'GET');
    const replaced = await keyward(['set', 'TOKEN', '--replace', '--stdin'], SECOND);
    expect(replaced.errors).toContain(`these rules:  for ${ORIGIN}  in auth only  with GET only\n`);
    expect(replaced.errors).toContain('wider than before:  no expiry any more');
    await keyward(['bind', 'TOKEN', '--expires', '30d']);
    const rotated = await keyward(['rotate', 'TOKEN', '--stdin'], VALUE);
    expect(rotated.errors).toContain('wider than before:  no expiry any more');
    const moved = await keyward(['set', 'TOKEN', '--replace', '--origin', 'https://b.example.com', '--stdin'], VALUE);
    expect(moved.errors).toContain(`narrower than before:  origin ${ORIGIN}`);
    expect(moved.errors).toContain('wider than before:  origin https://b.example.com');
  });

  it('P7: puts no value in the place of a reference unless that is said', async () => {
    desk.save('.env', `TOKEN=${VALUE}\n`);
    await keyward(['set', 'TOKEN', '--origin', ORIGIN, '--from', 'env:ELSEWHERE']);
    const rotated = await keyward(['rotate', 'TOKEN', '--stdin'], VALUE);
    expect(rotated).toMatchObject({ code: 1 });
    expect(rotated.errors).toContain('kept outside (env)');
    expect(rotated.errors).toContain('keyward secrets set TOKEN --replace');
    const imported = await keyward(['import', '.env', '--replace', '--yes']);
    expect(imported).toMatchObject({ code: 1 });
    expect(imported.out).toContain('kept outside (env)');
    expect(await described()).toMatchObject({ source: 'env' });
    expect(await keyward(['rotate', 'TOKEN', '--from', 'env:OTHER'])).toMatchObject({ code: 0 });
    const kept = await keyward(['set', 'TOKEN', '--replace', '--stdin'], VALUE);
    expect(kept.errors).toContain('its value is kept here now');
    expect(await described()).toMatchObject({ source: 'value' });
  });
});

/** One request that sends a token as its bearer. */
function collection(token: string, path = '/items'): object {
  const auth = { type: 'bearer', bearer: [{ key: 'token', value: token }] };
  const item = [{ name: 'Get', request: { method: 'GET', url: `{{BASE}}${path}`, auth } }];
  const schema = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json';
  return { info: { name: 'API', schema }, item, variable: [{ key: 'BASE', value: ORIGIN }] };
}
