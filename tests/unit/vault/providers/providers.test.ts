import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { limits } from '../../../../shared/limits.ts';
import { createKeptValues } from '../../../../src/vault/providers/kept-values.ts';
import { createKnownValues } from '../../../../src/vault/providers/known-values.ts';
import { type ProviderReason, reasonText } from '../../../../src/vault/providers/outcome.ts';
import { failureOf, must, tamper } from '../../state/temporary-home.ts';
import { ORIGIN, OTHER, openedVault } from '../open-vault-fixture.ts';
import { execProvider, type ProviderStand, providerStand, script, temporaryFolder } from './provider-stand.ts';

const VALUE = 'outward-Maple-27-Heron';

/** A program that prints another value at each run, and how often it was run. */
function counting(folder = temporaryFolder()): { readonly program: string; runs(): number } {
  const log = join(folder, 'runs');
  writeFileSync(log, '');
  const text = `echo run >>'${log}'\nprintf '${VALUE}-'; wc -l <'${log}'`;
  return { program: script(text, folder), runs: () => readFileSync(log, 'utf8').split('\n').length - 1 };
}

const reasonOf = async (stand: ProviderStand, name: string): Promise<unknown> => {
  const { code, facts } = failureOf(await stand.resolve(name));
  return code === 'SECRET/PROVIDER_FAILED' ? facts.reason : code;
};

describe('a variable of the environment', () => {
  it('is read at each use', async () => {
    const stand = providerStand();
    stand.point('KEY', 'env:TEAM_KEY');
    expect(await reasonOf(stand, 'KEY')).toBe(reasonText('unset'));
    stand.variables.TEAM_KEY = '';
    expect(await reasonOf(stand, 'KEY')).toBe(reasonText('unset'));
    stand.variables.TEAM_KEY = VALUE;
    expect(must(await stand.resolve('KEY'))).toBe(VALUE);
    stand.variables.TEAM_KEY = `${VALUE}-2`;
    expect(must(await stand.resolve('KEY'))).toBe(`${VALUE}-2`);
  });
});

describe('a .env file', () => {
  const rows: readonly (readonly [it: string, text: string | Buffer, key: string, gives: string | ProviderReason])[] = [
    ['plain', `A=1\nexport KEY=${VALUE} # the key\n`, 'KEY', VALUE],
    ['quoted', `KEY="${VALUE}\\nline"`, 'KEY', `${VALUE}\nline`],
    ['stated twice', `KEY=first\nKEY=${VALUE}`, 'KEY', VALUE],
    ['not there', 'OTHER=1', 'KEY', 'missing'],
    ['empty', 'KEY=', 'KEY', 'missing'],
    ['a name that objects inherit', 'A=1', 'constructor', 'missing'],
    ['no text', Buffer.from([0x4b, 0x3d, 0xff]), 'K', 'unreadable'],
  ];
  it.each(rows)('%s', async (_, text, key, gives) => {
    const file = join(temporaryFolder(), '.env');
    writeFileSync(file, text, { mode: 0o600 });
    const stand = providerStand();
    stand.point('KEY', `dotenv:${file}#${key}`);
    const got = await stand.resolve('KEY');
    if (got.ok) expect(got.value).toBe(gives);
    else
      expect(got.failure.facts).toMatchObject({ provider: 'a .env file', reason: reasonText(gives as ProviderReason) });
  });

  it('P7: is no folder and not endless, and is read at each use', async () => {
    const folder = temporaryFolder();
    const file = join(folder, '.env');
    const stand = providerStand();
    stand.point('FOLDER', `dotenv:${folder}#KEY`);
    stand.point('ENDLESS', 'dotenv:/dev/zero#KEY');
    stand.point('KEY', `dotenv:${file}#KEY`);
    for (const name of ['FOLDER', 'ENDLESS', 'KEY']) expect(await reasonOf(stand, name)).toBe(reasonText('unreadable'));
    writeFileSync(file, `KEY=${VALUE}\n`);
    expect(must(await stand.resolve('KEY'))).toBe(VALUE);
    truncateSync(file, limits.providerFileBytes);
    expect(must(await stand.resolve('KEY'))).toContain(VALUE);
    truncateSync(file, limits.providerFileBytes + 1);
    expect(await reasonOf(stand, 'KEY')).toBe(reasonText('unreadable'));
  });
});

