import { describe, expect, it } from 'vitest';
import { effectivePolicy, stricterPolicy, strictPolicy } from '../../../shared/config/effective-policy.ts';
import { loosenings } from '../../../shared/config/loosenings.ts';
import type { Config } from '../../../shared/config/schema.ts';
import type { TransportFiles } from '../../../shared/config/stated-network.ts';
import type { Policy } from '../../../shared/policy/policy.ts';

const at = { ...strictPolicy.limits, agent: strictPolicy.agent.headers };
const PEM: TransportFiles = { ca: ['PEM'], tls: [{ origin: 'https://a.test', ca: ['PEM'], verify: false }] };

/** One setting; whether it loosens; and what it changes of the strict policy while untrusted. */
const ROWS: readonly (readonly [name: string, config: Config, loosens: readonly string[], untrusted: object])[] = [
  ['nothing', {}, [], {}],
  ['access hidden', { access: { default: 'hidden' } }, [], { access: { default: 'hidden' } }],
  ['access read-only', { access: { default: 'read-only' } }, [], { access: { default: 'read-only' } }],
  ['access at the default', { access: { default: 'safe' } }, [], {}],
  ['access full', { access: { default: 'full' } }, ['access.default: full'], {}],
  [
    'a collection hidden',
    { access: { collections: { A: 'hidden' } } },
    [],
    { access: { collections: { A: 'hidden' } } },
  ],
  [
    'a collection at the default',
    { access: { collections: { A: 'safe' } } },
    [],
    { access: { collections: { A: 'safe' } } },
  ],
  [
    'a collection full',
    { access: { collections: { A: 'full' } } },
    ['access.collections.A: full'],
    { access: { collections: { A: 'safe' } } },
  ],
  [
    'an environment hidden',
    { access: { environments: { E: 'hidden' } } },
    [],
    { access: { environments: { E: 'hidden' } } },
  ],
  [
    'an environment full',
    { access: { environments: { E: 'full' } } },
    ['access.environments.E: full'],
    { access: { environments: { E: 'safe' } } },
  ],
  [
    'a name that objects inherit',
    { access: { collections: JSON.parse('{"constructor":"hidden","__proto__":"read-only"}') } },
    [],
    { access: { collections: JSON.parse('{"constructor":"hidden","__proto__":"read-only"}') } },
  ],
  ['approvals deny', { approvals: { unsafe: 'deny' } }, [], { approvals: { unsafe: 'deny' } }],
  ['approvals at the default', { approvals: { unsafe: 'ask' } }, [], {}],
  ['approvals allow', { approvals: { unsafe: 'allow' } }, ['approvals.unsafe: allow'], {}],
  ['no exception', { network: { allow: [] } }, [], {}],
  ['an exception', { network: { allow: ['10.0.0.0/8'] } }, ['network.allow: 10.0.0.0/8'], {}],
  ['a proxy', { network: { proxy: 'http://p:1' } }, ['network.proxy: http://p:1'], {}],
  ['a certificate', { network: { tls: { ca: ['ca.pem'] } } }, ['network.tls.ca: ca.pem'], {}],
  ['a way round', { network: { noProxy: ['a.test'] } }, ['network.noProxy: a.test'], {}],
  [
    'a proxy with a password',
    {
      network: {
        proxy: 'socks5://p:1',
        proxyCredentials: { username: 'agent', password: '{{vault:p}}' },
        noProxy: ['*.A.test', 'HTTP://a.test:80/'],
      },
    },
    [
      'network.proxy: socks5://p:1',
      'network.proxyCredentials: agent with {{vault:p}}',
      'network.noProxy: *.A.test',
      'network.noProxy: HTTP://a.test:80/',
    ],
    {},
  ],
  [
    'TLS with one origin',
    {
      network: {
        tls: {
          origins: [
            { origin: 'https://a.test', cert: 'a.pem', key: '{{vault:k}}', passphrase: '{{vault:p}}', ca: ['c.pem'] },
            { origin: 'https://b.test', pfx: 'b.pfx', serverName: 'c.test', verify: false },
          ],
        },
      },
    },
    [
      'network.tls.origins: https://a.test: ca c.pem',
      'network.tls.origins: https://a.test: shows it the certificate a.pem with the key {{vault:k}}, opened with {{vault:p}}',
      'network.tls.origins: https://b.test: shows it the certificate in b.pfx',
      'network.tls.origins: https://b.test: its certificate is that of c.test',
      'network.tls.origins: https://b.test: its certificate is NOT checked: whoever is on the way can read and change everything',
    ],
    {},
  ],
  [
    'fewer bytes',
    { limits: { responseBytes: at.responseBytes - 1 } },
    [],
    { limits: { responseBytes: at.responseBytes - 1 } },
  ],
  ['bytes at the default', { limits: { responseBytes: at.responseBytes } }, [], {}],
  [
    'more bytes',
    { limits: { responseBytes: at.responseBytes + 1 } },
    [`limits.responseBytes: ${at.responseBytes + 1}`],
    {},
  ],
  ['less time', { limits: { timeoutMs: at.timeoutMs - 1 } }, [], { limits: { timeoutMs: at.timeoutMs - 1 } }],
  ['time at the default', { limits: { timeoutMs: at.timeoutMs } }, [], {}],
  ['more time', { limits: { timeoutMs: at.timeoutMs + 1 } }, [`limits.timeoutMs: ${at.timeoutMs + 1}`], {}],
  ['less time for scripts', { limits: { scriptMs: at.scriptMs - 1 } }, [], { limits: { scriptMs: at.scriptMs - 1 } }],
  ['time for scripts at the default', { limits: { scriptMs: at.scriptMs } }, [], {}],
  ['more time for scripts', { limits: { scriptMs: at.scriptMs + 1 } }, [`limits.scriptMs: ${at.scriptMs + 1}`], {}],
  ['scripts switched off', { scripts: { run: false } }, [], { scripts: { run: false } }],
  ['scripts switched on', { scripts: { run: true } }, [], {}],
  ['hosts hidden in prompts', { prompts: { redactHosts: true } }, [], { prompts: { redactHosts: true } }],
  ['hosts shown in prompts', { prompts: { redactHosts: false } }, [], {}],
  [
    'tokens of a login for the API',
    { captured: { share: [{ from: 'https://login.test', to: ['https://api.test', 'https://b.test'] }] } },
    ['captured.share: tokens from https://login.test may go to https://api.test and https://b.test'],
    {},
  ],
  ['fewer headers of an agent', { agent: { headers: ['X-A*'] } }, [], { agent: { headers: ['x-a*'] } }],
  ['the default headers of an agent', { agent: { headers: [...at.agent] } }, [], {}],
  ['no header of an agent', { agent: { headers: [] } }, [], { agent: { headers: [] } }],
  [
    'more headers of an agent',
    { agent: { headers: ['X-*', 'Soap*', 'accept'] } },
    ['agent.headers: soap* (an agent may add it)'],
    { agent: { headers: ['x-*', 'accept'] } },
  ],
  ['every header of an agent', { agent: { headers: ['*'] } }, ['agent.headers: * (an agent may add it)'], {}],
  ['a journal of everything', { journal: { detail: 'full' } }, [], {}],
  ['less in the journal', { journal: { detail: 'minimal' } }, ['journal.detail: minimal'], {}],
  [
    'less of one collection in the journal',
    { journal: { collections: { A: 'minimal' } } },
    ['journal.collections.A: minimal'],
    { journal: { collections: { A: 'full' } } },
  ],
  [
    'more of one collection in the journal',
    { journal: { detail: 'minimal', collections: { A: 'full' } } },
    ['journal.detail: minimal'],
    { journal: { collections: { A: 'full' } } },
  ],
  ['fewer redirects', { limits: { redirects: 0 } }, [], { limits: { redirects: 0 } }],
  ['redirects at the default', { limits: { redirects: at.redirects } }, [], {}],
  ['more redirects', { limits: { redirects: at.redirects + 1 } }, [`limits.redirects: ${at.redirects + 1}`], {}],
];

