// A redirect inside one origin is a new request: it is signed for the URL that it goes to.
import { createHash } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { createCourier } from '../../../../src/courier/deliver.ts';
import { createSigner } from '../../../../src/signer/sign.ts';
import { handle, keepsNothing, planTo, secretSource, text } from '../../courier/stand.ts';
import { createRig, never } from '../../network/loopback.ts';
import { signDraft } from './sign-draft.ts';

const rig = createRig();
afterAll(() => rig.closeAll());

interface Seen {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const plainFields = {
  accessKey: 'AKIDEXAMPLE',
  secretKey: 'zebra-Quilt-81-Lantern',
  region: 'eu-west-1',
  service: 's3',
};
const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);

async function follow(status: number, method: string, inQuery: boolean) {
  const seen: Seen[] = [];
  const server = await rig.http((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method: sent = '', url = '' } = request;
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
      seen.push({ method: sent, target: url, headers, body: Buffer.concat(chunks).toString() });
      if (seen.length === 1) response.writeHead(status, { location: '/second/key?versionId=2' }).end();
      else response.end('arrived');
    });
  });
  const now = () => NOW;
  const secrets = secretSource({ key: { value: plainFields.secretKey, origins: [server.origin] } });
  const network = rig.network({ allow: [server.origin] });
  const courier = createCourier({ signer: createSigner({ secrets, now }), network, captured: keepsNothing, now });
  const { accessKey, region, service } = plainFields;
  const plan = planTo({
    to: `${server.origin}/first/key`,
    method,
    ...(method === 'POST' && { body: { kind: 'text', text: text('content') } as const }),
    auth: {
      type: 'awsv4',
      fields: {
        accessKey: text(accessKey),
        secretKey: [handle('key')],
        region: text(region),
        service: text(service),
        addAuthDataToQuery: text(String(inQuery)),
      },
    },
  });
  const limits = { timeoutMs: 5_000, responseBytes: 1024, redirects: 2, caller: 'test' };
  const delivered = await courier.deliver(plan, limits, never);
  expect(delivered).toMatchObject({ ok: true, value: { status: 200 } });
  return { seen, host: server.origin.slice('http://'.length) };
}

/** What the request that arrived has to be signed with, from nothing but where it arrived. */
function expected(target: string, { method, body }: Seen, host: string, inQuery: boolean) {
  const fields = { ...plainFields, addAuthDataToQuery: String(inQuery) };
  return signDraft('awsv4', fields, { method, target, body, place: { host, scheme: 'http', now: NOW } });
}

describe('a redirect inside one origin', () => {
  it.each([
    [302, 'GET', 'GET'],
    [307, 'POST', 'POST'],
    [303, 'POST', 'GET'],
  ])('%d of %s signs the headers anew for %s of its URL', async (status, method, next) => {
    const { seen, host } = await follow(status, method, false);
    const [first, second] = seen;
    expect(second?.method).toBe(next);
    if (!first || !second) throw new Error('one request is missing');
    expect(first.headers.authorization).toBe(expected('/first/key', first, host, false).headers.authorization);
    expect(second.headers.authorization).toBe(
      expected('/second/key?versionId=2', second, host, false).headers.authorization,
    );
    expect(second.headers['x-amz-content-sha256']).toBe(createHash('sha256').update(second.body).digest('hex'));
    expect(second.headers.authorization).not.toBe(first.headers.authorization);
  });

  it('302 signs the query anew', async () => {
    const { seen, host } = await follow(302, 'GET', true);
    const second = seen[1];
    if (!second) throw new Error('the second request is missing');
    expect(second.target).toBe(expected('/second/key?versionId=2', second, host, true).target);
  });
});

describe('a redirect to another origin', () => {
  const SECRET = plainFields.secretKey;
  const rows: readonly (readonly [type: string, fields: Readonly<Record<string, string>>])[] = [
    ['basic', { username: 'u', password: SECRET }],
    ['bearer', { token: SECRET, prefix: 'Token' }],
    ['apikey', { key: 'X-Key', value: SECRET }],
    ['apikey', { key: 'k', value: SECRET, in: 'query' }],
    ['apikey', { key: 'sid', value: SECRET, in: 'cookie' }],
    ['awsv4', { accessKey: 'AKID', secretKey: SECRET, sessionToken: SECRET }],
    ['awsv4', { accessKey: 'AKID', secretKey: SECRET, addAuthDataToQuery: 'true' }],
    ['oauth1', { consumerKey: 'ck', consumerSecret: SECRET, addParamsToHeader: 'true' }],
    ['oauth1', { consumerKey: 'ck', consumerSecret: SECRET, signatureMethod: 'PLAINTEXT' }],
    ['hawk', { authId: 'id', authKey: SECRET }],
    ['wsse', { username: 'u', password: SECRET, passwordType: 'text' }],
  ];

  it.each(rows)('P2: takes nothing of %s %o along', async (type, fields) => {
    const seen: string[] = [];
    const other = await rig.http((request, response) => {
      seen.push([request.url, ...request.rawHeaders].join('\n'));
      response.end('arrived');
    });
    const first = await rig.http((_, response) => response.writeHead(302, { location: `${other.origin}/next` }).end());
    const now = () => NOW;
    const secrets = secretSource({ key: { value: SECRET, origins: [first.origin] } });
    const network = rig.network({ allow: [first.origin, other.origin] });
    const courier = createCourier({ signer: createSigner({ secrets, now }), network, captured: keepsNothing, now });
    const rendered = Object.entries(fields).map(([name, value]) => [
      name,
      value === SECRET ? [handle('key')] : text(value),
    ]);
    const plan = planTo({ to: `${first.origin}/first`, auth: { type, fields: Object.fromEntries(rendered) } });
    const limits = { timeoutMs: 5_000, responseBytes: 1024, redirects: 2, caller: 'test' };
    const delivered = await courier.deliver(plan, limits, never);
    expect(delivered).toMatchObject({ ok: true, value: { status: 200 } });
    expect(seen).toHaveLength(1);
    const names = /authorization|x-wsse|x-key|cookie|x-amz|oauth_|AKID|\bid\b/i;
    expect(seen[0]).not.toMatch(names);
    expect(seen[0]).toMatch(/^\/next\n/);
  });
});
