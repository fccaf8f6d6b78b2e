// PKCS#12 archives as OpenSSL writes them: what is taken out is what went in.
import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { openArchive } from '../../../src/network/archive.ts';
import { fixture, fixtureBytes, fixturePath, PASSPHRASE } from './tls-stand.ts';

const CERTIFICATES = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----\n/g;
const namesIn = (pem: string) =>
  (pem.match(CERTIFICATES) ?? []).map((each) => new X509Certificate(each).subject.split('\n')[0]);
const CLIENT = 'CN=Fake client one';

/** An archive of the client's certificate and key, with that of the authority beside them. */
function exported(passphrase: string, ...options: string[]): Buffer {
  const paths = [
    '-in',
    fixturePath('client.pem'),
    '-inkey',
    fixturePath('client.key'),
    '-certfile',
    fixturePath('ca.pem'),
  ];
  const made = spawnSync('openssl', ['pkcs12', '-export', ...paths, '-passout', `pass:${passphrase}`, ...options]);
  expect(made.stderr.toString()).toBe('');
  return made.stdout;
}

const HAS_OPENSSL = spawnSync('openssl', ['version']).status === 0;
const TRIPLE = ['-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-3DES', '-macalg', 'sha1'];

const FORMS: readonly (readonly [form: string, passphrase: string, options: readonly string[]])[] = [
  ['AES-256', PASSPHRASE, []],
  ['AES-128 of many rounds', PASSPHRASE, ['-keypbe', 'AES-128-CBC', '-certpbe', 'AES-192-CBC', '-iter', '5000']],
  ['triple DES of Windows', PASSPHRASE, TRIPLE],
  ['triple DES in PBES2', PASSPHRASE, ['-keypbe', 'DES-EDE3-CBC', '-certpbe', 'DES-EDE3-CBC']],
  ['all in the open', PASSPHRASE, ['-certpbe', 'NONE', '-keypbe', 'NONE']],
  ['no passphrase and triple DES', '', TRIPLE],
  ['a passphrase in another script and triple DES', 'pässwörd-密', TRIPLE],
  ['a passphrase in another script and AES', 'pässwörd-密', ['-certpbe', 'NONE']],
  ['a passphrase longer than a block', 'long-'.repeat(30), TRIPLE],
];

describe('an archive', () => {
  it.skipIf(!HAS_OPENSSL).each(FORMS)('of OpenSSL with %s is read', (_, passphrase, options) => {
    const opened = openArchive(exported(passphrase, ...options), passphrase);
    expect(opened?.key).toBe(fixture('client.key'));
    expect(namesIn(opened?.cert ?? '')).toEqual([CLIENT, 'CN=Fake CA']);
  });

  it.skipIf(!HAS_OPENSSL)('with another cipher, or without the key, gives nothing', () => {
    for (const options of [['-keypbe', 'CAMELLIA-256-CBC'], ['-nokeys']])
      expect(openArchive(exported(PASSPHRASE, ...options), PASSPHRASE)).toBeUndefined();
  });

  it('gives nothing for another passphrase, and without its end or its beginning', () => {
    const archive = fixtureBytes('client-chain.pfx');
    expect(namesIn(openArchive(archive, PASSPHRASE)?.cert ?? '')).toEqual([CLIENT, 'CN=Fake CA']);
    expect(openArchive(archive, 'another')).toBeUndefined();
    expect(openArchive(archive)).toBeUndefined();
    for (const length of [0, 1, 2, 40, 200, 600])
      expect(openArchive(archive.subarray(0, length), PASSPHRASE)).toBeUndefined();
    expect(openArchive(Buffer.alloc(4096, 0x30), PASSPHRASE)).toBeUndefined();
  });

  it('in BER, with lengths that are not stated and strings in parts, is read', () => {
    const opened = openArchive(loosened(fixtureBytes('client-chain.pfx')), PASSPHRASE);
    expect(opened).toEqual(openArchive(fixtureBytes('client-chain.pfx'), PASSPHRASE));
  });
});

/** The outermost nodes in the form without lengths, and the string in them in two parts (X.690 sections 8.1.3.6 and 8.7.3). */
function loosened(der: Buffer): Buffer {
  const contentAt = (at: number): number => at + 2 + ((der[at + 1] ?? 0) > 0x80 ? (der[at + 1] ?? 0) - 0x80 : 0);
  const version = contentAt(0);
  const info = version + 3;
  const oid = contentAt(info);
  const tagged = oid + 11;
  const string = contentAt(tagged);
  const start = contentAt(string);
  const size = der.readUIntBE(string + 2, start - string - 2);
  const end = [Buffer.from([0, 0])];
  const open = (tag: number, ...inside: Buffer[]) => Buffer.concat([Buffer.from([tag, 0x80]), ...inside, ...end]);
  const part = (bytes: Buffer) =>
    Buffer.concat([Buffer.from([0x04, 0x82, bytes.length >> 8, bytes.length & 0xff]), bytes]);
  const whole = der.subarray(start, start + size);
  const parts = open(0x24, part(whole.subarray(0, 300)), part(whole.subarray(300)));
  const outer = open(0x30, der.subarray(oid, tagged), open(0xa0, parts));
  return open(0x30, der.subarray(version, info), outer, der.subarray(start + size));
}