describe('values from outside', () => {
  it('are kept for the stated time, and for none where that is 0', async () => {
    const kept = counting();
    const fresh = counting();
    const exec = [
      execProvider(kept.program, { name: 'kept', cacheSeconds: 300 }),
      execProvider(fresh.program, { name: 'fresh' }),
    ];
    const stand = providerStand({ exec });
    stand.point('KEPT', 'exec:kept/a');
    stand.point('SAME', 'exec:kept/a');
    stand.point('OTHER', 'exec:kept/b');
    stand.point('FRESH', 'exec:fresh/a');
    expect(must(await stand.resolve('KEPT'))).toBe(`${VALUE}-1`);
    stand.clock += 299_999;
    expect(must(await stand.resolve('KEPT'))).toBe(`${VALUE}-1`);
    expect(must(await stand.resolve('SAME'))).toBe(`${VALUE}-1`);
    expect(must(await stand.resolve('OTHER'))).toBe(`${VALUE}-2`);
    stand.clock += 1;
    expect(must(await stand.resolve('KEPT'))).toBe(`${VALUE}-3`);
    expect([must(await stand.resolve('FRESH')), must(await stand.resolve('FRESH'))]).toEqual([
      `${VALUE}-1`,
      `${VALUE}-2`,
    ]);
  });

  it('are fetched once for all who wait; who gives up does not take it from the others', async () => {
    const { program, runs } = counting();
    const stand = providerStand({ exec: [execProvider(program)] });
    stand.point('KEY', 'exec:tool/a');
    const cancel = new AbortController();
    const all = [stand.resolve('KEY', cancel.signal), stand.resolve('KEY'), stand.resolve('KEY')];
    cancel.abort();
    const [gone, ...others] = await Promise.all(all);
    expect(gone && failureOf(gone).code).toBe('NETWORK/CANCELLED');
    expect(others.map(must)).toEqual([`${VALUE}-1`, `${VALUE}-1`]);
    expect(runs()).toBe(1);
  });

  it('a failure is not kept', async () => {
    const folder = temporaryFolder();
    const exec = [execProvider(script(`cat '${folder}/value'`, folder), { cacheSeconds: 300 })];
    const stand = providerStand({ exec });
    stand.point('KEY', 'exec:tool/a');
    expect(await reasonOf(stand, 'KEY')).toBe(reasonText('exit'));
    writeFileSync(join(folder, 'value'), VALUE);
    expect(must(await stand.resolve('KEY'))).toBe(VALUE);
  });

  it('are dropped when the vault changes', async () => {
    const { program, runs } = counting();
    const stand = providerStand({ exec: [execProvider(program, { cacheSeconds: 300 })] });
    stand.point('KEY', 'exec:tool/a');
    must(await stand.resolve('KEY'));
    must(stand.vault.set({ name: 'OTHER', value: VALUE, origins: [OTHER] }));
    must(await stand.resolve('KEY'));
    expect(runs()).toBe(2);
  });

  it('P1: all that a handle had when it was used is known for its origin, and nobody is asked for it', async () => {
    const { program, runs } = counting();
    const stand = providerStand({ exec: [execProvider(program)] });
    stand.point('KEY', 'exec:tool/a');
    const known = (origin: string) => must(stand.secrets.boundTo(origin)).map(({ value }) => value);
    expect(known(ORIGIN)).toEqual([]);
    expect(runs()).toBe(0);
    const before = stand.secrets.revision();
    must(await stand.resolve('KEY'));
    expect(stand.secrets.revision()).toBeGreaterThan(before);
    must(await stand.resolve('KEY'));
    expect(known(ORIGIN)).toEqual([`${VALUE}-2`, `${VALUE}-1`]);
    expect(known(OTHER)).toEqual([]);
    must(stand.vault.delete('KEY'));
    expect(known(ORIGIN)).toEqual([]);
    expect(runs()).toBe(2);
  });

  it('of a writing credential are not kept for the next use; only the scrubber knows them, where it asks', async () => {
    const { program } = counting();
    const stand = providerStand({ exec: [execProvider(program, { cacheSeconds: 300 })] });
    stand.point('KEY', 'exec:tool/a', { tier: 'writing' });
    const use = { origin: ORIGIN, method: 'POST', tier: 'writing' } as const;
    const never = new AbortController().signal;
    for (const expected of [1, 2])
      expect(must(await stand.secrets.resolve('KEY', use, never))).toBe(`${VALUE}-${expected}`);
    expect(must(stand.secrets.boundTo(ORIGIN))).toEqual([]);
    expect(must(stand.secrets.boundTo(ORIGIN, 'writing'))).toHaveLength(2);
  });
});

