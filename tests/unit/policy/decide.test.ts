import { describe, expect, it } from 'vitest';
import { parseScopes, type Reach } from '../../../shared/access/reach.ts';
import { addsOrdinary } from '../../../shared/config/stated-agent.ts';
import { collectionAccess, environmentAccess, listedAbove } from '../../../shared/policy/access.ts';
import { decide, isSafeMethod } from '../../../shared/policy/decide.ts';
import type { AccessLevel, Policy, UnsafeApproval } from '../../../shared/policy/policy.ts';
import { noProviders } from '../../../shared/policy/provider-policy.ts';

const collection = { id: 'c-1', name: 'Shop' };
const environment = { id: 'e-1', name: 'prod' };

function policy(access: Partial<Policy['access']> = {}, unsafe: UnsafeApproval = 'ask'): Policy {
  return {
    access: { default: 'safe', collections: {}, environments: {}, ...access },
    approvals: { unsafe },
    network: { allow: [], ca: [] },
    limits: { responseBytes: 1, timeoutMs: 1, redirects: 1, scriptMs: 1 },
    prompts: { redactHosts: false },
    providers: noProviders,
    captured: { share: [] },
    scripts: { run: true },
    agent: addsOrdinary,
    journal: { detail: 'full', collections: {} },
  };
}

describe('decide', () => {
  const rows: readonly [AccessLevel, UnsafeApproval, 'GET' | 'POST', string, string][] = [
    ['hidden', 'allow', 'GET', 'deny', 'access.default'],
    ['read-only', 'allow', 'GET', 'deny', 'access.default'],
    ['safe', 'ask', 'GET', 'allow', 'access.default'],
    ['safe', 'deny', 'GET', 'allow', 'access.default'],
    ['safe', 'ask', 'POST', 'ask', 'approvals.unsafe'],
    ['safe', 'deny', 'POST', 'deny', 'approvals.unsafe'],
    ['safe', 'allow', 'POST', 'allow', 'approvals.unsafe'],
    ['full', 'ask', 'POST', 'allow', 'access.default'],
    ['full', 'deny', 'POST', 'deny', 'approvals.unsafe'],
    ['full', 'deny', 'GET', 'allow', 'access.default'],
  ];
  it.each(rows)('%s, unsafe: %s, %s → %s by %s', (level, unsafe, method, verdict, rule) => {
    const decided = decide({ policy: policy({ default: level }, unsafe), collection, method, safe: method === 'GET' });
    expect(decided).toMatchObject({ verdict, rule, reason: expect.stringMatching(/\w/) });
  });

  /** What no configuration can say, and an edited record or a bug might. */
  const unknown = JSON.parse('"maybe"') as 'full' & 'allow';

  it.each([
    ['an access level', policy({ default: unknown }, 'allow'), 'GET', 'access.default'],
    [
      'a level of the collection',
      policy({ collections: { Shop: unknown } }, 'allow'),
      'GET',
      'access.collections.Shop',
    ],
    [
      'a level of the environment',
      policy({ default: 'full', environments: { prod: unknown } }),
      'GET',
      'access.environments.prod',
    ],
    ['an approval', policy({}, unknown), 'POST', 'approvals.unsafe'],
    ['an approval under full access', policy({ default: 'full' }, unknown), 'POST', 'approvals.unsafe'],
  ] as const)('P7: %s that is not understood is denied', (_, given, method, rule) => {
    const decided = decide({ policy: given, collection, environment, method, safe: method === 'GET' });
    expect(decided).toEqual({ verdict: 'deny', rule, reason: 'its rule is not understood' });
  });

  it('the stricter of collection and environment holds', () => {
    const open = policy({ collections: { Shop: 'full' }, environments: { prod: 'read-only' }, raised: ['c-1'] });
    expect(decide({ policy: open, collection, environment, method: 'GET', safe: true })).toMatchObject({
      verdict: 'deny',
      rule: 'access.environments.prod',
    });
    expect(decide({ policy: open, collection, method: 'POST', safe: false }).verdict).toBe('allow');
    // An environment that is not listed has the default, which is stricter than the collection's full.
    const other = { id: 'e-2', name: 'dev' };
    expect(decide({ policy: open, collection, environment: other, method: 'POST', safe: false }).verdict).toBe('ask');
  });
});

