import type { IncomingMessage } from 'node:http';
import { createRequire } from 'node:module';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { createCourier } from '../../../../src/courier/deliver.ts';
import { createSigner } from '../../../../src/signer/sign.ts';
import { handle, keepsNothing, planTo, secretSource, text } from '../../courier/stand.ts';
import { createRig, never } from '../../network/loopback.ts';
import { NOW, signDraft } from './sign-draft.ts';

/** As much of hawk as is used. */
interface Hawk {
  readonly client: { header(url: string, method: string, options: object): { header: string } };
  readonly server: {
    authenticate(request: IncomingMessage, credentials: () => object, options: object): Promise<unknown>;
  };
  readonly crypto: { calculateTsMac(ts: string, credentials: object): string };
}

const hawk = createRequire(import.meta.url)('hawk') as Hawk;
const key = 'werxhqb98rpaxn39848xrunpaw3489ruxnpa98w4rxn';
const rig = createRig();
afterAll(() => rig.closeAll());

describe('Hawk against the package hawk', () => {
  const attribute = fc.stringMatching(/^[A-Za-z0-9 ,.;:!?+*-]{0,12}$/);
  const request = fc.record({
    algorithm: fc.constantFrom('sha256', 'sha1'),
    method: fc.constantFrom('GET', 'POST', 'put'),
    target: fc.stringMatching(/^[a-z%20/.-]{0,12}$/).map((path) => `/${path.replace(/^\/+/, '')}?a=1&b=%20`),
    port: fc.constantFrom(443, 8443),
    // Of its escapes the package knows two.
    extraData: fc.tuple(attribute, fc.constantFrom('', '"', '\\', '\\"x\\')).map((texts) => texts.join('')),
    app: fc.oneof(fc.constant(''), fc.stringMatching(/^[a-z0-9]{1,8}$/)),
    delegation: fc.oneof(fc.constant(''), fc.stringMatching(/^[a-z0-9]{1,8}$/)),
    body: fc.string({ unit: 'grapheme', maxLength: 20 }),
    type: fc.constantFrom('application/json', 'Text/Plain ; charset=utf-8'),
    hashes: fc.boolean(),
  });

  it('writes any header as it does', () => {
    fc.assert(
      fc.property(request, ({ algorithm, method, target, port, extraData, app, delegation, body, type, hashes }) => {
        const host = port === 443 ? 'api.example.com' : `api.example.com:${port}`;
        const fields = { authId: 'id-1', authKey: key, algorithm, extraData, app, delegation, nonce: 'n-1' };
        const { headers } = signDraft(
          'hawk',
          { ...fields, includePayloadHash: String(hashes) },
          { method, target, headers: [['Content-Type', type]], body, place: { host, port } },
        );
        const theirs = hawk.client.header(`https://${host}${target}`, method, {
          credentials: { id: 'id-1', key, algorithm },
          timestamp: NOW / 1000,
          nonce: 'n-1',
          ext: extraData,
          app,
          dlg: delegation,
          ...(hashes && body !== '' && { payload: body, contentType: type }),
        });
        expect(headers.authorization).toBe(theirs.header);
      }),
      { numRuns: 150 },
    );
  });

  it.each([
    ['1353832234', '1353832234'],
    ['0', String(NOW / 1000)],
    ['soon', String(NOW / 1000)],
    ['', String(NOW / 1000)],
  ])('of the stated timestamp %j takes %s', (timestamp, expected) => {
    const { headers } = signDraft('hawk', { authId: 'i', authKey: key, timestamp });
    expect(headers.authorization).toContain(`ts="${expected}"`);
  });
});

describe('Hawk with a clock that is wrong', () => {
  /** A server an hour ahead, which takes no request that is older than a minute. */
  async function callSkewed(forge: (challenge: string) => string) {
    const seen: string[] = [];
    const server = await rig.http((request, response) => {
      seen.push(/ts="(\d+)"/.exec(request.headers.authorization ?? '')?.[1] ?? '');
      hawk.server
        .authenticate(request, () => ({ id: 'id-1', key, algorithm: 'sha256' }), { localtimeOffsetMsec: 3_600_000 })
        .then(
          () => response.end('in'),
          (refused: { output: { headers: Record<string, string> } }) =>
            response
              .writeHead(401, { 'WWW-Authenticate': forge(refused.output.headers['WWW-Authenticate'] ?? '') })
              .end(),
        );
    });
    const now = () => Date.now();
    const courier = createCourier({
      signer: createSigner({ secrets: secretSource({ key: { value: key, origins: [server.origin] } }), now }),
      network: rig.network({ allow: [server.origin] }),
      captured: keepsNothing,
      now,
    });
    const fields = { authId: text('id-1'), authKey: [handle('key')], extraData: text('some-data') };
    const plan = planTo({ to: `${server.origin}/in?a=1`, auth: { type: 'hawk', fields } });
    const limits = { timeoutMs: 5_000, responseBytes: 1024, redirects: 0, caller: 'test' };
    const delivered = await courier.deliver(plan, limits, never);
    return { seen, status: delivered.ok ? delivered.value.status : delivered.failure.code };
  }

  it('signs once more with the time that the server proves to be its own', async () => {
    const { seen, status } = await callSkewed((challenge) => challenge);
    expect(status).toBe(200);
    expect(seen).toHaveLength(2);
    expect(Number(seen[1]) - Number(seen[0])).toBeGreaterThanOrEqual(3_600);
  });

  it('keeps its own time where the proof is another one, and lets the answer stand', async () => {
    const { seen, status } = await callSkewed((challenge) =>
      challenge.replace(/tsm="[^"]*"/, `tsm="${Buffer.alloc(32).toString('base64')}"`),
    );
    expect(status).toBe(401);
    expect(seen).toHaveLength(2);
    expect(Number(seen[1]) - Number(seen[0])).toBeLessThan(60);
  });

  it('asks no second time without a time', async () => {
    const { seen, status } = await callSkewed(() => 'Hawk error="Unauthorized"');
    expect({ status, sent: seen.length }).toEqual({ status: 401, sent: 1 });
  });

  it('takes a proven time in the place of a stated one', () => {
    const ts = '1500000000';
    const tsm = hawk.crypto.calculateTsMac(ts, { key, algorithm: 'sha256' });
    const challenges = [`Basic realm="x", Hawk ts="${ts}", tsm="${tsm}", error="Stale timestamp"`];
    const fields = { authId: 'i', authKey: key, timestamp: '1' };
    const { headers } = signDraft('hawk', fields, { round: { number: 1, challenges } });
    expect(headers.authorization).toContain(`ts="${ts}"`);
  });
});