describe('P1: what the scrubber knows of handles that nobody used here', () => {
  const knownBy = (stand: ProviderStand, origin = ORIGIN) =>
    must(stand.secrets.boundTo(origin)).map(({ value }) => value);

  it('is the value that a variable has now, and those it had when it was looked at', async () => {
    const stand = providerStand();
    stand.point('USED', 'env:USED');
    stand.point('OTHER', 'env:OTHER');
    stand.point('UNSET', 'env:UNSET');
    stand.point('ELSEWHERE', 'env:ELSEWHERE', { origins: [OTHER] });
    Object.assign(stand.variables, { USED: VALUE, OTHER: `${VALUE}-2`, ELSEWHERE: `${VALUE}-3` });
    must(await stand.resolve('USED'));
    expect(knownBy(stand).toSorted()).toEqual([VALUE, `${VALUE}-2`]);
    expect(knownBy(stand, OTHER)).toEqual([`${VALUE}-3`]);
    stand.variables.OTHER = `${VALUE}-4`;
    expect(knownBy(stand).toSorted()).toEqual([VALUE, `${VALUE}-2`, `${VALUE}-4`]);
    const { revision } = stand.secrets;
    const before = revision();
    knownBy(stand);
    expect(revision(), 'asked again, nothing is new').toBe(before);
  });

  it('is the value that a .env file has now; that it was written to shows in the revision', () => {
    const file = join(temporaryFolder(), '.env');
    const stand = providerStand();
    stand.point('KEY', `dotenv:${file}#KEY`);
    expect(knownBy(stand)).toEqual([]);
    for (const [at, value] of [VALUE, `${VALUE}-2`].entries()) {
      const before = stand.secrets.revision();
      writeFileSync(file, `KEY=${value}\n`);
      expect(stand.secrets.revision()).toBeGreaterThan(before);
      expect(knownBy(stand)).toHaveLength(at + 1);
      expect(knownBy(stand)[0]).toBe(value);
    }
  });

  it('is a value of a program that is kept for another handle; no program is run', async () => {
    const { program, runs } = counting();
    const stand = providerStand({ exec: [execProvider(program, { cacheSeconds: 300 })] });
    stand.point('HERE', 'exec:tool/a');
    stand.point('THERE', 'exec:tool/a', { origins: [OTHER] });
    stand.point('NEVER', 'exec:tool/b', { origins: [OTHER] });
    expect(knownBy(stand, OTHER)).toEqual([]);
    must(await stand.resolve('HERE'));
    expect(knownBy(stand, OTHER)).toEqual([`${VALUE}-1`]);
    expect(runs()).toBe(1);
  });

  it('is of a writing credential only what is asked for', () => {
    const stand = providerStand();
    stand.point('KEY', 'env:KEY', { tier: 'writing' });
    stand.variables.KEY = VALUE;
    expect(knownBy(stand)).toEqual([]);
    expect(must(stand.secrets.boundTo(ORIGIN, 'writing')).map(({ value }) => value)).toEqual([VALUE]);
  });
});

