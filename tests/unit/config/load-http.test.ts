// http.yaml, from the file and the environment to the settings.
import {
  chmodSync,
  closeSync,
  copyFileSync,
  linkSync,
  mkdirSync,
  openSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeFailure } from '../../../shared/failure/failure.ts';
import type { Result } from '../../../shared/failure/result.ts';
import { httpDefaults } from '../../../shared/http-limits.ts';
import { limits } from '../../../shared/limits.ts';
import { type HttpSources, loadHttpSettings } from '../../../src/config/load-http.ts';
import { readSettings } from '../../../src/config/settings.ts';
import { createFence } from '../../../src/workspace/fence.ts';
import vectors from '../../vectors/http-yaml.json' with { type: 'json' };
import { fixture, fixturePath } from '../network/tls-stand.ts';
import { makePipe, tempFolder } from '../workspace/temp-folder.ts';

const isServed = () => false;

function load(text: string | undefined, more: Partial<HttpSources> = {}) {
  const home = tempFolder(text === undefined ? {} : { 'http.yaml': text });
  return loadHttpSettings({ home, variables: {}, isServed, ...more });
}

function told(result: Result<unknown>): string {
  if (result.ok) return 'nothing is wrong';
  const { code, message, where } = describeFailure(result.failure);
  return `${code} ${where?.line ?? '-'} ${message}`;
}

describe('http.yaml', () => {
  it.each(vectors.refused as [string, number, string][])('%j is refused at line %i', (text, line, problem) => {
    const message = told(load(text));
    expect(message).toContain(`CONFIG/INVALID ${line} `);
    expect(message).toContain(problem);
  });

  it.each(vectors.taken as [string, object][])('%j is taken', (text, expected) => {
    const loaded = load(text);
    expect(told(loaded)).toBe('nothing is wrong');
    expect(loaded).toMatchObject({ value: expected });
  });

  it('may be absent, and then all has its default', () => {
    const loaded = load(undefined);
    expect(loaded).toEqual(load(''));
    expect(loaded).toMatchObject({
      value: {
        listen: { host: '127.0.0.1', port: httpDefaults.port },
        hosts: [],
        origins: [],
        trustedProxies: [],
        oauth: [],
        claims: {},
        limits: { perKey: { perMinute: 600, concurrent: 16 }, global: { concurrent: 64 }, bodyBytes: 4_194_304 },
        approvalsBy: 'client',
        approvalWaitMs: httpDefaults.approvalWaitMs,
        journal: { checkpointEveryMs: 3_600_000 },
      },
    });
    expect(loaded.ok && Object.keys(loaded.value)).not.toContain('monitor');
  });

  it('is named with its own place by KEYWARD_HTTP_CONFIG, and then it must be there', () => {
    const folder = tempFolder({ 'team.yaml': 'listen: 1\n' });
    const named = (file: string) => load('listen: 2\n', { variables: { KEYWARD_HTTP_CONFIG: file } });
    expect(named(join(folder, 'team.yaml'))).toMatchObject({ value: { listen: { port: 1 } } });
    expect(told(named(join(folder, 'other.yaml')))).toContain('CONFIG/UNREADABLE');
    expect(told(named('team.yaml'))).toContain('must be an absolute path');
  });

  it('P8: is not read from a served workspace, by whatever name', () => {
    const root = tempFolder({ 'http.yaml': 'listen: 1\n' });
    const link = join(tempFolder(), 'link.yaml');
    symlinkSync(join(root, 'http.yaml'), link);
    const { holds } = createFence([root]);
    for (const file of [join(root, 'http.yaml'), link, join(root, '.', 'x', '..', 'http.yaml')]) {
      const loaded = load(undefined, { variables: { KEYWARD_HTTP_CONFIG: file }, isServed: holds });
      expect(told(loaded)).toContain('it lies in a workspace that is served');
    }
  });

  it('P8: is not read where a workspace has it by another name', () => {
    const home = tempFolder({ 'http.yaml': 'listen: 1\n' });
    const root = tempFolder();
    linkSync(join(home, 'http.yaml'), join(root, 'notes.yaml'));
    const read = () => told(loadHttpSettings({ home, variables: {}, isServed: createFence([root]).holds }));
    expect(read()).toContain('it has another name (a hard link)');
    rmSync(join(root, 'notes.yaml'));
    expect(read()).toBe('nothing is wrong');
  });

  const modes: readonly [file: number, folder: number, problem: string][] = [
    [0o600, 0o700, 'nothing is wrong'],
    [0o644, 0o755, 'nothing is wrong'],
    [0o644, 0o1777, 'nothing is wrong'],
    [0o664, 0o755, 'others can write it (mode 664)'],
    [0o646, 0o755, 'others can write it (mode 646)'],
    [0o600, 0o777, 'others can write its folder'],
    [0o600, 0o775, 'others can write its folder'],
  ];

  it.skipIf(process.platform === 'win32').each(modes)(
    'P8: of mode %o in a folder of %o: %s',
    (file, folder, problem) => {
      const home = tempFolder({ 'http.yaml': '' });
      chmodSync(join(home, 'http.yaml'), file);
      chmodSync(home, folder);
      expect(told(loadHttpSettings({ home, variables: {}, isServed }))).toContain(problem);
    },
  );

  it('is a plain file of UTF-8 of a bounded size', () => {
    const home = tempFolder();
    makePipe(join(home, 'http.yaml'));
    expect(told(loadHttpSettings({ home, variables: {}, isServed }))).toContain('not a plain file');
    expect(told(load(`# ${'x'.repeat(limits.configFileBytes)}`))).toContain('CONFIG/UNREADABLE');
    const bytes = tempFolder({ 'http.yaml': Buffer.from([0x23, 0xff]) });
    expect(told(loadHttpSettings({ home: bytes, variables: {}, isServed }))).toContain('not UTF-8');
    const folder = tempFolder();
    mkdirSync(join(folder, 'http.yaml'));
    expect(told(loadHttpSettings({ home: folder, variables: {}, isServed }))).toContain('not a plain file');
  });
});

