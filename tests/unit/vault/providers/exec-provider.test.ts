import { execFileSync } from 'node:child_process';
import { chmodSync, createReadStream, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { limits } from '../../../../shared/limits.ts';
import type { ExecProvider } from '../../../../shared/policy/provider-policy.ts';
import type { ProviderReason } from '../../../../src/vault/providers/outcome.ts';
import { failureOf, must } from '../../state/temporary-home.ts';
import { askProviders, execProvider, providerStand, script, temporaryFolder } from './provider-stand.ts';

const CANARY = 'canary-Velvet-63-Otter';
const REFERENCE = 'team/key-1';

interface Row {
  readonly it: string;
  /** Of a shell script. */
  readonly text?: string;
  readonly provider?: Partial<ExecProvider>;
  readonly gives?: string;
  readonly fails?: ProviderReason;
}

const most = limits.providerOutputBytes;
const json = (value: unknown) => `cat <<'END'\n${JSON.stringify(value)}\nEND`;

const rows: readonly Row[] = [
  { it: 'what it prints', text: `printf ${CANARY}`, gives: CANARY },
  { it: 'one line break at the end is dropped', text: `echo ${CANARY}`, gives: CANARY },
  { it: 'as Windows writes it too', text: `printf '${CANARY}\\r\\n'`, gives: CANARY },
  { it: 'and no second one', text: `printf ' ${CANARY}\\n\\n'`, gives: ` ${CANARY}\n` },
  { it: 'trimmed', text: `printf ' \\t${CANARY}\\n\\n'`, provider: { trim: true }, gives: CANARY },
  { it: 'its first line', text: `printf '${CANARY}\\nuser: u\\n'`, provider: { firstLine: true }, gives: CANARY },
  { it: 'a first line that is empty', text: `printf '\\n${CANARY}'`, provider: { firstLine: true }, fails: 'empty' },
  {
    it: 'a member of its JSON',
    text: json({ ServerURL: 'https://r', Username: 'u', Secret: CANARY }),
    provider: { field: 'Secret' },
    gives: CANARY,
  },
  { it: 'a member that is not there', text: json({ Other: CANARY }), provider: { field: 'Secret' }, fails: 'answer' },
  { it: 'a member that objects inherit', text: json({}), provider: { field: 'constructor' }, fails: 'answer' },
  { it: 'a member that is no text', text: json({ Secret: [CANARY] }), provider: { field: 'Secret' }, fails: 'answer' },
  { it: 'no JSON', text: `echo ${CANARY}`, provider: { field: 'Secret' }, fails: 'answer' },
  { it: 'the reference, as one argument', text: 'printf "%s:%s" "$#" "$1"', gives: `1:${REFERENCE}` },
  {
    it: 'every {name}, and nothing else, is replaced; no shell reads the arguments',
    text: 'for each in "$@"; do printf "<%s>" "$each"; done',
    provider: { arguments: ['--a={name}/{name}', '$(id)', '{Name} {{name}} {other}', '', '; echo x', '$&'] },
    gives: `<--a=${REFERENCE}/${REFERENCE}><$(id)><{Name} {${REFERENCE}} {other}><><; echo x><$&>`,
  },
  { it: 'the reference on standard input', text: 'cat', provider: { input: '{name}' }, gives: REFERENCE },
  {
    it: 'standard input that it does not read',
    text: 'exec <&-; echo read',
    provider: { input: '{name}' },
    gives: 'read',
  },
  { it: 'standard input is empty', text: 'cat; echo end', gives: 'end' },
  { it: 'a failure', text: `echo ${CANARY}; echo ${CANARY} >&2; exit 1`, fails: 'exit' },
  { it: 'a crash', text: `echo ${CANARY}; kill -SEGV $$`, fails: 'exit' },
  { it: 'nothing', text: 'true', fails: 'empty' },
  { it: 'a line break', text: 'echo', fails: 'empty' },
  { it: 'white space, trimmed', text: 'echo "  "', provider: { trim: true }, fails: 'empty' },
  { it: 'bytes that are no text', text: `printf '${CANARY}\\377\\376'`, fails: 'answer' },
  { it: 'a placeholder that nobody filled in', text: `echo '\${SECRET}'`, fails: 'value' },
  { it: 'as much as it may give', text: `head -c ${most} /dev/zero | tr '\\0' a`, gives: 'a'.repeat(most) },
  { it: 'a byte more', text: `head -c ${most + 1} /dev/zero | tr '\\0' a`, fails: 'size' },
  { it: 'a flood', text: `exec yes ${CANARY}`, fails: 'size' },
  {
    it: 'an answer that never comes',
    text: `echo ${CANARY}; exec sleep 60`,
    provider: { timeoutMs: 60 },
    fails: 'time',
  },
  {
    it: 'a child that keeps the output open',
    text: `echo ${CANARY}; sleep 5 & exit 0`,
    provider: { timeoutMs: 2_000 },
    gives: CANARY,
  },
  {
    it: 'a child that writes after its end',
    text: `printf a; (sleep 0.05; printf b; sleep 5) & exit 0`,
    provider: { timeoutMs: 2_000 },
    gives: 'ab',
  },
  {
    it: 'a failure with a child that keeps the output open',
    text: 'sleep 5 & exit 1',
    provider: { timeoutMs: 2_000 },
    fails: 'exit',
  },
  {
    it: 'a child that goes on writing after its end',
    text: `(while :; do echo ${CANARY}; sleep 0.02; done) & exit 0`,
    provider: { timeoutMs: 400 },
    fails: 'time',
  },
];

describe.skipIf(process.platform === 'win32')('a program that prints a secret', () => {
  for (const { it: title, text = '', provider, gives, fails } of rows) {
    it(`${title}: ${fails ? `P5, P7: ${fails}, and no word of it` : 'given'}`, async () => {
      const outcome = await askProviders({ exec: [execProvider(script(text), provider)] })(`exec:tool/${REFERENCE}`);
      expect(outcome).toEqual(fails === undefined ? { ok: true, value: gives } : { ok: false, reason: fails });
    });
  }

  it('P1: is given nothing of the environment but what the operator lists', async () => {
    const environment = ['PASSED', 'ABSENT'];
    const variables = { HOME: '/home/me', PASSED: 'yes', SECRET_OF_OTHERS: CANARY, KEYWARD_PASSPHRASE: CANARY };
    const provider = execProvider('/usr/bin/env', { arguments: [], environment });
    const outcome = await askProviders({ exec: [provider] }, { variables })('exec:tool/any');
    const lines = outcome.ok ? outcome.value.split('\n') : [];
    expect(lines.toSorted()).toEqual(['HOME=/home/me', 'LANG=C.UTF-8', 'PASSED=yes', 'PATH=/usr/bin:/bin']);
  });

  it('is told the name that the operator gave it, also where that is a link', async () => {
    const folder = temporaryFolder();
    symlinkSync('/bin/sh', join(folder, 'many-names'));
    const provider = execProvider(join(folder, 'many-names'), { arguments: ['-c', 'echo "$0"'] });
    const outcome = await askProviders({ exec: [provider] })('exec:tool/any');
    expect(outcome).toEqual({ ok: true, value: provider.program });
  });

  const unusable: readonly (readonly [it: string, make: () => string, reason: ProviderReason])[] = [
    ['is not there', () => join(temporaryFolder(), 'nothing'), 'program'],
    [
      'others can change',
      () => {
        const path = script(`echo ${CANARY}`);
        chmodSync(path, 0o722);
        return path;
      },
      'program',
    ],
    [
      'wants an interpreter that is not there',
      () => {
        const path = join(temporaryFolder(), 'program');
        writeFileSync(path, '#!/nowhere/interpreter\n', { mode: 0o700 });
        return path;
      },
      'start',
    ],
  ];
  it.each(unusable)('P7: one that %s gives nothing', async (_, make, reason) => {
    expect(await askProviders({ exec: [execProvider(make())] })('exec:tool/any')).toEqual({ ok: false, reason });
  });

  /** A named pipe whose end tells that every process of the program is gone. */
  const watched = (last: string) => {
    const folder = temporaryFolder();
    const pipe = join(folder, 'alive');
    execFileSync('/usr/bin/mkfifo', [pipe]);
    const stream = createReadStream(pipe);
    const begun = new Promise<void>((ready) => stream.once('data', () => ready()));
    const gone = new Promise<void>((ended) => stream.once('end', () => ended()));
    return { program: script(`exec 3>'${pipe}'\necho begun >&3\nsleep 60 &\n${last}`, folder), begun, gone };
  };

  it('P12: runs eight times at once at the most; who gives up its place in the queue leaves no program behind', async () => {
    const folder = temporaryFolder();
    // Each waits until as many as may run have begun, tells how many there are, and ends.
    const text = `echo "$1" >>'${folder}/begun'\nuntil [ -e '${folder}/go' ]; do sleep 0.02; done\necho "$1"`;
    const { point, resolve } = providerStand({ exec: [execProvider(script(text, folder))] });
    const names = Array.from({ length: 20 }, (_, at) => `KEY_${at}`);
    for (const name of [...names, 'LAST']) point(name, `exec:tool/${name}-of-the-queue`);
    const begun = () => readFileSync(join(folder, 'begun'), 'utf8').split('\n').length - 1;
    writeFileSync(join(folder, 'begun'), '');
    const all = names.map((name) => resolve(name));
    const cancel = new AbortController();
    const last = resolve('LAST', cancel.signal);
    await vi.waitUntil(() => begun() >= limits.providerPrograms, { interval: 5 });
    cancel.abort();
    expect(failureOf(await last).code).toBe('NETWORK/CANCELLED');
    expect(begun()).toBe(limits.providerPrograms);
    writeFileSync(join(folder, 'go'), '');
    expect((await Promise.all(all)).map(must)).toEqual(names.map((name) => `${name}-of-the-queue`));
    expect(begun()).toBe(20);
  });

  it('P12: is killed with all its children when it gives too much', async () => {
    const { program, gone } = watched('exec yes');
    const outcome = await askProviders({ exec: [execProvider(program)] })('exec:tool/any');
    expect(outcome).toEqual({ ok: false, reason: 'size' });
    await gone;
  });

  it('is killed when the call that waits for it is cancelled', async () => {
    const { program, begun, gone } = watched('sleep 60');
    const { point, resolve } = providerStand({ exec: [execProvider(program)] });
    point('KEY', 'exec:tool/any');
    const cancel = new AbortController();
    const waiting = resolve('KEY', cancel.signal);
    await begun;
    cancel.abort();
    expect(failureOf(await waiting).code).toBe('NETWORK/CANCELLED');
    await gone;
    expect(failureOf(await resolve('KEY', cancel.signal)).code).toBe('NETWORK/CANCELLED');
  });
});
