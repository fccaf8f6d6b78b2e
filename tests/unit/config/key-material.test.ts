// Keys and passphrases that are handed over: each is taken once, and what is no key is refused without being told.
import { closeSync, fstatSync, mkdirSync, openSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeFailure } from '../../../shared/failure/failure.ts';
import { takeKeyMaterial } from '../../../src/config/key-material.ts';
import { failureOf, must } from '../state/temporary-home.ts';
import { tempFolder } from '../workspace/temp-folder.ts';

const KEY = Buffer.from(Array.from({ length: 32 }, (_, at) => at * 8));
const URL_TEXT = KEY.toString('base64url');

/** Each with the value just outside of what is accepted. */
const texts: readonly [text: string, isKey: boolean][] = [
  [URL_TEXT, true],
  [`${URL_TEXT}\n`, true],
  [`${URL_TEXT}\r\n`, true],
  [`${URL_TEXT}=`, true],
  [KEY.toString('base64'), true],
  [`${URL_TEXT}\n\n`, false],
  [` ${URL_TEXT}`, false],
  [`${URL_TEXT}==`, false],
  [URL_TEXT.slice(1), false],
  [`${URL_TEXT}A`, false],
  [KEY.toString('hex'), false],
  [KEY.toString('latin1'), false],
  ['', false],
  ['\n', false],
];

describe('the text of a key', () => {
  for (const [text, isKey] of texts) {
    it(`${isKey ? 'accepts' : 'P7: refuses'} ${JSON.stringify(text)}`, () => {
      const root = tempFolder({ 'keyward.key': text });
      const descriptor = openSync(join(root, 'keyward.key'), 'r');
      const keys = takeKeyMaterial({
        KEYWARD_KEY: text,
        KEYWARD_KEY_FD: String(descriptor),
        CREDENTIALS_DIRECTORY: root,
      });
      for (const source of ['environment', 'file-descriptor', 'systemd-credential'] as const) {
        const found = keys.key(source, 'vault');
        if (isKey) {
          expect(must(found)).toEqual(KEY);
          continue;
        }
        const refused = failureOf(found);
        expect(refused.code).toBe('VAULT/KEY_UNAVAILABLE');
        if (text.length > 4) expect(JSON.stringify(describeFailure(refused))).not.toContain(text.trim());
      }
    });
  }
});

describe('what the environment holds', () => {
  it('P1: is taken out of it, and is there as often as it is asked for until it is wiped', () => {
    const env = {
      KEYWARD_KEY: URL_TEXT,
      KEYWARD_NEW_KEY: URL_TEXT,
      KEYWARD_PASSPHRASE: 'one',
      KEYWARD_NEW_PASSPHRASE: 'two',
      KEYWARD_BACKUP_PASSPHRASE: 'three',
      OTHER: 'stays',
    };
    const keys = takeKeyMaterial(env);
    expect(env).toEqual({ OTHER: 'stays' });
    for (const [of, words] of [
      ['vault', 'one'],
      ['new', 'two'],
      ['backup', 'three'],
    ] as const) {
      const first = must(keys.passphrase(of));
      first?.fill(0);
      expect(must(keys.passphrase(of))).toEqual(Buffer.from(words));
    }
    must(keys.key('environment', 'vault')).fill(0);
    expect(must(keys.key('environment', 'vault'))).toEqual(KEY);
    keys.wipe();
    expect(must(keys.passphrase('vault'))).toBeUndefined();
    expect(failureOf(keys.key('environment', 'vault')).code).toBe('VAULT/KEY_UNAVAILABLE');
  });
});

describe('a passphrase', () => {
  const rows: readonly [text: string, words: string | undefined][] = [
    ['six words', 'six words'],
    ['six words\n', 'six words'],
    ['six words\r\n', 'six words'],
    ['six words\n\n', 'six words\n'],
    [' six words ', ' six words '],
    ['\n', undefined],
    ['\r\n', undefined],
  ];
  it.each(rows)('%j is the same in a variable and in a file', (text, words) => {
    const file = join(tempFolder({ words: text }), 'words');
    for (const [of, name] of [
      ['vault', 'KEYWARD_PASSPHRASE'],
      ['new', 'KEYWARD_NEW_PASSPHRASE'],
      ['backup', 'KEYWARD_BACKUP_PASSPHRASE'],
    ] as const) {
      for (const env of [{ [name]: text }, { [`${name}_FILE`]: file }]) {
        const given = takeKeyMaterial(env).passphrase(of);
        if (words === undefined) expect(failureOf(given).code).toBe('CONFIG/INVALID');
        else expect(must(given)).toEqual(Buffer.from(words));
      }
    }
  });
});

describe('a file descriptor', () => {
  it('is read once, at the start, and closed', () => {
    const root = tempFolder({ key: `${URL_TEXT}\n` });
    const descriptor = openSync(join(root, 'key'), 'r');
    const keys = takeKeyMaterial({ KEYWARD_KEY_FD: String(descriptor) });
    expect(() => fstatSync(descriptor)).toThrow('EBADF');
    expect(must(keys.key('file-descriptor', 'vault'))).toEqual(KEY);
    expect(must(keys.key('file-descriptor', 'vault'))).toEqual(KEY);
  });

  it('P7: that nobody left open, or that is no file, is refused and left alone', () => {
    const folder = openSync(tempFolder({}), 'r');
    for (const given of ['0', '1', '2', '-3', '3.0', 'x', '99999', String(folder)]) {
      const keys = takeKeyMaterial({ KEYWARD_KEY_FD: given });
      expect(failureOf(keys.key('file-descriptor', 'vault')).code, given).toBe('VAULT/KEY_UNAVAILABLE');
    }
    fstatSync(folder);
    closeSync(folder);
  });
});

describe('a systemd credential', () => {
  it('is found under the name given', () => {
    const root = tempFolder({ 'a.b-c_d@e': URL_TEXT });
    const env = { CREDENTIALS_DIRECTORY: root, KEYWARD_KEY_CREDENTIAL: 'a.b-c_d@e' };
    expect(must(takeKeyMaterial(env).key('systemd-credential', 'vault'))).toEqual(KEY);
  });

  it('P7: is nothing outside of its folder, nothing that is no file, and nothing without the folder', () => {
    const root = tempFolder({ outside: URL_TEXT, 'inside/large': `${URL_TEXT}\n${' '.repeat(5_000)}` });
    mkdirSync(join(root, 'inside', 'folder'));
    symlinkSync('large', join(root, 'inside', 'link'));
    writeFileSync(join(root, 'inside', 'keyward.key'), URL_TEXT);
    const folder = join(root, 'inside');
    const refused = [
      ...['../outside', '..', '.', 'folder', 'large', 'link', 'missing', 'x'.repeat(256)].map((name) => [folder, name]),
      ['', ''],
      ['inside', ''],
      [join(root, 'missing'), ''],
    ];
    for (const [at, name] of refused) {
      const env = { CREDENTIALS_DIRECTORY: at, KEYWARD_KEY_CREDENTIAL: name };
      const found = takeKeyMaterial(env).key('systemd-credential', 'vault');
      expect(failureOf(found).code, `${at} ${name}`).toBe('VAULT/KEY_UNAVAILABLE');
    }
    expect(must(takeKeyMaterial({ CREDENTIALS_DIRECTORY: folder }).key('systemd-credential', 'vault'))).toEqual(KEY);
  });
});