describe('access', () => {
  const rows: readonly [Readonly<Record<string, AccessLevel>>, AccessLevel][] = [
    [{}, 'safe'],
    [{ Shop: 'full' }, 'full'],
    [{ 'c-1': 'full' }, 'full'],
    [{ Shop: 'full', 'c-1': 'hidden' }, 'hidden'],
    [{ Shop: 'read-only', 'c-1': 'full' }, 'read-only'],
    [{ shop: 'full' }, 'safe'],
  ];
  it.each(rows)('%j gives %s', (collections, level) => {
    expect(collectionAccess(policy({ collections, raised: ['c-1'] }), collection).level).toBe(level);
  });

  const unraised: readonly [AccessLevel, Readonly<Record<string, AccessLevel>>, AccessLevel][] = [
    ['safe', { Shop: 'full' }, 'safe'],
    ['safe', { 'c-1': 'full' }, 'safe'],
    ['safe', { Shop: 'read-only' }, 'read-only'],
    ['safe', { Shop: 'full', 'c-1': 'hidden' }, 'hidden'],
    ['hidden', { Shop: 'read-only' }, 'hidden'],
    ['full', { Shop: 'full' }, 'full'],
    ['full', { Shop: 'safe' }, 'safe'],
  ];
  it.each(unraised)(
    'P8: by default %s, %j gives one that was not there at the trust %s',
    (byDefault, collections, level) => {
      const other = policy({ default: byDefault, collections, raised: ['c-2'] });
      expect(collectionAccess(other, collection).level).toBe(level);
      expect(collectionAccess(policy({ default: byDefault, collections }), collection).level).toBe(level);
    },
  );

  it('what a trust raises is what is listed above the default, by id or name', () => {
    const listed = policy({
      default: 'read-only',
      collections: { Shop: 'safe', 'c-2': 'full', Other: 'hidden', Same: 'read-only' },
    });
    const things = ['Shop', 'Second', 'Other', 'Same', 'None'].map((name, index) => ({ id: `c-${index + 1}`, name }));
    expect(listedAbove(listed, 'collections', things).map(({ id }) => id)).toEqual(['c-1', 'c-2']);
    expect(listedAbove(listed, 'environments', things)).toEqual([]);
  });

  it('a name that every object inherits is not listed', () => {
    for (const name of ['constructor', '__proto__', 'toString']) {
      expect(collectionAccess(policy(), { id: name, name }).level).toBe('safe');
    }
  });
});

describe('isSafeMethod', () => {
  it.each(['GET', 'HEAD', 'OPTIONS', 'QUERY'])('%s reads', (method) => expect(isSafeMethod(method)).toBe(true));
  it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'CONNECT', 'get', 'GET ', '', 'PROPFIND', 'LINK'])(
    '%j may change data',
    (method) => expect(isSafeMethod(method)).toBe(false),
  );
});

describe('P10: a caller who does not reach all of it', () => {
  const reach = (scopes: readonly string[]): Reach => {
    const parsed = parseScopes(scopes);
    return parsed.ok ? parsed.value : expect.unreachable();
  };
  const open: Policy = policy({ default: 'full' }, 'allow');
  const GLOBALS = { id: 'g-1', name: 'Globals', kind: 'globals' };

  it.each([
    [['execute:unsafe'], 'POST', 'allow', 'access.default'],
    [['execute'], 'POST', 'deny', 'scope'],
    [['execute'], 'GET', 'allow', 'scope'],
    [['read', 'history', 'secrets'], 'GET', 'deny', 'scope'],
    [['execute', 'collection:Shop'], 'GET', 'allow', 'scope'],
    [['execute', 'collection:c-1'], 'GET', 'allow', 'scope'],
    [['execute', 'collection:shop'], 'GET', 'deny', 'scope'],
    [['execute', 'environment:prod'], 'GET', 'allow', 'scope'],
    [['execute', 'environment:e-2'], 'GET', 'deny', 'scope'],
  ])('%j, %s: %s by %s', (scopes, method, verdict, rule) => {
    const given = { ...open, reach: reach(scopes) };
    const decided = decide({ policy: given, collection, environment, method, safe: method === 'GET' });
    expect(decided).toMatchObject({ verdict, rule });
  });

  it('is given no more than the policy gives', () => {
    for (const [at, stated] of (['hidden', 'read-only', 'safe', 'full'] as const).entries()) {
      for (const [most, scopes] of [
        ['read-only', ['read']],
        ['safe', ['execute']],
        ['full', ['execute:unsafe']],
      ] as const) {
        const { level } = collectionAccess({ ...policy({ default: stated }), reach: reach(scopes) }, collection);
        const levels = ['hidden', 'read-only', 'safe', 'full'];
        expect(levels.indexOf(level)).toBe(Math.min(at, levels.indexOf(most)));
      }
    }
  });

  it('has the globals that every request has', () => {
    const given = { ...open, reach: reach(['execute:unsafe', 'environment:dev']) };
    expect(environmentAccess(given, GLOBALS).level).toBe('full');
    expect(environmentAccess(given, environment).level).toBe('hidden');
  });
});
