// What a server that shows everything it is sent can show of a computation over secrets: nothing.
import type { IncomingMessage } from 'node:http';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { limits } from '../../../shared/limits.ts';
import { judgeComputations } from '../../../shared/request/judge-computations.ts';
import type { PlanFields } from '../../../shared/request/plan.ts';
import { seal } from '../../../shared/secret/seal.ts';
import type { Plan } from '../../../shared/stages/stages.ts';
import type { DerivedPiece, Rendered } from '../../../shared/template/template.ts';
import { createCourier } from '../../../src/courier/deliver.ts';
import type { TokenKeeper } from '../../../src/courier/show-trip.ts';
import { createSigner } from '../../../src/signer/sign.ts';
import { keepsNothing, planTo, type StandInSecret, secretSource, text } from '../courier/stand.ts';
import { createRig, never } from '../network/loopback.ts';
import { anyComputation, computed, expected, leaf, plain, utf8 } from './derived-expression.ts';

const rig = createRig();
afterAll(() => rig.closeAll());

// Look like nothing that a pattern would find: only knowing them can take them out.
const values = { key: 'zebra-Quilt-81-Lantern', other: 'violet Harbour 7 & more' };
const delivery = { timeoutMs: 20_000, responseBytes: 1024 * 1024, redirects: 5, caller: 'test' };

interface Sent {
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** Answers with everything it was sent, as it came and decoded in the ways that a server decodes; then whatever is put on the list. */
async function stage(bindTo?: string, keeper: TokenKeeper = keepsNothing) {
  const sent: Sent[] = [];
  const answers: ((sent: Sent) => unknown)[] = [];
  const server = await rig.http((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { url = '', headers } = request;
      const seen = { url, headers, body: Buffer.concat(chunks).toString() };
      sent.push(seen);
      response.setHeader('X-Query', url);
      response.setHeader('Content-Type', 'application/json');
      response.end(JSON.stringify((answers.shift() ?? reflected)(seen)));
    });
  });
  const bound = (value: string): StandInSecret => ({ value, origins: [bindTo ?? server.origin] });
  const source = secretSource({ key: bound(values.key), other: bound(values.other) });
  const now = () => Date.now();
  const network = rig.network({ allow: [server.origin] });
  const courier = createCourier({ signer: createSigner({ secrets: source, now }), network, captured: keeper, now });
  const deliver = (plan: Plan) => courier.deliver(plan, delivery, never);
  return { sent, answers, server, source, deliver };
}

function reflected({ url, headers, body }: Sent) {
  const query = new URL(url, 'http://localhost').searchParams.get('q') ?? '';
  const decoded = [query, headers['x-signed'] ?? '', body].flatMap((each) =>
    (['base64', 'base64url', 'hex'] as const).map((encoding) => Buffer.from(String(each), encoding)),
  );
  const again = decoded.flatMap((each) => [each.toString(), each.toString('latin1'), each.toString('hex')]);
  return { url, query, headers, body, fields: [...new URLSearchParams(body)], again };
}

function everywhere(origin: string, piece: DerivedPiece): Plan {
  const value: Rendered = [piece];
  const body: PlanFields['body'] = { kind: 'urlencoded', fields: [{ name: text('b'), value }] };
  return planTo({
    ...{ to: `${origin}/echo`, method: 'POST', body },
    query: [{ name: text('q'), value }],
    headers: [{ name: 'X-Signed', value: [plain('v1 '), piece] }],
    auth: { type: 'bearer', fields: { token: value } },
  });
}

const sha = { name: 'hmac', algorithm: 'sha256' } as const;
const base64 = { name: 'encode', to: 'base64' } as const;
const mac = computed(base64, [computed(sha, [plain('GET\n/orders')], [leaf('key')])]);

