import { describe, expect, it } from 'vitest';
import { checkConfig } from '../../../shared/config/check-config.ts';
import { effectivePolicy, stricterPolicy } from '../../../shared/config/effective-policy.ts';
import { loosenings } from '../../../shared/config/loosenings.ts';
import { providerLoosenings, statedProviders } from '../../../shared/config/stated-providers.ts';
import { limits } from '../../../shared/limits.ts';

const exec = { name: 'pass', program: '/usr/bin/pass', arguments: ['show', '{name}'] };
const vault = { name: 'corp', address: 'https://Vault.example.com:443/', token: '{{vault:VAULT_TOKEN}}' };
const approle = { roleId: 'r', secretId: '{{ vault:SECRET_ID }}' };
const { token: _, ...tokenless } = vault;

const check = (providers: unknown) => checkConfig({ providers });
const problemOf = (providers: unknown): string => {
  const checked = check(providers);
  return checked.ok ? 'none' : checked.problem.problem;
};

const wrong: readonly (readonly [it: string, providers: object, problem: string])[] = [
  ['a key that is not known', { exec: [{ ...exec, shell: true }] }, 'unknown key "shell"'],
  ['a kind that is not known', { op: [] }, 'unknown key "op"'],
  ['a relative program', { exec: [{ ...exec, program: 'pass' }] }, 'must be an absolute path'],
  ['a program from home', { exec: [{ ...exec, program: '~/bin/pass' }] }, 'must be an absolute path'],
  ['a folder for a program', { exec: [{ ...exec, program: '/usr/bin/' }] }, 'must be an absolute path'],
  ['a program with a NUL', { exec: [{ ...exec, program: '/usr/bin/p\0' }] }, 'must be an absolute path'],
  ['one text for all arguments', { exec: [{ ...exec, arguments: 'show {name}' }] }, 'must be a list'],
  ['an argument of two lines', { exec: [{ ...exec, arguments: ['a\nb'] }] }, 'control characters'],
  ['a name with a slash', { exec: [{ ...exec, name: 'a/b' }] }, 'must have letters'],
  ['two of one name', { exec: [exec, { ...exec, arguments: [] }] }, 'two of one name'],
  ["a variable of Keyward's", { exec: [{ ...exec, environment: ['KEYWARD_PASSPHRASE'] }] }, 'none of Keyward itself'],
  ['a variable with a value', { exec: [{ ...exec, environment: ['A=b'] }] }, 'must be the name of a variable'],
  ['no time', { exec: [{ ...exec, timeoutMs: 0 }] }, 'must be at least 1'],
  ['too much time', { exec: [{ ...exec, timeoutMs: limits.maxProviderTimeoutMs + 1 }] }, 'must be at most'],
  ['a negative time to keep', { exec: [{ ...exec, cacheSeconds: -1 }] }, 'must be at least 0'],
  ['too long a time to keep', { vault: [{ ...vault, cacheSeconds: 86_401 }] }, 'must be at most 86400'],
  ['an address with a path', { vault: [{ ...vault, address: 'https://v/v1' }] }, 'scheme, host and port'],
  ['an address with a user', { vault: [{ ...vault, address: 'https://u@v' }] }, 'scheme, host and port'],
  ['another scheme', { vault: [{ ...vault, address: 'file:///v' }] }, 'scheme, host and port'],
  ['a token in the file', { vault: [{ ...vault, token: 'hvs.token' }] }, 'credentials do not stand in this file'],
  ['a token with more than a handle', { vault: [{ ...vault, token: 'x{{vault:A}}' }] }, 'credentials do not'],
  [
    'a secret id in the file',
    { vault: [{ ...tokenless, approle: { ...approle, secretId: 's' } }] },
    'credentials do not',
  ],
  ['two ways to log in', { vault: [{ ...vault, approle }] }, 'either token or approle'],
  ['no way to log in', { vault: [tokenless] }, 'either token or approle'],
  ['KV version 1', { vault: [{ ...vault, kvVersion: 1 }] }, 'must be 2'],
  ['a mount that leads out', { vault: [{ ...vault, mount: '../sys' }] }, 'must be a path'],
  ['a namespace with a line break', { vault: [{ ...vault, namespace: 'a\r\nb' }] }, 'must be a path'],
];

describe('providers in keyward.yaml', () => {
  it.each(wrong)('P9: %s', (_, providers, problem) => {
    expect(problemOf(providers)).toContain(problem);
  });

  it('have defaults', () => {
    const checked = check({ exec: [exec], vault: [vault, { ...tokenless, name: 'role', approle, kvVersion: 2 }] });
    const times = { timeoutMs: limits.providerTimeoutMs, cacheSeconds: limits.providerCacheSeconds };
    const origin = 'https://vault.example.com';
    expect(checked.ok && statedProviders(checked.config.providers)).toEqual({
      exec: [{ ...exec, firstLine: false, trim: false, environment: [], ...times }],
      vault: [
        { name: 'corp', origin, mount: 'secret', login: { kind: 'token', token: 'VAULT_TOKEN' }, ...times },
        {
          name: 'role',
          origin,
          mount: 'secret',
          login: { kind: 'approle', mount: 'approle', roleId: 'r', secretId: 'SECRET_ID' },
          ...times,
        },
      ],
    });
  });

  it('P8: count only where the file is trusted, and of two policies those of both', () => {
    const config = { providers: { exec: [exec, { ...exec, name: 'two' }], vault: [vault] } };
    expect(effectivePolicy(config, false).providers).toEqual({ exec: [], vault: [] });
    const one = effectivePolicy(config, true);
    expect([one.providers.exec.length, one.providers.vault.length]).toEqual([2, 1]);
    const changed = { exec: [exec, { ...exec, name: 'two', arguments: [] }], vault: [{ ...vault, mount: 'kv' }] };
    const other = effectivePolicy({ providers: changed }, true);
    const common = { exec: one.providers.exec.slice(0, 1), vault: [] };
    expect(stricterPolicy(one, other).providers).toEqual(common);
    expect(stricterPolicy(other, one).providers).toEqual(common);
    expect(loosenings(config)).toEqual(providerLoosenings(config.providers));
  });

  it('P8: are each told of before they are trusted, with every word of what is run', () => {
    const spaced = { ...exec, name: 'two', arguments: ['a b', '', '"'], environment: ['GNUPGHOME'] };
    expect(providerLoosenings({ exec: [exec, spaced], vault: [vault] })).toEqual([
      'providers.exec: pass runs /usr/bin/pass show {name}',
      'providers.exec: two runs /usr/bin/pass "a b" "" "\\""',
      'providers.exec: two: environment GNUPGHOME',
      'providers.vault: corp reads secret of https://vault.example.com with {{vault:VAULT_TOKEN}}',
    ]);
  });
});
