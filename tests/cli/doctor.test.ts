import { chmodSync, copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fixturePath } from '../unit/network/tls-stand.ts';
import { allowing, harbour } from './harbour.ts';
import { createDesk, type Desk } from './run-keyward.ts';

interface Finding {
  readonly state: string;
  readonly about: string;
  readonly detail: string;
}

describe('keyward doctor', () => {
  let desk: Desk;

  const doctor = async () => {
    const { code, out } = await desk.keyward(['doctor', '--json']);
    const { findings } = JSON.parse(out) as { findings: Finding[] };
    return { code, about: (about: string) => findings.filter((finding) => finding.about === about) };
  };

  beforeEach(() => {
    desk = createDesk();
    desk.save('harbour.json', harbour('http://127.0.0.1:9'));
  });
  afterEach(() => desk.clear());

  it('is content with a workspace whose secrets are there', async () => {
    await desk.keyward(
      ['secrets', 'set', 'HARBOUR_TOKEN', '--origin', 'http://127.0.0.1:9', '--stdin'],
      'kw_test_11c0de11',
    );
    const { code, about } = await doctor();
    expect(code).toBe(0);
    expect(about('workspace')[0]?.detail).toBe('1 collections, 2 requests, 0 environments');
    expect(about('vault')[0]).toMatchObject({ state: 'ok', detail: expect.stringContaining('key-file') });
    expect(about('vault key')[0]).toMatchObject({ state: 'warning' });
    expect(about('keychain')[0]?.detail).toContain('not used');
  });

  it('names a secret that requests need and the vault has not', async () => {
    const { code, about } = await doctor();
    expect(code).toBe(1);
    expect(about('secret')[0]).toMatchObject({ state: 'problem', detail: expect.stringContaining('HARBOUR_TOKEN') });
  });

  it('P9: names each file that did not load with its place, and the rest is served', async () => {
    desk.save('broken.postman_collection.json', '{\n  "info": {\n    "name": "x",,\n');
    const { code, about } = await doctor();
    expect(code).toBe(1);
    expect(about('file')[0]?.detail).toMatch(/^broken\.postman_collection\.json:3:\d+ {2}COLLECTION\/MALFORMED/);
    expect(about('workspace')[0]?.detail).toContain('2 requests');
  });

  it('P8: tells what an untrusted keyward.yaml would loosen, and that it does not count', async () => {
    desk.save('keyward.yaml', allowing('http://127.0.0.1:9'));
    const untrusted = (await doctor()).about('keyward.yaml')[0];
    expect(untrusted).toMatchObject({ state: 'warning', detail: expect.stringContaining('network.allow') });
    await desk.keyward(['trust', '--yes']);
    expect((await doctor()).about('keyward.yaml')[0]).toMatchObject({ state: 'ok' });
  });

  it('P4: tells of a note of trust that does not verify, and trusts nothing by it', async () => {
    desk.save('keyward.yaml', allowing('http://127.0.0.1:9'));
    await desk.keyward(['trust', '--yes']);
    expect((await doctor()).about('trust')).toEqual([]);
    rmSync(join(desk.home, 'trust.key'));
    const { code, about } = await doctor();
    expect(code).toBe(1);
    expect(about('trust')[0]).toMatchObject({ state: 'problem', detail: expect.stringContaining('keyward.yaml') });
    expect(about('keyward.yaml')[0]).toMatchObject({ state: 'warning' });
    expect((await desk.keyward(['trust', '--yes'])).errors).toContain('does not verify');
    expect((await doctor()).about('trust')).toEqual([]);
  });

  it('P8: tells of a data folder inside the workspace, and so does the start', async () => {
    const home = ['--home', join(desk.workspace, 'data')];
    const { code, out } = await desk.keyward(['doctor', '--json', ...home]);
    const { findings } = JSON.parse(out) as { findings: Finding[] };
    expect(code).toBe(1);
    expect(findings.find(({ about }) => about === 'data folder')).toMatchObject({
      state: 'problem',
      detail: expect.stringContaining('one inside the other'),
    });
    expect((await desk.keyward(['serve', ...home])).errors).toContain('one inside the other');
    expect((await desk.keyward(['serve'])).errors).not.toContain('one inside the other');
  });

  describe('and serving over HTTP', () => {
    const httpYaml = (text: string): string => {
      mkdirSync(desk.home, { recursive: true, mode: 0o700 });
      const file = join(desk.home, 'http.yaml');
      writeFileSync(file, text, { mode: 0o600 });
      return file;
    };
    const http = async (env: Readonly<Record<string, string>> = {}) => {
      const { out } = await desk.keyward(['doctor', '--json'], '', env);
      const { findings } = JSON.parse(out) as { findings: Finding[] };
      return findings.filter(({ about }) => about === 'http.yaml');
    };

    it('says that there is none', async () => {
      expect(await http()).toMatchObject([{ state: 'ok', detail: expect.stringMatching(/^none; /) }]);
    });

    it('says where it listens, and warns where nobody can call', async () => {
      httpYaml('listen: "[::1]:3000"\n');
      expect(await http()).toMatchObject([{ state: 'warning', detail: expect.stringContaining('nobody can call') }]);
      expect((await desk.keyward(['access', 'create', 'bot'])).code).toBe(0);
      expect(await http()).toMatchObject([{ state: 'ok', detail: expect.stringContaining('listens at [::1]:3000') }]);
      rmSync(join(desk.home, 'http.yaml'));
      const env = { KEYWARD_HTTP_LISTEN: '4000' };
      expect(await http(env)).toMatchObject([
        { detail: 'from the environment; serve --http listens at 127.0.0.1:4000' },
      ]);
    });

    it('leaves the descriptor to the server that is handed the key on it, and looks at the certificate', async () => {
      httpYaml('tls: { cert: client.pem, keyFd: 3 }\n');
      expect(await http()).toMatchObject([{ state: 'problem', detail: expect.stringContaining('client.pem') }]);
      copyFileSync(fixturePath('client.pem'), join(desk.home, 'client.pem'));
      expect(await http()).toMatchObject([{ detail: expect.stringContaining('from file descriptor 3') }]);
    });

    const PUBLIC = 'listen: "0.0.0.0:0"\n';
    const TLS = 'tls: { cert: client.pem, key: client.key }\n';
    const refused: [what: string, yaml: string, ready?: () => unknown][] = [
      ['an unknown key', 'listen: 1\nhots: [a.example]\n'],
      ['no YAML', 'listen: [1\n'],
      ['a file that others can write', 'listen: 1\n', () => chmodSync(join(desk.home, 'http.yaml'), 0o622)],
      ['an address for all without a caller', `${PUBLIC}hosts: [a.example]\n`],
      ['without hosts', PUBLIC, () => desk.keyward(['access', 'create', 'bot'])],
      ['without TLS', `${PUBLIC}hosts: [a.example]\n`, () => desk.keyward(['access', 'create', 'bot'])],
      ['no certificate', TLS, () => rmSync(join(desk.home, 'client.pem'))],
      ['no key', TLS, () => rmSync(join(desk.home, 'client.key'))],
      ['a key that others can read', TLS, () => chmodSync(join(desk.home, 'client.key'), 0o604)],
      ['another key', TLS, () => copyFileSync(fixturePath('ca.pem'), join(desk.home, 'client.pem'))],
    ];

    it.skipIf(process.platform === 'win32').each(refused)(
      'P7: %s is told as serve --http tells it, which does not start',
      async (_, yaml, ready = () => undefined) => {
        httpYaml(yaml);
        for (const name of ['client.pem', 'client.key']) {
          copyFileSync(fixturePath(name), join(desk.home, name));
          chmodSync(join(desk.home, name), 0o600);
        }
        await ready();
        const [finding] = await http();
        const { code, errors } = await desk.keyward(['serve', '--http', '0.0.0.0:0']);
        expect(code).not.toBe(0);
        expect(finding?.state).toBe('problem');
        const [place, told = ''] = (finding?.detail ?? '').split(/ {2}(?=[A-Z]+\/)/);
        expect(errors).toContain(`error ${told || place}`);
        if (told) expect(errors).toContain(`at: ${place}`);
      },
    );
  });

  it('tells of an auth type that is refused', async () => {
    const collection = { ...harbour('http://127.0.0.1:9'), auth: { type: 'negotiate', negotiate: [] } };
    desk.save('harbour.json', collection);
    expect((await doctor()).about('auth')[0]?.detail).toContain('"negotiate" is not supported yet');
  });
});
