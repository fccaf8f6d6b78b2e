import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failure } from '../../../shared/failure/failure.ts';
import { err, ok } from '../../../shared/failure/result.ts';
import { limits } from '../../../shared/limits.ts';
import { seal } from '../../../shared/secret/seal.ts';
import { type SecretPlace, secretPlaces } from '../../../shared/secret/secret-ref.ts';
import { markPlan, type Plan } from '../../../shared/stages/stages.ts';
import type { Piece, Rendered } from '../../../shared/template/template.ts';
import { createCourier } from '../../../src/courier/deliver.ts';
import type { Network } from '../../../src/network/network.ts';
import { createSigner } from '../../../src/signer/sign.ts';
import { handle, keepsNothing, type PlanParts, planTo, type StandInSecret, secretSource, text } from './stand.ts';

const bound = 'https://api.example.com';
const secrets = {
  key: { value: 'sk_live_123456', origins: [bound] },
  old: { value: 'sk_old_123456', origins: [bound], expiresAt: 1_000 },
  fresh: { value: 'sk_fresh_12345', origins: [bound], expiresAt: 1_001 },
  path: { value: 'sk_path_123456', origins: [bound], pathAllowed: true },
};

async function attempt(plan: Plan, given: Readonly<Record<string, StandInSecret>> = secrets) {
  const source = secretSource(given);
  const pinned: string[] = [];
  // Every destination resolves, so that only binding can stop a secret.
  const network: Pick<Network, 'pin' | 'send' | 'endSession'> = {
    endSession: () => undefined,
    pin: (_, host, port) => {
      pinned.push(host);
      return Promise.resolve(ok({ scheme: 'https', host, port, address: '8.8.8.8', family: 4, exception: false }));
    },
    send: () => Promise.resolve(err(failure('NETWORK/CONNECT_FAILED', { origin: 'stand-in', reason: 'none' }))),
  };
  const now = () => 1_000;
  const courier = createCourier({
    signer: createSigner({ secrets: source, now }),
    network,
    captured: keepsNothing,
    now,
  });
  const delivery = { timeoutMs: 10_000, responseBytes: 1_000, redirects: 5, caller: 'test' };
  const delivered = await courier.deliver(plan, delivery, new AbortController().signal);
  return { code: delivered.ok ? 'delivered' : delivered.failure.code, opened: source.opened, pinned };
}

type Place = (piece: Piece) => Partial<PlanParts>;

const places: Record<string, Place> = {
  header: (piece) => ({ headers: [{ name: 'X-Key', value: [piece] }] }),
  query: (piece) => ({ query: [{ name: text('key'), value: [piece] }] }),
  queryName: (piece) => ({ query: [{ name: [piece], value: null }] }),
  text: (piece) => ({ body: { kind: 'text', text: [...text('{"k":"'), piece, ...text('"}')] } }),
  form: (piece) => ({ body: { kind: 'urlencoded', fields: [{ name: text('k'), value: [piece] }] } }),
  part: (piece) => ({ body: { kind: 'multipart', parts: [{ kind: 'text', name: text('k'), value: [piece] }] } }),
  partName: (piece) => ({ body: { kind: 'multipart', parts: [{ kind: 'text', name: [piece], value: text('v') }] } }),
  filePartName: (piece) => ({
    body: { kind: 'multipart', parts: [{ kind: 'file', name: [piece], fileName: 'f', bytes: new Uint8Array() }] },
  }),
  bearer: (piece) => ({ auth: { type: 'bearer', fields: { token: [piece] } } }),
  basic: (piece) => ({ auth: { type: 'basic', fields: { username: text('u'), password: [piece] } } }),
  apikey: (piece) => ({ auth: { type: 'apikey', fields: { key: text('k'), value: [piece], in: text('query') } } }),
  awsv4: (piece) => ({ auth: { type: 'awsv4', fields: { accessKey: text('A'), secretKey: [piece] } } }),
};

const placeNames: Readonly<Record<string, SecretPlace>> = {
  header: 'header',
  query: 'query',
  queryName: 'query',
  text: 'body',
  form: 'body',
  part: 'body',
  partName: 'body',
  filePartName: 'body',
};

const boundSpellings = [
  'https://api.example.com',
  'https://API.Example.COM/x',
  'https://api.example.com:443/',
  'https://api.example.com./',
  'https://api.exampl%65.com/',
  'https://ａpi.example.com/',
];

const unboundSpellings = [
  'http://api.example.com',
  'http://api.example.com:443',
  'https://api.example.com:8443',
  'https://api.example.com:80',
  'https://api.example.com.evil.test',
  'https://api.example.com.:444',
  'https://evil.test/api.example.com',
  'https://evil.test/?https://api.example.com',
  'https://evil.test#@api.example.com',
  'https://example.com',
  'https://x.api.example.com',
  'https://api-example.com',
  'https://apiexample.com',
  'https://api.example.co',
  'https://api.example.com..',
  'https://аpi.example.com',
  'https://[::1]',
  'https://8.8.8.8',
  'https://localhost:3000',
];