describe('a handle that points outward', () => {
  it('P2: asks nobody for an origin or a method that it is not bound to, nor when it has expired', async () => {
    const { program, runs } = counting();
    const stand = providerStand({ exec: [execProvider(program)] });
    stand.point('KEY', 'exec:tool/a', { methods: ['GET'], expiresAt: stand.clock + 1_000 });
    const never = new AbortController().signal;
    const ask = async (origin: string, method: string) =>
      failureOf(await stand.secrets.resolve('KEY', { origin, method }, never)).code;
    expect(await ask(OTHER, 'GET')).toBe('SECRET/ORIGIN_NOT_BOUND');
    expect(await ask(ORIGIN, 'POST')).toBe('SECRET/METHOD_NOT_ALLOWED');
    stand.clock += 1_000;
    expect(await ask(ORIGIN, 'GET')).toBe('SECRET/EXPIRED');
    expect(runs()).toBe(0);
  });

  it('P2: what was unbound, deleted or pointed elsewhere meanwhile does not go out, and a failed fetch is no use', async () => {
    const folder = temporaryFolder();
    // Waits until the test has changed the vault: opening the pipe for reading blocks.
    const exec = [execProvider(script(`read line <'${folder}/go'; printf '${VALUE}'`, folder))];
    const changes: readonly (readonly [(stand: ProviderStand) => void, string])[] = [
      [({ vault }) => void must(vault.delete('KEY')), 'SECRET/NOT_FOUND'],
      [({ point }) => point('KEY', 'exec:tool/b', { replace: true }), reasonText('changed')],
      [
        ({ vault }) =>
          void must(vault.set({ name: 'KEY', value: VALUE, origins: [], replace: true, endsReference: true })),
        reasonText('changed'),
      ],
      [({ point }) => point('KEY', 'exec:tool/a', { replace: true, origins: [OTHER] }), 'SECRET/ORIGIN_NOT_BOUND'],
    ];
    for (const [change, expected] of changes) {
      const stand = providerStand({ exec });
      stand.point('KEY', 'exec:tool/a', { maxUses: 1 });
      writeFileSync(join(folder, 'go'), '');
      const waiting = reasonOf(stand, 'KEY');
      change(stand);
      expect(await waiting).toBe(expected);
      const left = stand.vault.find('KEY');
      expect(left.ok && (left.value?.useCount ?? 0)).toBe(0);
    }
  });

  it('P7: has no value where no provider of its name is defined, or what it names cannot be read', async () => {
    const stand = providerStand();
    stand.point('EXEC', 'exec:tool/a');
    stand.point('VAULT', 'vault:corp/a#b');
    for (const name of ['EXEC', 'VAULT']) expect(await reasonOf(stand, name)).toBe(reasonText('undefined'));
    const { vault } = openedVault();
    const set = (value: string) => vault.set({ name: 'KEY', value, outside: true, origins: [ORIGIN] });
    for (const value of ['plain text', 'exec:tool/../a', 'env:KEYWARD_PASSPHRASE'])
      expect(failureOf(set(value)).code).toBe('SECRET/INVALID');
  });

  it('P4: cannot be made of a value, nor a value of it, by who edits the database', async () => {
    const { home, vault, secrets } = openedVault();
    must(vault.set({ name: 'VALUE', value: 'env:HOME', origins: [ORIGIN] }));
    must(vault.set({ name: 'OUT', value: 'env:HOME', outside: true, origins: [ORIGIN] }));
    expect(must(await secrets.resolve('VALUE', ORIGIN))).toBe('env:HOME');
    expect(must(vault.references())).toMatchObject([{ name: 'OUT', reference: 'env:HOME' }]);
    tamper(home, (sql) => {
      sql.run("UPDATE handle SET source = 'env' WHERE name = 'VALUE'");
      sql.run("UPDATE handle SET source = 'value' WHERE name = 'OUT'");
    });
    const other = openedVault({ home });
    for (const name of ['VALUE', 'OUT'])
      expect(failureOf(await other.secrets.resolve(name, ORIGIN)).code).toBe('VAULT/CORRUPT');
    expect(JSON.stringify(other.vault.references())).not.toContain('env:HOME');
  });

  it('becomes a value again when a value is set, and keeps its place when it is bound', async () => {
    const stand = providerStand();
    stand.variables.A = VALUE;
    stand.point('KEY', 'env:A');
    must(stand.vault.bind('KEY', { origins: { add: [OTHER] } }));
    expect(must(stand.vault.describe('KEY')).source).toBe('env');
    expect(must(await stand.resolve('KEY'))).toBe(VALUE);
    must(stand.vault.set({ name: 'KEY', value: 'env:A', origins: [], replace: true, endsReference: true }));
    expect(must(stand.vault.describe('KEY')).source).toBeUndefined();
    expect(must(await stand.resolve('KEY'))).toBe('env:A');
  });
});

describe('P12: what is remembered', () => {
  it('of kept values is bounded, and a clock that is set back does not make the time longer', () => {
    let at = 1_000_000;
    const kept = createKeptValues(() => at);
    for (let index = 0; index <= limits.providerValues; index += 1) kept.put(`k${index}`, VALUE, 10);
    expect([kept.get('k0'), kept.get('k1')]).toEqual([undefined, VALUE]);
    at -= 1;
    expect(kept.get('k2')).toBeUndefined();
  });

  it('of known values is bounded, by handle and in all', () => {
    const known = createKnownValues();
    for (let index = 0; index <= limits.providerValuesOfHandle; index += 1) known.note('a', `v${index}`);
    expect(known.of('a')).toHaveLength(limits.providerValuesOfHandle);
    expect(known.of('a')).not.toContain('v0');
    for (let index = 0; index < limits.providerHandles; index += 1) known.note(`h${index}`, 'v');
    expect(known.of('a')).toEqual([]);
  });
});
