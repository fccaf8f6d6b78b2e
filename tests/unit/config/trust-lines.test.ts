// What the operator is shown before trusting: every key that needs trust, and nothing that its author wrote as a line of its own.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkConfig } from '../../../shared/config/check-config.ts';
import { configJsonSchema } from '../../../shared/config/json-schema.ts';
import { loosenings } from '../../../shared/config/loosenings.ts';
import { quotedText } from '../../../shared/config/trust-lines.ts';
import { limits } from '../../../shared/limits.ts';

/** Keys that need no trust, whatever they say. */
const NEVER_LOOSENS: Readonly<Record<string, string>> = {
  version: 'has one value only',
  'providers.vault[].kvVersion': 'has one value only',
  'prompts.redactHosts': 'hides, or leaves the default',
  'scripts.run': 'switches off, or leaves the default',
};

/** Every other key, with two values that the file is trusted for. */
const LOOSENS: Readonly<Record<string, readonly [unknown, unknown]>> = {
  'collections[]': ['a.json', 'b.json'],
  'access.default': ['full', 'safe'],
  'access.collections.*': ['full', 'safe'],
  'access.environments.*': ['full', 'safe'],
  'approvals.unsafe': ['allow', 'ask'],
  'network.allow[]': ['10.0.0.0/8', '10.0.0.0/16'],
  'network.proxy': ['http://p:1', 'socks5://p:1'],
  'network.proxyCredentials.username': ['one', 'two'],
  'network.proxyCredentials.password': ['{{vault:one}}', '{{vault:two}}'],
  'network.noProxy[]': ['one.test', '*.one.test'],
  'network.tls.ca[]': ['one.pem', 'two.pem'],
  'network.tls.origins[].origin': ['https://one.test', 'https://two.test'],
  'network.tls.origins[].ca[]': ['one.pem', 'two.pem'],
  'network.tls.origins[].cert': ['one.pem', 'two.pem'],
  'network.tls.origins[].key': ['one.key', '{{vault:one}}'],
  'network.tls.origins[].pfx': ['one.pfx', 'two.pfx'],
  'network.tls.origins[].passphrase': ['{{vault:one}}', '{{vault:two}}'],
  'network.tls.origins[].serverName': ['one.test', 'two.test'],
  'network.tls.origins[].verify': [false, true],
  'limits.responseBytes': [limits.responseBodyBytes + 1, limits.responseBodyBytes + 2],
  'limits.timeoutMs': [limits.timeoutMs + 1, limits.timeoutMs + 2],
  'limits.redirects': [limits.redirects + 1, limits.redirects + 2],
  'limits.scriptMs': [limits.scriptMs + 1, limits.scriptMs + 2],
  'providers.exec[].name': ['one', 'two'],
  'providers.exec[].program': ['/bin/one', '/bin/two'],
  'providers.exec[].arguments[]': ['one', 'two'],
  'providers.exec[].input': ['one', 'two'],
  'providers.exec[].field': ['one', 'two'],
  'providers.exec[].firstLine': [true, false],
  'providers.exec[].trim': [true, false],
  'providers.exec[].environment[]': ['ONE', 'TWO'],
  'providers.exec[].timeoutMs': [1, 2],
  'providers.exec[].cacheSeconds': [1, 2],
  'providers.vault[].name': ['one', 'two'],
  'providers.vault[].address': ['https://one.test', 'https://two.test'],
  'providers.vault[].namespace': ['one', 'two'],
  'providers.vault[].mount': ['one', 'two'],
  'providers.vault[].token': ['{{vault:one}}', '{{vault:two}}'],
  'providers.vault[].approle.roleId': ['one', 'two'],
  'providers.vault[].approle.secretId': ['{{vault:one}}', '{{vault:two}}'],
  'providers.vault[].approle.mount': ['one', 'two'],
  'providers.vault[].timeoutMs': [1, 2],
  'providers.vault[].cacheSeconds': [1, 2],
  'agent.headers[]': ['origin', 'o*'],
  'journal.detail': ['minimal', 'full'],
  'journal.collections.*': ['minimal', 'full'],
  'captured.share[].from': ['https://one.test', 'https://two.test'],
  'captured.share[].to[]': ['https://one.test', 'https://two.test'],
};

/** What else has to stand in a part of the file for it to be valid. */
const WITHIN: Readonly<Record<string, object>> = {
  'network.proxyCredentials': { username: 'agent', password: '{{vault:p}}' },
  'network.tls.origins[]': { origin: 'https://a.test' },
  'providers.exec[]': { name: 'pass', program: '/usr/bin/pass' },
  'providers.vault[]': { name: 'corp', address: 'https://vault.test', token: '{{vault:t}}' },
  'providers.vault[].approle': { roleId: 'r', secretId: '{{vault:s}}' },
  'captured.share[]': { from: 'https://login.test', to: ['https://api.test'] },
};

