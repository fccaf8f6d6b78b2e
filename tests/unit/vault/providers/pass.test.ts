// pass, the standard unix password manager, as Debian packages it: a key and a store of this test's own.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { askProviders, execProvider, temporaryFolder } from './provider-stand.ts';

const PASS = '/usr/bin/pass';
const missing = [PASS, '/usr/bin/gpg', '/usr/bin/gpgconf'].filter((program) => !existsSync(program));
const VALUE = 'passed-Juniper-44-Wren';

it.skipIf(missing.length > 0)(
  `reads what pass keeps${missing.length > 0 ? ` (not here: ${missing.join(', ')})` : ''}`,
  async () => {
    const folder = temporaryFolder();
    const gpg = join(folder, 'gpg');
    mkdirSync(gpg, { mode: 0o700 });
    const variables = { HOME: folder, GNUPGHOME: gpg, PASSWORD_STORE_DIR: join(folder, 'store') };
    const environment = { ...variables, PATH: '/usr/bin:/bin', LANG: 'C.UTF-8' };
    const run = (program: string, words: readonly string[], input = '') =>
      execFileSync(program, words, { env: environment, input, stdio: ['pipe', 'ignore', 'ignore'] });
    onTestFinished(() => void run('/usr/bin/gpgconf', ['--kill', 'all']));
    const key = ['--batch', '--pinentry-mode', 'loopback', '--passphrase', ''];
    run('/usr/bin/gpg', [...key, '--quick-generate-key', 'store@example.com', 'ed25519', 'cert', 'never']);
    const [fingerprint = ''] = fingerprints(environment);
    run('/usr/bin/gpg', [...key, '--quick-add-key', fingerprint, 'cv25519', 'encr', 'never']);
    run(PASS, ['init', fingerprint]);
    run(PASS, ['insert', '--multiline', 'team/billing'], `${VALUE}\nuser: billing\n`);

    const more = { arguments: ['show', '{name}'], firstLine: true, environment: ['GNUPGHOME', 'PASSWORD_STORE_DIR'] };
    const ask = askProviders({ exec: [execProvider(PASS, { name: 'pass', ...more })] }, { variables });
    expect(await ask('exec:pass/team/billing')).toEqual({ ok: true, value: VALUE });
    expect(await ask('exec:pass/team/other')).toEqual({ ok: false, reason: 'exit' });
    // A folder: pass lists it, and a listing is no secret.
    const listed = await ask('exec:pass/team');
    expect(listed.ok && listed.value).not.toContain(VALUE);
  },
);

function fingerprints(environment: Readonly<Record<string, string>>): string[] {
  const listed = execFileSync('/usr/bin/gpg', ['--list-keys', '--with-colons'], {
    env: environment,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return Array.from(String(listed).matchAll(/^fpr:+([0-9A-F]+):$/gm), ([, fingerprint = '']) => fingerprint);
}
