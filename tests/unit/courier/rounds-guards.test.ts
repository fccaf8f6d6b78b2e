import { generateKeyPairSync } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { isSecretAuthField } from '../../../shared/collection/secret-auth-fields.ts';
import type { Plan } from '../../../shared/stages/stages.ts';
import { createCourier } from '../../../src/courier/deliver.ts';
import { createSigner } from '../../../src/signer/sign.ts';
import { createRig } from '../network/loopback.ts';
import { handle, keepsNothing, planTo, secretSource, text } from './stand.ts';

const rig = createRig();
afterAll(() => rig.closeAll());

const limits = { timeoutMs: 20_000, responseBytes: 1024 * 1024, redirects: 5, caller: 'test' };
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

interface Row {
  readonly type: string;
  /** Everything that the scheme knows. */
  readonly fields: Readonly<Record<string, string>>;
  readonly needed: readonly string[];
  readonly secret: readonly string[];
}

const digestFields = { username: 'u', password: 'p', realm: 'r', nonce: 'n', algorithm: 'MD5', qop: 'auth' };
const rows: readonly Row[] = [
  {
    type: 'digest',
    fields: { ...digestFields, nonceCount: '00000001', clientNonce: 'c', opaque: 'o', disableRetryRequest: 'true' },
    needed: ['username', 'password'],
    secret: ['password', 'nonce', 'clientNonce', 'opaque'],
  },
  {
    type: 'ntlm',
    fields: { username: 'u', password: 'p', domain: 'd', workstation: 'w', disableRetryRequest: 'true' },
    needed: ['username', 'password'],
    secret: ['password'],
  },
  {
    type: 'jwt',
    fields: {
      algorithm: 'HS256',
      secret: 's',
      isSecretBase64Encoded: 'true',
      payload: '{}',
      header: '{}',
      headerPrefix: 'Bearer',
      addTokenTo: 'header',
      queryParamKey: 'token',
    },
    needed: ['algorithm', 'secret'],
    secret: ['secret'],
  },
  {
    type: 'jwt',
    fields: { algorithm: 'RS256', privateKey: pem, payload: '{}', addTokenTo: 'queryParam' },
    needed: ['algorithm', 'privateKey'],
    secret: ['privateKey'],
  },
  {
    type: 'asap',
    fields: { alg: 'RS256', kid: 'k', iss: 'i', sub: 's', aud: 'a', exp: '60', claims: '{}', privateKey: pem },
    needed: ['kid', 'iss', 'aud', 'privateKey'],
    secret: ['privateKey'],
  },
  {
    type: 'edgegrid',
    fields: {
      accessToken: 'a',
      clientToken: 'c',
      clientSecret: 's',
      nonce: 'n',
      timestamp: 't',
      baseURL: 'https://x.example',
      headersToSign: 'X-A',
      maxBodySize: '1',
    },
    needed: ['accessToken', 'clientToken', 'clientSecret'],
    secret: ['accessToken', 'clientToken', 'clientSecret'],
  },
];

const named = rows.map((row) => [`${row.type} with ${row.secret[0]}`, row] as const);

/** A server and a client whose secrets are the fields, each bound to `bound`. */
async function stage({ fields }: Row, bound?: string) {
  const server = await rig.http((_, response) => response.end('welcome'));
  const origins = [bound ?? server.origin];
  const source = secretSource(
    Object.fromEntries(Object.entries(fields).map(([id, value]) => [id, { value, origins }])),
  );
  const now = () => Date.now();
  const courier = createCourier({
    signer: createSigner({ secrets: source, now }),
    network: rig.network({ allow: [server.origin] }),
    captured: keepsNothing,
    now,
  });
  return { source, server, deliver: (plan: Plan) => courier.deliver(plan, limits, new AbortController().signal) };
}

const asText = ({ fields }: Row) => Object.entries(fields).map(([name, value]) => [name, text(value)] as const);

describe.each(named)('%s', (_, row) => {
  it('P2: a handle in any field goes nowhere but to its origin, and is not opened for another', async () => {
    const { source, server, deliver } = await stage(row, 'https://other.example');
    for (const field of Object.keys(row.fields)) {
      const fields = Object.fromEntries([...asText(row), [field, [handle(field)]]]);
      const delivered = await deliver(planTo({ to: server.origin, auth: { type: row.type, fields } }));
      expect(delivered, field).toMatchObject({ ok: false, failure: { code: 'SECRET/ORIGIN_NOT_BOUND' } });
    }
    expect(source.opened).toEqual([]);
    expect(server.connections()).toBe(0);
  });

  it('a handle may stand in every field', async () => {
    const { source, server, deliver } = await stage(row);
    const fields = Object.fromEntries(Object.keys(row.fields).map((field) => [field, [handle(field)]]));
    const delivered = await deliver(planTo({ to: server.origin, auth: { type: row.type, fields } }));
    expect(delivered).toMatchObject({ ok: true, value: { status: 200 } });
    expect([...source.opened].sort()).toEqual(Object.keys(row.fields).sort());
  });

  it('P7: without a field that it needs nothing is sent', async () => {
    const { server, deliver } = await stage(row);
    for (const field of row.needed) {
      const fields = Object.fromEntries(asText(row).filter(([name]) => name !== field));
      const delivered = await deliver(planTo({ to: server.origin, auth: { type: row.type, fields } }));
      const facts = { type: row.type, field };
      expect(delivered, field).toMatchObject({ ok: false, failure: { code: 'REQUEST/AUTH_INCOMPLETE', facts } });
    }
    expect(server.connections()).toBe(0);
  });

  it('P1: its secret fields are known as such, and no others', () => {
    expect(
      Object.keys(row.fields)
        .filter((field) => isSecretAuthField(row.type, field))
        .sort(),
    ).toEqual([...row.secret].sort());
  });
});