describe('the environment', () => {
  const file =
    'listen: 1\nmonitor: 2\nhosts: [file.example]\npublicUrl: https://file.example/mcp\ntrustedProxies: [10.0.0.1]\n';
  const given = {
    KEYWARD_HTTP_LISTEN: '0.0.0.0:81',
    KEYWARD_HTTP_MONITOR: '0.0.0.0:82',
    KEYWARD_HTTP_HOSTS: 'A.example, b.example,',
    KEYWARD_HTTP_PUBLIC_URL: 'https://env.example/mcp',
    KEYWARD_HTTP_TRUSTED_PROXIES: '10.0.0.0/8,fd00::/8',
  };

  it('wins over the file, key by key, and the command line over both', () => {
    expect(load(file, { variables: given })).toMatchObject({
      value: {
        listen: { host: '0.0.0.0', port: 81 },
        monitor: { host: '0.0.0.0', port: 82 },
        hosts: ['a.example', 'b.example', 'env.example'],
        publicUrl: 'https://env.example/mcp',
        trustedProxies: ['10.0.0.0/8', 'fd00::/8'],
      },
    });
    expect(load(file, { variables: { KEYWARD_HTTP_MONITOR: '3' } })).toMatchObject({
      value: { listen: { port: 1 }, monitor: { port: 3 }, hosts: ['file.example'] },
    });
    expect(load(file, { variables: given, listen: '83' })).toMatchObject({ value: { listen: { port: 83 } } });
  });

  it('can give what the file leaves open: the audience of an issuer', () => {
    const loaded = load('oauth:\n  - issuer: https://as.example\n', { variables: given });
    expect(loaded).toMatchObject({ value: { oauth: [{ audience: ['https://env.example/mcp'] }] } });
  });

  it.each([
    ['KEYWARD_HTTP_LISTEN', 'everywhere', 'it must be [HOST:]PORT'],
    ['KEYWARD_HTTP_MONITOR', 'unix:/run/x', 'it must be [HOST:]PORT'],
    ['KEYWARD_HTTP_HOSTS', 'a.example,https://b.example', 'it must be a name'],
    ['KEYWARD_HTTP_PUBLIC_URL', 'https://a.example', 'it must be an https URL'],
    ['KEYWARD_HTTP_TRUSTED_PROXIES', '0.0.0.0/0', 'it must be an address or a range'],
  ])('%s=%s is refused by name', (name, value, problem) => {
    const message = told(load(file, { variables: { [name]: value } }));
    expect(message).toContain(`environment variable ${name} is not valid: ${problem}`);
  });

  it('is handed over by the settings; a text that the client did not expand is refused', () => {
    const machine = { platform: 'linux', homeFolder: '/h' } as const;
    expect(readSettings({ ...given, KEYWARD_HTTP_CONFIG: '' }, machine)).toMatchObject({ value: { http: given } });
    for (const name of ['KEYWARD_HTTP_CONFIG', ...Object.keys(given)]) {
      expect(readSettings({ [name]: '\u0024{VALUE}' }, machine)).toMatchObject({
        ok: false,
        failure: { facts: { file: `environment variable ${name}` } },
      });
    }
  });
});