describe('the policy of a keyward.yaml', () => {
  it.each(ROWS)('P8: %s', (_, config, loosens, untrusted) => {
    expect(loosenings(config)).toEqual(loosens);
    expect(effectivePolicy(config, false, PEM)).toEqual(merge(untrusted));
    const trusted = effectivePolicy(config, true, config.network?.tls ? PEM : undefined);
    expect(trusted).toEqual(merge(stated(config)));
  });

  it('P8: mixes, key by key', () => {
    const config: Config = {
      access: { default: 'hidden', collections: { A: 'full' } },
      approvals: { unsafe: 'allow' },
    };
    expect(effectivePolicy(config, false)).toEqual(
      merge({ access: { default: 'hidden', collections: { A: 'safe' } } }),
    );
  });
});

describe('the stricter of two policies', () => {
  const shared = { origin: 'https://a.test', ca: [] };
  const one = effectivePolicy(
    {
      access: { default: 'full', collections: { A: 'read-only' } },
      network: { allow: ['10.0.0.0/8', '10.1.0.0/16'], proxy: 'http://p:1' },
    },
    true,
    { ca: ['X', 'Y'], tls: [shared, { ...shared, verify: false }] },
  );
  const other = effectivePolicy(
    {
      access: { default: 'safe', collections: { B: 'full' } },
      approvals: { unsafe: 'deny' },
      network: { allow: ['10.1.0.0/16'] },
      limits: { timeoutMs: 5 },
    },
    true,
    { ca: ['Y'], tls: [shared] },
  );

  it('P8: holds at every key, in either order', () => {
    const expected = merge({
      access: { default: 'safe', collections: { A: 'read-only', B: 'full' } },
      approvals: { unsafe: 'deny' },
      network: { allow: ['10.1.0.0/16'], ca: ['Y'], tls: [shared] },
      limits: { timeoutMs: 5 },
    });
    expect(stricterPolicy(one, other)).toEqual(expected);
    expect(stricterPolicy(other, one)).toEqual(expected);
  });

  it('of a policy with itself is that policy', () => {
    expect(stricterPolicy(one, one)).toEqual(one);
  });
});

