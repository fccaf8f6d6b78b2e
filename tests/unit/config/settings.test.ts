import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSettings } from '../../../src/config/settings.ts';
import { tempFolder } from '../workspace/temp-folder.ts';

const linux = { platform: 'linux', homeFolder: '/home/a' } as const;
const darwin = { platform: 'darwin', homeFolder: '/Users/a' } as const;
const windows = { platform: 'win32', homeFolder: '/users/a' } as const;

describe('the data folder', () => {
  it.each([
    [linux, {}, '/home/a/.local/share/keyward'],
    [linux, { XDG_DATA_HOME: '/data' }, '/data/keyward'],
    [linux, { XDG_DATA_HOME: 'relative' }, '/home/a/.local/share/keyward'],
    [linux, { XDG_DATA_HOME: '' }, '/home/a/.local/share/keyward'],
    [linux, { KEYWARD_HOME: '/k', XDG_DATA_HOME: '/data' }, '/k'],
    [linux, { KEYWARD_HOME: 'k' }, resolve('k')],
    [linux, { KEYWARD_HOME: '' }, '/home/a/.local/share/keyward'],
    [darwin, { XDG_DATA_HOME: '/data' }, '/Users/a/Library/Application Support/keyward'],
    [windows, { APPDATA: '/roaming' }, '/roaming/keyward'],
    [windows, {}, '/users/a/AppData/Roaming/keyward'],
  ])('of %j with %j is %s', (machine, env, home) => {
    expect(readSettings(env, machine)).toMatchObject({ value: { home } });
  });
});

describe('settings', () => {
  it.each([
    [{}, { logLevel: 'warn' }],
    [{ KEYWARD_LOG_LEVEL: 'debug' }, { logLevel: 'debug' }],
    [{ KEYWARD_KEY_SOURCE: 'keychain' }, { keySource: 'keychain' }],
    [{ KEYWARD_KEY_SOURCE: 'passphrase' }, { keySource: 'passphrase' }],
    [{ KEYWARD_KEY_SOURCE: 'key-file' }, { keySource: 'key-file' }],
    [{ KEYWARD_KEY_SOURCE: 'systemd-credential' }, { keySource: 'systemd-credential' }],
    [{ KEYWARD_KEY_SOURCE: 'file-descriptor' }, { keySource: 'file-descriptor' }],
    [{ KEYWARD_KEY_SOURCE: 'environment' }, { keySource: 'environment' }],
    [
      { KEYWARD_KEY_SOURCE: 'memory', KEYWARD_RESTORE: '/b' },
      { keySource: 'memory', restore: resolve('/b') },
    ],
    [{ NODE_OPTIONS: '--inspect' }, { nodeOptions: '--inspect' }],
  ])('reads %j', (env, expected) => {
    expect(readSettings(env, linux)).toMatchObject({ value: expected });
  });

  it.each([
    [{ KEYWARD_KEY_SOURCE: 'keyfile' }, 'KEYWARD_KEY_SOURCE'],
    [{ KEYWARD_LOG_LEVEL: 'loud' }, 'KEYWARD_LOG_LEVEL'],
    [{ KEYWARD_HOME: '\u0024{HOME}/x' }, 'KEYWARD_HOME'],
    [{ KEYWARD_HOME: '/a/\u0024{USER}' }, 'KEYWARD_HOME'],
    [{ KEYWARD_PASSPHRASE: '\u0024{KEYWARD_PASSPHRASE}' }, 'KEYWARD_PASSPHRASE'],
    [{ KEYWARD_PASSPHRASE: '\u0024{input:passphrase}' }, 'KEYWARD_PASSPHRASE'],
    [{ KEYWARD_PASSPHRASE: '\u0024{input:passphrase}\n' }, 'KEYWARD_PASSPHRASE'],
    [{ KEYWARD_PASSPHRASE_FILE: '\u0024{HOME}/p' }, 'KEYWARD_PASSPHRASE_FILE'],
    [{ KEYWARD_PASSPHRASE: 'a', KEYWARD_PASSPHRASE_FILE: 'b' }, 'KEYWARD_PASSPHRASE'],
    [{ KEYWARD_NEW_PASSPHRASE: 'a', KEYWARD_NEW_PASSPHRASE_FILE: 'b' }, 'KEYWARD_NEW_PASSPHRASE'],
    [{ KEYWARD_KEY: '\u0024{KEYWARD_KEY}' }, 'KEYWARD_KEY'],
    [{ KEYWARD_KEY_FD: '\u0024{FD}' }, 'KEYWARD_KEY_FD'],
    [{ KEYWARD_RESTORE: '/b' }, 'KEYWARD_RESTORE'],
    [{ KEYWARD_RESTORE: '/b', KEYWARD_KEY_SOURCE: 'key-file' }, 'KEYWARD_RESTORE'],
  ])('P7: refuses %j', (env, name) => {
    const settings = readSettings(env, linux);
    expect(settings).toMatchObject({
      failure: { code: 'CONFIG/INVALID', facts: { file: `environment variable ${name}` } },
    });
  });

  it('P1: prints no passphrase, in success or failure', () => {
    const given = readSettings({ KEYWARD_PASSPHRASE: 'correct horse' }, linux);
    expect(JSON.stringify(given)).not.toContain('horse');
    expect(given.ok && given.value.keys.passphrase('vault')).toEqual({ ok: true, value: Buffer.from('correct horse') });
    expect(JSON.stringify(readSettings({ KEYWARD_KEY_SOURCE: 'horse' }, linux))).not.toContain('horse');
  });

  it('reads a passphrase file without its last line break', () => {
    const root = tempFolder({ p: ' a b \r\n', empty: '\n' });
    const read = (file: string) => {
      const settings = readSettings({ KEYWARD_PASSPHRASE_FILE: join(root, file) }, linux);
      return settings.ok ? settings.value.keys.passphrase('vault') : settings;
    };
    expect(read('p')).toEqual({ ok: true, value: Buffer.from(' a b ') });
    expect(read('empty')).toMatchObject({ failure: { code: 'CONFIG/INVALID' } });
    expect(read('missing')).toMatchObject({ failure: { code: 'CONFIG/UNREADABLE' } });
  });

  it('P7: a passphrase that only looks like a placeholder in part is one', () => {
    expect(readSettings({ KEYWARD_PASSPHRASE: 'costs \u0024{5}' }, linux)).toMatchObject({ ok: true });
  });
});
