// What network.tls.origins names, from the file to the policy.
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { strictPolicy } from '../../../shared/config/effective-policy.ts';
import { limits } from '../../../shared/limits.ts';
import { reveal } from '../../../shared/secret/reveal.ts';
import { placeConfig } from '../../../src/config/config-place.ts';
import { loadConfig } from '../../../src/config/load-config.ts';
import { fixture, fixturePath } from '../network/tls-stand.ts';
import { tempFolder } from '../workspace/temp-folder.ts';

const TEXT = `network:
  tls:
    origins:
      - { origin: "https://A.test:443", cert: both.pem, key: both.pem, ca: [ca.pem], serverName: b.test }
      - { origin: "https://b.test:8443", pfx: client.pfx, passphrase: "{{vault:pass}}" }
      - { origin: "https://c.test", cert: client.pem, key: "{{vault:key}}", verify: false }
      - { origin: "https://d.test", verify: true }
`;

function workspace(text = TEXT): string {
  const root = tempFolder({ 'keyward.yaml': text, 'both.pem': fixture('client.key') + fixture('client.pem') });
  for (const name of ['ca.pem', 'client.pem', 'client.pfx']) copyFileSync(fixturePath(name), join(root, name));
  return root;
}

function load(root: string, isTrusted: (hash: string) => boolean, asOperator = true) {
  const place = placeConfig([root]);
  if (!place.ok) throw new Error(place.failure.code);
  return loadConfig({ place: place.value, isTrusted, isForbidden: () => false, asOperator, isKnown: () => false });
}

describe('the files of network.tls.origins', () => {
  it('are read once trusted; keys are sealed, and a certificate is taken without the key beside it', () => {
    const loaded = load(workspace(), () => true);
    const tls = loaded.ok ? (loaded.value.policy.network.tls ?? []) : [];
    expect(tls).toMatchObject([
      { origin: 'https://a.test', ca: [fixture('ca.pem')], serverName: 'b.test' },
      { origin: 'https://b.test:8443', client: { passphrase: 'pass' } },
      { origin: 'https://c.test', verify: false, client: { cert: fixture('client.pem'), key: { handle: 'key' } } },
      { origin: 'https://d.test' },
    ]);
    expect(tls[3]).not.toHaveProperty('verify');
    const [first, second] = tls.map(({ client }) => client);
    const key = first && 'key' in first && 'sealed' in first.key ? first.key.sealed : undefined;
    const archive = second && 'pfx' in second ? second.pfx : undefined;
    if (!key || !archive) throw new Error('nothing is sealed');
    expect(reveal(key)).toContain(fixture('client.key'));
    expect(first).toMatchObject({ cert: fixture('client.pem') });
    const shown = JSON.stringify(loaded) + inspect(loaded, { depth: 20 });
    expect(shown).not.toContain(reveal(archive).slice(0, 20));
    expect(shown).not.toContain('PRIVATE KEY');
  });

  it('P8: count for nothing until the file is trusted, verify: false as little as a client certificate', () => {
    const root = workspace();
    const untrusted = load(root, () => false);
    expect(untrusted).toMatchObject({ value: { trusted: false, policy: strictPolicy } });
    expect(untrusted.ok && untrusted.value.policy.network).toEqual({ allow: [], ca: [] });
  });

  it('P8: are covered by the trust, each of them', () => {
    const root = workspace();
    const first = load(root, () => false);
    const hash = first.ok ? first.value.hash : undefined;
    const isTrusted = (given: string) => given === hash;
    expect(load(root, isTrusted)).toMatchObject({ value: { trusted: true } });
    for (const name of ['ca.pem', 'client.pem', 'client.pfx', 'both.pem']) {
      const path = join(root, name);
      const before = name.endsWith('.pfx') ? undefined : fixture('other.pem') + fixture('other.key');
      writeFileSync(path, before ?? Buffer.from([0x30, 1]));
      expect(load(root, isTrusted), name).toMatchObject({ value: { trusted: false } });
    }
  });

  it.each([
    ['client.pem', 'nothing', 'CONFIG/INVALID', 'it holds no certificate in PEM form'],
    ['client.pfx', 'nothing', 'CONFIG/INVALID', 'it is no PKCS#12 archive'],
    ['client.pfx', '', 'CONFIG/INVALID', 'it is no PKCS#12 archive'],
    ['both.pem', fixture('client.pem'), 'CONFIG/INVALID', 'it holds no private key in PEM form'],
    ['ca.pem', fixture('ca.pem').padEnd(limits.certificateFileBytes + 1), 'CONFIG/UNREADABLE', undefined],
  ])('P7: %s that cannot be one is refused by name', (name, text, code, problem) => {
    const root = workspace();
    writeFileSync(join(root, name), text);
    const facts = { file: join(root, name), ...(problem !== undefined && { problem }) };
    expect(load(root, () => true)).toMatchObject({ failure: { code, facts } });
  });

  it('P8: are not touched before the operator asks', () => {
    const answers = ['there.pfx', 'missing.pfx'].map((name) => {
      const root = tempFolder({
        'keyward.yaml': `network: { tls: { origins: [{ origin: "https://a.test", pfx: ${name} }] } }`,
        'there.pfx': '0',
      });
      const loaded = load(root, () => true, false);
      return loaded.ok ? { ...loaded.value, file: '', text: '', loosens: [] } : loaded;
    });
    expect(answers[0]).toEqual(answers[1]);
    expect(answers[0]).toMatchObject({ trusted: false, policy: strictPolicy });
  });
});