describe('P2: handles go to their origins only', () => {
  it('P2: to every spelling of the bound origin', async () => {
    for (const to of boundSpellings) {
      for (const [name, place] of Object.entries(places)) {
        const { code, opened } = await attempt(planTo({ to, ...place(handle('key')) }));
        expect([code, opened], `${to} ${name}`).toEqual(['NETWORK/CONNECT_FAILED', ['key']]);
      }
    }
  });

  it('P2: to no other origin: nothing is opened, nothing is resolved', async () => {
    for (const to of unboundSpellings) {
      for (const [name, place] of Object.entries(places)) {
        const { code, opened, pinned } = await attempt(planTo({ to, ...place(handle('key')) }));
        expect([code, opened, pinned], `${to} ${name}`).toEqual(['SECRET/ORIGIN_NOT_BOUND', [], []]);
      }
    }
  });

  it('P2: for any URL, an origin that is not the bound one opens nothing', async () => {
    const host = fc.oneof(
      fc.domain(),
      fc.constantFrom('api.example.com', 'api.example.com.', 'API.EXAMPLE.COM'),
      fc.ipV4(),
    );
    const url = fc
      .tuple(fc.constantFrom('http', 'https'), host, fc.option(fc.nat(65_535)), fc.webPath())
      .map(([scheme, name, port, path]) => `${scheme}://${name}${port === null ? '' : `:${port}`}${path}`)
      .filter((candidate) => URL.canParse(candidate));
    const place = fc.constantFrom(...Object.values(places));
    const hostHeader = fc.constantFrom<Partial<PlanParts>>(
      {},
      { headers: [{ name: 'Host', value: text('api.example.com') }] },
    );
    await fc.assert(
      fc.asyncProperty(url, place, hostHeader, async (to, put, extra) => {
        const { opened } = await attempt(planTo({ to, ...extra, ...put(handle('key')) }));
        const isBound = new URL(to).origin.replace(/\.$/, '') === bound;
        expect(opened).toEqual(isBound ? ['key'] : []);
      }),
      { numRuns: 500 },
    );
  });

  it('P2: an inline secret goes to the origin that the file states, and nowhere else', async () => {
    const sealed: Rendered = [{ kind: 'inline', value: seal('inline_secret_1') }];
    for (const [to, statedOrigin, code] of [
      [bound, bound, 'NETWORK/CONNECT_FAILED'],
      [bound, 'https://api.example.com:8443', 'SECRET/ORIGIN_NOT_BOUND'],
      [bound, 'http://api.example.com', 'SECRET/ORIGIN_NOT_BOUND'],
      ['https://evil.test', bound, 'SECRET/ORIGIN_NOT_BOUND'],
    ] as const) {
      for (const place of Object.values(places)) {
        const plan = planTo({ to, statedOrigin, ...place(sealed[0] as Piece) });
        const { code: given, pinned } = await attempt(plan);
        expect(given, `${to} ${statedOrigin}`).toBe(code);
        // Refused before the name is looked up: even that would tell.
        expect(pinned).toHaveLength(code === 'SECRET/ORIGIN_NOT_BOUND' ? 0 : 1);
      }
    }
    const { statedOrigin: _, ...unstated } = planTo({ to: bound, headers: [{ name: 'X-Key', value: sealed }] });
    expect((await attempt(markPlan(unstated))).code).toBe('SECRET/ORIGIN_NOT_BOUND');
  });

  it('P7: a handle that is missing or has expired stops the call before anything is opened or resolved', async () => {
    for (const [id, code] of [
      ['missing', 'SECRET/NOT_FOUND'],
      ['old', 'SECRET/EXPIRED'],
    ] as const) {
      const headers = [
        { name: 'X-A', value: [handle('key')] },
        { name: 'X-B', value: [handle(id)] },
      ];
      expect(await attempt(planTo({ to: bound, headers }))).toEqual({ code, opened: [], pinned: [] });
    }
    const fresh = await attempt(planTo({ to: bound, headers: [{ name: 'X-A', value: [handle('fresh')] }] }));
    expect(fresh.opened).toEqual(['fresh']);
  });

  it('P7: a clock behind the storing of a secret that expires stops the call, one that was corrected does not', async () => {
    const stored = 1_000 + limits.clockStepBackMs;
    const secretAt = (updatedAt: number, expiresAt?: number) => ({
      key: { value: 'sk_live_123456', origins: [bound], updatedAt, ...(expiresAt && { expiresAt }) },
    });
    const headers = [{ name: 'X-A', value: [handle('key')] }];
    const rows = [
      [secretAt(stored, stored + 1), 'NETWORK/CONNECT_FAILED'],
      [secretAt(stored + 1, stored + 2), 'SECRET/EXPIRY_UNKNOWN'],
      [secretAt(stored + 1), 'NETWORK/CONNECT_FAILED'],
    ] as const;
    for (const [given, code] of rows) {
      const { opened, ...attempted } = await attempt(planTo({ to: bound, headers }), given);
      expect([attempted.code, opened.length]).toEqual([code, code === 'SECRET/EXPIRY_UNKNOWN' ? 0 : 1]);
    }
  });

  it('P2: a handle stands in a path only with the word of the operator', async () => {
    const inPath = (id: string) => attempt(planTo({ to: bound, path: [...text('/v1/'), handle(id)] }));
    expect(await inPath('key')).toMatchObject({ code: 'SECRET/PLACE_NOT_ALLOWED', opened: [] });
    expect(await inPath('path')).toMatchObject({ code: 'NETWORK/CONNECT_FAILED', opened: ['path'] });
  });

  it('P2: in no place, with no method and at no time that it is not allowed for: nothing is opened, nothing is resolved', async () => {
    const placed = Object.entries(places);
    const rules = fc.record({
      places: fc.option(fc.subarray([...secretPlaces]), { nil: undefined }),
      pathAllowed: fc.boolean(),
      methods: fc.option(fc.subarray(['GET', 'POST', 'DELETE']), { nil: undefined }),
      expiresAt: fc.constantFrom(undefined, 999, 1_000, 1_001),
      maxUses: fc.constantFrom(undefined, 1, 2),
      useCount: fc.nat(2),
    });
    const method = fc.constantFrom('GET', 'POST', 'DELETE', 'get');
    const override = fc.constantFrom(undefined, 'DELETE', 'GET');
    await fc.assert(
      fc.asyncProperty(rules, fc.constantFrom(...placed), method, override, async (rule, [name, put], sent, other) => {
        const stated = Object.fromEntries(Object.entries(rule).filter(([, value]) => value !== undefined));
        const given = { key: { value: 'sk_live_123456', origins: [bound], ...stated } };
        const parts = put(handle('key'));
        const headers = other === undefined ? [] : [{ name: 'X-HTTP-Method-Override', value: text(other) }];
        const plan = planTo({ to: bound, method: sent, ...parts, headers: [...(parts.headers ?? []), ...headers] });
        const place = placeNames[name] ?? 'auth';
        // A parameter or a field whose name is secret could be one that names another method.
        const methods = [sent, ...(other === undefined ? [] : [other]), ...(/name$/i.test(name) ? [''] : [])];
        const allowed =
          (rule.places?.includes(place) ?? true) &&
          (rule.expiresAt ?? 1_001) > 1_000 &&
          methods.every((each) => rule.methods?.includes(each) ?? true) &&
          (rule.maxUses === undefined || rule.useCount < rule.maxUses);
        const { opened, pinned, code } = await attempt(plan, given);
        expect([opened, pinned.length]).toEqual(allowed ? [['key'], 1] : [[], 0]);
        if (!allowed) expect(code).toMatch(/^SECRET\/(?:PLACE_NOT_ALLOWED|EXPIRED|METHOD_NOT_ALLOWED|USED_UP)$/);
      }),
      { numRuns: 300 },
    );
  });

  it('P2: a cookie is a place of its own, however its header is spelled', async () => {
    const given = (place: SecretPlace) => ({ key: { value: 'sk_live_123456', origins: [bound], places: [place] } });
    for (const name of ['Cookie', 'cookie', 'COOKIE', 'Cookie2']) {
      const plan = planTo({ to: bound, headers: [{ name, value: [...text('sid='), handle('key')] }] });
      expect((await attempt(plan, given('cookie'))).opened, name).toEqual(['key']);
      expect(await attempt(plan, given('header')), name).toMatchObject({
        code: 'SECRET/PLACE_NOT_ALLOWED',
        opened: [],
      });
    }
  });

  it('P2: a plan whose origin is not the one of its parts is refused', async () => {
    const plan = planTo({ to: bound, headers: [{ name: 'X-Key', value: [handle('key')] }] });
    for (const url of [
      { ...plan.url, host: 'evil.test' },
      { ...plan.url, port: '8443' },
      { ...plan.url, scheme: 'http' as const },
      { ...plan.url, host: 'evil.test/', origin: 'https://evil.test/' },
      { ...plan.url, host: 'api.example.com@evil.test' },
    ]) {
      expect(await attempt(markPlan({ ...plan, url }))).toEqual({
        code: 'REQUEST/URL_INVALID',
        opened: [],
        pinned: [],
      });
    }
  });
});