describe('the key of the server', () => {
  function homeWith(tls: string): string {
    const home = tempFolder({ 'http.yaml': `tls: ${tls}\n` });
    for (const name of ['client.pem', 'client.key']) copyFileSync(fixturePath(name), join(home, name));
    chmodSync(join(home, 'client.key'), 0o600);
    return home;
  }
  const tlsOf = (home: string) => loadHttpSettings({ home, variables: {}, isServed });

  it('is read beside the file, with its certificate', () => {
    const loaded = tlsOf(homeWith('{ cert: client.pem, key: client.key }'));
    expect(told(loaded)).toBe('nothing is wrong');
    expect(loaded).toMatchObject({ value: { tls: { cert: fixture('client.pem'), key: fixture('client.key') } } });
  });

  it('is read whole from a descriptor, which is closed', () => {
    const descriptor = openSync(fixturePath('client.key'), 'r');
    const loaded = tlsOf(homeWith(`{ cert: client.pem, keyFd: ${descriptor} }`));
    expect(loaded).toMatchObject({ value: { tls: { key: fixture('client.key') } } });
    expect(() => closeSync(descriptor)).toThrow('EBADF');
    expect(told(tlsOf(homeWith(`{ cert: client.pem, keyFd: ${descriptor} }`)))).toContain('CONFIG/UNREADABLE');
  });

  // A group may read a key that root gave it, and none of anyone else.
  const groupRead = process.getuid?.() === 0 ? 'nothing is wrong' : 'others can read it';
  it.skipIf(process.platform === 'win32').each([
    [0o640, groupRead],
    [0o604, 'others can read it (mode 604)'],
    [0o622, 'others can write it (mode 622)'],
  ])('P7: of mode %o: %s', (mode, problem) => {
    const home = homeWith('{ cert: client.pem, key: client.key }');
    chmodSync(join(home, 'client.key'), mode);
    expect(told(tlsOf(home))).toContain(problem);
  });

  it('P7: is not told, whatever is wrong with it', () => {
    const home = homeWith('{ cert: client.pem, key: client.key }');
    const wrong: readonly [cert: string, key: string, problem: string][] = [
      ['no certificate', fixture('client.key'), 'holds no certificate'],
      [fixture('client.pem'), 'sk-live-1', 'holds no private key'],
      [fixture('ca.pem'), fixture('client.key'), 'not the key of the certificate'],
    ];
    for (const [cert, key, problem] of wrong) {
      writeFileSync(join(home, 'client.pem'), cert);
      writeFileSync(join(home, 'client.key'), key);
      const loaded = tlsOf(home);
      expect(told(loaded)).toContain(problem);
      expect(JSON.stringify(loaded)).not.toContain('sk-live-1');
    }
  });

  it('is not read from a served workspace', () => {
    const root = homeWith('{}');
    const home = tempFolder({ 'http.yaml': `tls: { cert: ${root}/client.pem, key: ${root}/client.key }\n` });
    const loaded = loadHttpSettings({ home, variables: {}, isServed: createFence([root]).holds });
    expect(told(loaded)).toContain('it lies in a workspace that is served');
  });
});
