import { createHash } from 'node:crypto';
import { rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { strictPolicy } from '../../../shared/config/effective-policy.ts';
import { limits } from '../../../shared/limits.ts';
import { placeConfig } from '../../../src/config/config-place.ts';
import { type ConfigOptions, loadConfig, type TextBefore } from '../../../src/config/load-config.ts';
import { makePipe, tempFolder } from '../workspace/temp-folder.ts';

const PEM = '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n';
const never = () => false;
const always = () => true;

/** A keyward.yaml, where it is wrong, and what is said. */
const INVALID: readonly (readonly [text: string, line: number, column: number, problem: string])[] = [
  ['acess:\n  default: safe', 1, 1, 'unknown key "acess"; did you mean "access"?'],
  ['version: 1\naccess:\n  defualt: safe', 3, 3, 'unknown key "defualt"; did you mean "default"?'],
  ['limits: { responsebytes: 1 }', 1, 11, 'unknown key "responsebytes"; did you mean "responseBytes"?'],
  ['network:\n  tls:\n    qqqqqqqqqqqq: 1', 3, 5, 'unknown key "qqqqqqqqqqqq"'],
  ['version: 2', 1, 10, 'version must be 1'],
  ['access:\n  default: open', 2, 12, 'access.default must be hidden, read-only, safe, full'],
  ['access:\n  collections:\n    "A B": none', 3, 12, 'access.collections.A B must be hidden, read-only, safe, full'],
  ['approvals: { unsafe: yes }', 1, 22, 'approvals.unsafe must be ask, deny, allow'],
  ['collections: a.json', 1, 14, 'collections must be a list'],
  ['collections: [a, 1]', 1, 18, 'collections.1 must be a text'],
  [`collections: [a, "${'**/'.repeat(256)}q"]`, 1, 18, 'collections.1 must have at most 256 parts between slashes'],
  [
    'network: { allow: ["example.com"] }',
    1,
    20,
    'network.allow.0 must be an origin (http://localhost:3000) or a range (10.1.0.0/16)',
  ],
  [
    'network: { allow: ["http://a/path"] }',
    1,
    20,
    'network.allow.0 must be an origin (http://localhost:3000) or a range (10.1.0.0/16)',
  ],
  [
    'network: { proxy: "http://user:pass@proxy:1" }',
    1,
    19,
    'network.proxy must not hold a user name: network.proxyCredentials says who asks',
  ],
  [
    'network: { proxy: "socks5h://proxy:1" }',
    1,
    19,
    'network.proxy must be socks5://host:port: names are resolved here, and the proxy is asked for the address that was judged',
  ],
  [
    'network: { proxy: "ftp://proxy:1" }',
    1,
    19,
    'network.proxy must be http://host:port, https://host:port or socks5://host:port',
  ],
  [
    'network:\n  proxyCredentials: { username: a, password: hunter2 }',
    2,
    46,
    'network.proxyCredentials.password must be {{vault:NAME}}: secrets do not stand in this file',
  ],
  [
    'network:\n  proxyCredentials: { username: "a:b", password: "{{vault:p}}" }',
    2,
    33,
    'network.proxyCredentials.username must be {{vault:NAME}}, or a name without a colon and control characters',
  ],
  ['network: { noProxy: ["a b"] }', 1, 22, 'network.noProxy.0 must be an origin, a host or *.domain'],
  ['network: { noProxy: ["a:80"] }', 1, 22, 'network.noProxy.0 must be an origin, a host or *.domain'],
  ...(
    [
      ['origin: "http://a.test"', 'origin', 'must be an origin with https, such as https://api.example.com'],
      ['origin: "https://a.test", cert: a', 'cert', 'needs a key'],
      ['origin: "https://a.test", key: a', 'key', 'needs a cert'],
      ['origin: "https://a.test", pfx: a, key: b, cert: c', 'pfx', 'stands in the place of cert and key'],
      ['origin: "https://a.test", passphrase: "{{vault:p}}"', 'passphrase', 'needs key or pfx'],
      [
        'origin: "https://a.test", pfx: a, passphrase: hunter2',
        'passphrase',
        'must be {{vault:NAME}}: secrets do not stand in this file',
      ],
      [
        'origin: "https://a.test", cert: a, key: "{{k}}"',
        'key',
        'must be {{vault:NAME}} or a file: secrets do not stand in this file',
      ],
      [
        'origin: "https://a.test", cert: a, key: "-----BEGIN PRIVATE KEY-----"',
        'key',
        'must be {{vault:NAME}} or a file: secrets do not stand in this file',
      ],
      ['origin: "https://a.test", serverName: "10.0.0.1"', 'serverName', 'must be the name of a host'],
    ] as const
  ).map(([entry, key, problem]): (typeof INVALID)[number] => [
    `network: { tls: { origins: [{ ${entry} }] } }`,
    1,
    31 + entry.indexOf(`${key}: `) + key.length + 2,
    `network.tls.origins.0.${key} ${problem}`,
  ]),
  [
    'network: { tls: { origins: [{ origin: "https://a.test" }, { origin: "https://A.test:443/" }] } }',
    1,
    28,
    'network.tls.origins has two of one origin',
  ],
  ['limits: { timeoutMs: 0 }', 1, 22, 'limits.timeoutMs must be at least 1'],
  [
    `limits: { timeoutMs: ${limits.maxTimeoutMs + 1} }`,
    1,
    22,
    `limits.timeoutMs must be at most ${limits.maxTimeoutMs}`,
  ],
  ['limits: { redirects: -1 }', 1, 22, 'limits.redirects must be at least 0'],
  ['limits: { redirects: 21 }', 1, 22, 'limits.redirects must be at most 20'],
  ['limits: { redirects: 1.5 }', 1, 22, 'limits.redirects must be a whole number'],
  ['limits: { scriptMs: 0 }', 1, 21, 'limits.scriptMs must be at least 1'],
  [`limits: { scriptMs: ${limits.maxScriptMs + 1} }`, 1, 21, `limits.scriptMs must be at most ${limits.maxScriptMs}`],
  ['scripts: { run: off }', 1, 17, 'scripts.run must be true or false'],
  ['scripts: { runs: false }', 1, 12, 'unknown key "runs"; did you mean "run"?'],
  ['limits: { responseBytes: "1" }', 1, 26, 'limits.responseBytes must be a number'],
  ['just text', 1, 1, 'the file must be a map of keys'],
  ['- a', 1, 1, 'the file must be a map of keys'],
  ['access: [', 1, 10, 'it is not valid YAML'],
  ['access:\n\tdefault: safe', 2, 1, 'it is not valid YAML'],
  ['version: 1\nversion: 1', 2, 1, 'a key stands twice'],
  ['version: 1\n---\nversion: 1', 2, 1, 'it is not valid YAML'],
];

describe('a keyward.yaml that is not valid', () => {
  it.each(INVALID)('P9: %j is refused at its line', (text, line, column, problem) => {
    const root = tempFolder({ 'keyward.yaml': text });
    const file = join(root, 'keyward.yaml');
    const loaded = load({ roots: [root], isTrusted: always });
    expect(loaded.ok ? undefined : loaded.failure).toEqual({
      code: 'CONFIG/INVALID',
      facts: { file, problem },
      where: { file, line, column },
    });
  });

  it('P12: with an alias bomb is refused', () => {
    const levels = Array.from(
      { length: 9 },
      (_, index) => `l${index + 1}: &l${index + 1} [${Array(9).fill(`*l${index}`).join(',')}]`,
    );
    const root = tempFolder({ 'keyward.yaml': `l0: &l0 [x]\n${levels.join('\n')}` });
    expect(load({ roots: [root], isTrusted: never })).toMatchObject({ failure: { code: 'CONFIG/INVALID' } });
  });

  it.each([
    ['no UTF-8', (file: string) => writeFileSync(file, Buffer.from([0xff, 0x3a])), 'CONFIG/INVALID'],
    ['too large', (file: string) => truncateSync(file, limits.configFileBytes + 1), 'CONFIG/UNREADABLE'],
    ['a named pipe', replaceByPipe, 'CONFIG/UNREADABLE'],
  ])('P7: because it is %s is refused, not passed over', (_, spoil, code) => {
    const root = tempFolder({ 'keyward.yaml': 'version: 1' });
    spoil(join(root, 'keyward.yaml'));
    expect(load({ roots: [root], isTrusted: always })).toMatchObject({ failure: { code } });
  });
});

describe('loading', () => {
  it.each([
    ['no file', {}],
    ['an empty file', { 'keyward.yaml': '' }],
    ['a comment', { 'keyward.yaml': '# nothing\n' }],
  ])('P7: %s gives the strict defaults', (_, files) => {
    expect(load({ roots: [tempFolder(files)], isTrusted: always })).toMatchObject({
      value: { policy: strictPolicy, loosens: [] },
    });
  });

  it('P8: an edit loosens nothing until it is trusted, and its hash is that of the bytes', () => {
    const text =
      'version: 1\ncollections: ["apis"]\nnetwork: { allow: ["http://localhost:3000"] }\naccess: { environments: { prod: hidden } }\n';
    const root = tempFolder({ 'keyward.yaml': text });
    const hash = createHash('sha256').update(text).digest('hex');
    const untrusted = load({ roots: [root], isTrusted: never });
    expect(untrusted).toMatchObject({
      value: {
        hash,
        text,
        trusted: false,
        alsoWithin: [['apis']],
        loosens: ['collections: apis (even where it is ignored)', 'network.allow: http://localhost:3000'],
        file: join(root, 'keyward.yaml'),
      },
    });
    expect(untrusted.ok && untrusted.value.policy).toEqual({
      ...strictPolicy,
      access: { ...strictPolicy.access, environments: { prod: 'hidden' } },
    });
    const trusted = load({ roots: [root], isTrusted: (given) => given === hash });
    expect(trusted.ok && trusted.value.policy.network.allow).toEqual(['http://localhost:3000']);
    writeFileSync(join(root, 'keyward.yaml'), `${text} `);
    const edited = load({ roots: [root], isTrusted: (given) => given === hash });
    expect(edited.ok && edited.value.policy.network.allow).toEqual([]);
  });

  it.each([
    ['is edited', 'version: 1\n'],
    ['is deleted', undefined],
  ])('P8: what a trusted file tightened keeps holding after it %s', (_, text) => {
    const before =
      'access: { environments: { prod: hidden } }\nnetwork: { allow: ["10.0.0.0/8"] }\nlimits: { timeoutMs: 5 }';
    const root = tempFolder(text === undefined ? {} : { 'keyward.yaml': text });
    const file = join(root, 'keyward.yaml');
    const loaded = load({
      roots: [root],
      isTrusted: never,
      trustedBefore: (path) => (path === file ? { text: before, vouched: true } : undefined),
    });
    expect(loaded.ok && loaded.value.policy).toEqual({
      ...strictPolicy,
      access: { ...strictPolicy.access, environments: { prod: 'hidden' } },
      limits: { ...strictPolicy.limits, timeoutMs: 5 },
    });
  });

  it.each([
    ['is edited to take in all', 'version: 1\n', []],
    ['is edited to take in others', 'collections: ["b"]\n', [['b']]],
    ['is deleted', undefined, []],
  ])('P8: what a trusted file served stays all that is served after it %s', (_, text, own) => {
    const root = tempFolder(text === undefined ? {} : { 'keyward.yaml': text });
    const asBefore = { roots: [root], isTrusted: never, trustedBefore: vouched('collections: ["a", "c"]') };
    expect(load(asBefore)).toMatchObject({ value: { alsoWithin: [...own, ['a', 'c']] } });
    const trusted = load({ ...asBefore, isTrusted: always });
    expect(trusted.ok && 'alsoWithin' in trusted.value).toBe(text === undefined);
  });

  const PROXIED =
    'network: { proxy: "http://egress.test:3128", proxyCredentials: { username: agent, password: "{{vault:P}}" },' +
    ' noProxy: [inner.test], allow: ["10.0.0.0/8"] }';
  const kept = {
    allow: [],
    ca: [],
    proxy: 'http://egress.test:3128',
    proxyCredentials: { username: { text: 'agent' }, password: 'P' },
    noProxy: ['inner.test'],
  };

  it.each([
    ['is edited elsewhere', `${PROXIED}\n# more`],
    ['is edited to have none', 'version: 1\n'],
    ['is edited to have another', 'network: { proxy: "socks5://evil.test:1080" }'],
    ['is edited to go round it', 'network: { proxy: "http://egress.test:3128", noProxy: ["*.test", inner.test] }'],
    ['is edited to ask as another', PROXIED.replace('username: agent', 'username: other')],
    [
      'is edited to check no certificate',
      'network: { tls: { origins: [{ origin: "https://egress.test:3128", verify: false }] } }',
    ],
    ['is deleted', undefined],
  ])('P8: the proxy of a trusted file, its credentials and its exceptions stay in use after it %s', (_, text) => {
    const root = tempFolder(text === undefined ? {} : { 'keyward.yaml': text });
    const loaded = load({ roots: [root], isTrusted: never, trustedBefore: vouched(PROXIED) });
    expect(loaded.ok && loaded.value.policy.network).toEqual(kept);
    const trusted = load({ roots: [root], isTrusted: always, trustedBefore: vouched(PROXIED) });
    if (text === 'version: 1\n') expect(trusted.ok && trusted.value.policy).toEqual(strictPolicy);
  });

  it('P8: a proxy that nobody trusted, or that nothing proves to be trusted, is not used', () => {
    const root = tempFolder({ 'keyward.yaml': PROXIED });
    const untrusted = { roots: [root], isTrusted: never };
    const first = load(untrusted);
    expect(first.ok && first.value.policy).toEqual(strictPolicy);
    const after = load({ ...untrusted, trustedBefore: vouched('version: 1') });
    expect(after.ok && after.value.policy).toEqual(strictPolicy);
    const doubted = { ...untrusted, trustedBefore: () => ({ text: PROXIED, vouched: false }) };
    expect(load(doubted)).toMatchObject({ failure: { code: 'POLICY/UNTRUSTED_CONFIG' } });
    const shown = load({ ...doubted, asOperator: true });
    expect(shown.ok && shown.value.policy).toEqual(strictPolicy);
  });

  it('P8: trust covers the certificates that the file names', () => {
    const text = 'network: { tls: { ca: ["./ca.pem"] } }';
    const root = tempFolder({ 'keyward.yaml': text, 'ca.pem': PEM });
    const first = load({ roots: [root], isTrusted: never, asOperator: true });
    const hash = first.ok ? first.value.hash : undefined;
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    const accepted = {
      roots: [root],
      isTrusted: (given: string) => given === hash,
      isKnown: (given: string) => given === text,
    };
    expect(first.ok && first.value.policy.network.ca).toEqual([]);
    const trusted = load(accepted);
    expect(trusted.ok && trusted.value.policy.network.ca).toEqual([PEM]);
    writeFileSync(join(root, 'ca.pem'), `${PEM}${PEM}`);
    expect(load(accepted)).toMatchObject({ value: { trusted: false, policy: strictPolicy } });
    writeFileSync(join(root, 'ca.pem'), 'not a certificate');
    expect(load(accepted)).toMatchObject({ failure: { code: 'CONFIG/INVALID' } });
    rmSync(join(root, 'ca.pem'));
    expect(load(accepted)).toMatchObject({ failure: { code: 'CONFIG/UNREADABLE' } });
  });

  it('P8: until it is trusted, files that it names are not touched: all answers are one', () => {
    const elsewhere = tempFolder({ 'there.pem': PEM, 'other.txt': 'x' });
    const answers = ['there.pem', 'other.txt', 'missing.pem', 'other.txt/x'].map((name) => {
      const root = tempFolder({ 'keyward.yaml': `network: { tls: { ca: ["${join(elsewhere, name)}"] } }` });
      const loaded = load({ roots: [root], isTrusted: always, isKnown: never });
      return loaded.ok ? { ...loaded.value, file: '', text: '', loosens: [] } : loaded;
    });
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ trusted: false, policy: strictPolicy });
    expect(answers[0]).not.toHaveProperty('hash');
  });

  it('P8: nothing is read from where nothing may be read', () => {
    const root = tempFolder({
      'keyward.yaml': 'network: { tls: { ca: ["data/ca.pem"] } }',
      'data/ca.pem': PEM,
      'data/keyward.yaml': 'version: 1',
    });
    const isForbidden = (path: string) => path.startsWith(join(root, 'data'));
    const options = { isTrusted: always, asOperator: true, isForbidden };
    expect(load({ ...options, roots: [root] })).toMatchObject({
      failure: { code: 'CONFIG/INVALID', facts: { file: join(root, 'data/ca.pem') } },
    });
    expect(load({ ...options, roots: [join(root, 'data')] })).toMatchObject({
      failure: { code: 'CONFIG/HOME_UNSAFE' },
    });
  });

  it('finds the file beside a root that is a file, and refuses two of them', () => {
    const one = tempFolder({ 'keyward.yaml': 'access: { default: hidden }', 'a.json': '{}', 'b.json': '{}' });
    const two = tempFolder({ 'keyward.yaml': 'version: 1' });
    expect(load({ roots: [join(one, 'a.json'), join(one, 'b.json'), one], isTrusted: never })).toMatchObject({
      value: { policy: { access: { default: 'hidden' } } },
    });
    expect(load({ roots: [one, two], isTrusted: never })).toMatchObject({ failure: { code: 'CONFIG/INVALID' } });
  });
});

function vouched(text: string): () => TextBefore {
  return () => ({ text, vouched: true });
}

function replaceByPipe(file: string): void {
  rmSync(file);
  makePipe(file);
}

interface Loading extends Omit<ConfigOptions, 'isForbidden' | 'place'>, Partial<Pick<ConfigOptions, 'isForbidden'>> {
  readonly roots: readonly string[];
}

function load({ roots, ...options }: Loading): ReturnType<typeof loadConfig> {
  const place = placeConfig(roots);
  return place.ok ? loadConfig({ isForbidden: never, ...options, place: place.value }) : place;
}