/** The strict policy with these keys. */
function merge(changes: { [Key in keyof Policy]?: object }): object {
  return {
    access: { ...strictPolicy.access, ...changes.access },
    approvals: { ...strictPolicy.approvals, ...changes.approvals },
    network: { ...strictPolicy.network, ...changes.network },
    limits: { ...strictPolicy.limits, ...changes.limits },
    prompts: { ...strictPolicy.prompts, ...changes.prompts },
    captured: { ...strictPolicy.captured, ...changes.captured },
    agent: { ...strictPolicy.agent, ...changes.agent },
    providers: { ...strictPolicy.providers, ...changes.providers },
    scripts: { ...strictPolicy.scripts, ...changes.scripts },
    journal: { ...strictPolicy.journal, ...changes.journal },
  };
}

function stated({ access, approvals, network, limits, prompts, captured, agent, scripts, journal }: Config): object {
  const { tls, proxyCredentials, noProxy, ...rest } = network ?? {};
  const parsed = {
    ...rest,
    ca: tls ? PEM.ca : [],
    ...(tls && { tls: PEM.tls }),
    ...(noProxy && { noProxy: noProxy.map((entry) => entry.toLowerCase().replace(':80/', '')) }),
    ...(proxyCredentials && { proxyCredentials: { username: { text: 'agent' }, password: 'p' } }),
  };
  const headers = agent?.headers?.map((header) => header.toLowerCase());
  const added = { ...(headers && { agent: { headers } }), ...(journal && { journal }) };
  return { access, approvals, network: parsed, limits, prompts, captured, scripts, ...added };
}