/** What has to stand beside a key. */
const BESIDE: Readonly<Record<string, object>> = {
  'network.tls.origins[].origin': { verify: false },
  'network.tls.origins[].cert': { key: 'a.key' },
  'network.tls.origins[].key': { cert: 'a.pem' },
  'network.tls.origins[].passphrase': { pfx: 'a.pfx' },
  'providers.vault[].approle': { token: undefined },
};

const ROWS = Object.entries(LOOSENS).map(([path, [one, two]]) => ({ path, one, two }));

describe('what is shown before it is trusted', () => {
  it('P8: every key of the schema is accounted for', () => {
    expect(Object.keys({ ...LOOSENS, ...NEVER_LOOSENS }).sort()).toEqual(leavesOf(configJsonSchema()).sort());
  });

  it.each(ROWS)('P8: $path is part of it', ({ path, one, two }) => {
    const lines = [linesOf(path, one), linesOf(path, two)];
    expect(lines[0]?.length).toBeGreaterThan(0);
    expect(lines[0]).not.toEqual(lines[1]);
  });

  it.each(Object.keys(NEVER_LOOSENS))('P8: %s alone needs no trust', (path) => {
    const known = { version: 1, 'prompts.redactHosts': true, 'scripts.run': true, 'providers.vault[].kvVersion': 2 };
    const value = known[path as keyof typeof known];
    const without = path.startsWith('providers') ? linesOf('providers.vault[].name', 'corp') : [];
    expect(linesOf(path, value)).toEqual(without);
  });

  it('P8: no text of the file is a line, or a part of one, that its author chose', () => {
    const texts = ROWS.filter(({ one }) => typeof one === 'string');
    let accepted = 0;
    for (const { path, one } of texts) {
      for (const forged of FORGED) {
        const config = checkConfig(configWith(path, forged(String(one))));
        if (!config.ok) continue;
        accepted += 1;
        const lines = loosenings(config.config);
        expect(lines, path).toHaveLength(linesOf(path, one).length);
        for (const line of lines) {
          expect(line, path).not.toMatch(/(?! )[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]/u);
          expect(line.replaceAll(/"(?:[^"\\]|\\.)*"/g, ''), path).not.toContain('access.default');
        }
      }
    }
    expect(accepted).toBeGreaterThan(20);
  });

  it('P8: the name of an environment is quoted as well', () => {
    expect(loosenings({ access: { environments: { 'a: full\nb': 'full' } } })).toEqual([
      'access.environments."a: full\\nb": full',
    ]);
  });

  it('P8: different words are never shown as the same ones', () => {
    const word = fc.array(fc.constantFrom('a', ' ', '"', '\\', '\n', '\u202e', 'u', '{', '}', '\u{e0041}'), {
      maxLength: 4,
    });
    const words = fc.array(
      word.map((chars) => chars.join('')),
      { maxLength: 3 },
    );
    const shown = new Map<string, string>();
    fc.assert(
      fc.property(words, (list) => {
        const line = list.map(quotedText).join(' ');
        const before = shown.get(line) ?? JSON.stringify(list);
        shown.set(line, before);
        return before === JSON.stringify(list);
      }),
      { numRuns: 1_000 },
    );
  });
});

const FORGED: readonly ((text: string) => string)[] = [
  (text) => `${text}\n  access.default: full`,
  (text) => `${text}\n`,
  (text) => `${text}; access.default: full`,
  (text) => `${text} access.default: full`,
  (text) => `${text}" access.default: full "`,
  (text) => `${text}\\" access.default: full`,
  (text) => `${text}\u001b[2K\u202e\u2028\u00ad\u00a0\u{e0041}`,
];

function linesOf(path: string, value: unknown): string[] {
  const checked = checkConfig(configWith(path, value));
  if (!checked.ok) throw new Error(`${path}: ${checked.problem.problem}`);
  return loosenings(checked.config);
}

function configWith(path: string, value: unknown, part = ''): unknown {
  const [, step = '', rest = ''] = /^(\[\]|[^.[]+)\.?(.*)$/.exec(path) ?? [];
  if (step === '') return value;
  const at = step === '[]' ? `${part}[]` : [part, step].filter(Boolean).join('.');
  const inner = configWith(rest, value, at);
  return step === '[]' ? [inner] : { ...WITHIN[part], ...BESIDE[at], [step]: inner };
}

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | false;
  readonly items?: Schema;
}

function leavesOf({ properties, additionalProperties, items }: Schema, at = ''): string[] {
  if (items) return leavesOf(items, `${at}[]`);
  const inside = { ...properties, ...(additionalProperties && { '*': additionalProperties }) };
  if (Object.keys(inside).length === 0) return [at];
  return Object.entries(inside).flatMap(([key, schema]) => leavesOf(schema, at === '' ? key : `${at}.${key}`));
}