describe('P1: a server that shows everything it is sent', () => {
  it('shows no byte of a value, of a result, or of what was computed on the way', async () => {
    const { deliver, server, sent } = await stage();
    await fc.assert(
      fc.asyncProperty(anyComputation(Object.keys(values)), async (piece) => {
        const seen: Buffer[] = [];
        const result = expected(piece, values, seen);
        const value = result && utf8(result);
        // What no header can hold is refused.
        fc.pre(
          judgeComputations([piece]).ok &&
            value !== undefined &&
            /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(value),
        );
        const delivered = await deliver(everywhere(server.origin, piece));
        const shown = JSON.stringify(delivered);
        expect(delivered).toMatchObject({ ok: true, value: { status: 200 } });
        expect(sent.at(-1)?.headers).toMatchObject({ 'x-signed': `v1 ${value}`, authorization: `Bearer ${value}` });
        expect(new URLSearchParams(sent.at(-1)?.body).get('b')).toBe(value);
        const forms = [...Object.values(values).map((each) => Buffer.from(each)), ...seen].flatMap((each) => [
          utf8(each) ?? each.toString('base64'),
          each.toString('hex'),
        ]);
        const long = forms.filter(({ length }) => length >= limits.secretMinScrubChars);
        expect(long.filter((form) => shown.includes(JSON.stringify(form).slice(1, -1)))).toEqual([]);
      }),
      { numRuns: 15 },
    );
  });

  it('the request is shown with a mark in the place of the whole result', async () => {
    const { deliver, server } = await stage();
    const delivered = await deliver(everywhere(server.origin, mac));
    if (!delivered.ok) throw new Error(delivered.failure.code);
    const { url, headers } = delivered.value.request;
    expect(url).toBe(`${server.origin}/echo?q=[redacted]`);
    expect(headers.filter(({ name }) => /x-signed|authorization/i.test(name)).map(({ value }) => value)).toEqual([
      'v1 [redacted]',
      'Bearer [redacted]',
    ]);
  });

  it('a later answer of that origin does not show it either, whatever it is asked for', async () => {
    const { deliver, server, answers, sent } = await stage();
    await deliver(everywhere(server.origin, mac));
    const signed = String(sent[0]?.headers['x-signed']).slice(3);
    answers.push(() => ({ log: [`X-Signed: v1 ${signed}`, encodeURIComponent(signed)] }));
    const later = await deliver(planTo({ to: `${server.origin}/log` }));
    expect(later).toMatchObject({ ok: true, value: { status: 200 } });
    expect(JSON.stringify(later)).not.toContain(signed.slice(0, 12));
  });

  it('a result is never captured as a token, in its own answer or a later one', async () => {
    const captured: string[] = [];
    const keeper: TokenKeeper = {
      ...keepsNothing,
      capture(token) {
        captured.push(token.value);
        return keepsNothing.capture(token);
      },
    };
    const { deliver, server, answers, sent } = await stage(undefined, keeper);
    answers.push(({ headers }) => ({ access_token: String(headers['x-signed']).slice(3) }));
    answers.push(() => ({ access_token: String(sent[0]?.headers['x-signed']).slice(3) }));
    answers.push(() => ({ access_token: 'fresh-Token-from-the-server-1' }));
    await deliver(everywhere(server.origin, mac));
    await deliver(planTo({ to: `${server.origin}/a` }));
    expect(captured).toEqual([]);
    await deliver(planTo({ to: `${server.origin}/b` }));
    expect(captured).toEqual(['fresh-Token-from-the-server-1']);
  });
});

describe('P2: a computation goes where its secrets may go', () => {
  it('towards another origin nothing is opened and nothing is sent, wherever it stands', async () => {
    const { deliver, server, source } = await stage('https://elsewhere.example');
    await fc.assert(
      fc.asyncProperty(anyComputation(['key', 'other']), fc.integer({ min: 0, max: 3 }), async (piece, place) => {
        const { url, headers, body, auth } = everywhere(server.origin, piece);
        const one = [{ query: url.query }, { headers }, { body }, { auth }][place];
        const delivered = await deliver(planTo({ to: `${server.origin}/echo`, method: 'POST', ...one }));
        expect(delivered).toMatchObject({ ok: false, failure: { code: 'SECRET/ORIGIN_NOT_BOUND' } });
      }),
      { numRuns: 60 },
    );
    expect([source.opened, server.connections()]).toEqual([[], 0]);
  });

  it('one over a secret of the collection goes where the files alone send it', async () => {
    const { deliver, server } = await stage();
    const own = computed(base64, [{ kind: 'inline', value: seal(values.other) }]);
    const plan = (statedOrigin: string) =>
      planTo({ ...{ to: `${server.origin}/a`, statedOrigin }, headers: [{ name: 'X-Own', value: [own] }] });
    expect(await deliver(plan('https://elsewhere.example'))).toMatchObject({
      failure: { code: 'SECRET/ORIGIN_NOT_BOUND' },
    });
    expect(server.connections()).toBe(0);
    expect(await deliver(plan(server.origin))).toMatchObject({ ok: true });
  });

  it('a redirect to another origin takes no result there, not even in its target', async () => {
    const arrived: IncomingMessage['headers'][] = [];
    const other = await rig.http((request, response) => {
      arrived.push(request.headers);
      response.end('arrived');
    });
    const targets = [
      () => `${other.origin}/next`,
      (sent: string) => `${other.origin}/next?s=${encodeURIComponent(sent)}`,
    ];
    const first = await rig.http((request, response) => {
      const target = targets.shift() ?? (() => '/');
      response.writeHead(302, { location: target(String(request.headers['x-signed']).slice(3)) }).end();
    });
    const now = () => Date.now();
    const network = rig.network({ allow: [first.origin, other.origin] });
    const secrets = secretSource({ key: { value: values.key, origins: [first.origin] } });
    const courier = createCourier({ signer: createSigner({ secrets, now }), network, captured: keepsNothing, now });
    const plan = planTo({ to: `${first.origin}/a`, headers: [{ name: 'X-Signed', value: [plain('v1 '), mac] }] });
    expect(await courier.deliver(plan, delivery, never)).toMatchObject({ ok: true, value: { status: 200 } });
    expect(arrived[0]).not.toHaveProperty('x-signed');
    expect(await courier.deliver(plan, delivery, never)).toMatchObject({
      failure: { code: 'NETWORK/REDIRECT_DENIED' },
    });
    expect(arrived).toHaveLength(1);
  });
});
