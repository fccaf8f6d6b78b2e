// Requests of schemes with a challenge or a token, sent by newman and by Keyward to the same servers, which check what they are sent.
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compactVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseChallenges } from '../../src/signer/schemes/challenge.ts';
import {
  type AuthServer,
  digestServer,
  NTLM_USER,
  ntlmServer,
  type Seen,
  USER,
} from '../unit/courier/rounds-servers.ts';
import type { Recorder } from './wire-recorder.ts';
import { sendWithKeyward, sendWithNewman } from './wire-senders.ts';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const rsaKey = rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const ecKey = ec.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

interface Case {
  readonly name: string;
  readonly auth: Readonly<Record<string, unknown>> & { readonly type: string };
  /** What answers it; a server that takes everything where absent. */
  readonly server?: () => AuthServer;
  readonly body?: string;
  readonly query?: string;
}

const digestAuth = (more: object = {}) => ({ type: 'digest', ...USER, ...more });
const payload = '{ "sub": "1", "list": [1, 2.50, "ü"] }';
const hs = { type: 'jwt', algorithm: 'HS256', secret: 'a secret of at least thirty-two bytes', payload };
const claims = JSON.stringify({ iat: 1714979289, exp: 1714982889, jti: 'one', extra: true });
const asap = { type: 'asap', alg: 'RS256', kid: 'i/k', iss: 'i', sub: 's', aud: 'a', claims, privateKey: rsaKey };
const edge = {
  type: 'edgegrid',
  accessToken: 'akab-a',
  clientToken: 'akab-c',
  clientSecret: 's/ecret=',
  nonce: 'nonce-1',
  timestamp: '20240506T07:08:09+0000',
};
const preset = {
  realm: 'safe',
  nonce: 'n1',
  clientNonce: 'c1',
  nonceCount: '00000001',
  opaque: 'o1',
  disableRetryRequest: true,
};

const cases: readonly Case[] = [
  { name: 'digest', auth: digestAuth(), server: () => digestServer({ realm: 'safe', algorithm: 'MD5' }) },
  {
    name: 'digest without a protection',
    auth: digestAuth(),
    server: () => digestServer({ realm: 'safe', algorithm: 'MD5', qop: '' }),
  },
  {
    name: 'digest with a session',
    auth: digestAuth({ algorithm: 'MD5-sess' }),
    server: () => digestServer({ realm: 'safe', algorithm: 'MD5-sess' }),
  },
  {
    name: 'digest with SHA-256',
    auth: digestAuth({ algorithm: 'SHA-256' }),
    server: () => digestServer({ realm: 'safe', algorithm: 'SHA-256' }),
  },
  {
    name: 'digest with SHA-512-256',
    auth: digestAuth({ algorithm: 'SHA-512-256-sess' }),
    server: () => digestServer({ realm: 'safe', algorithm: 'SHA-512-256-sess' }),
  },
  {
    name: 'digest with the body',
    auth: digestAuth(),
    server: () => digestServer({ realm: 'safe', algorithm: 'MD5', qop: 'auth-int' }),
    body: '{"ü":1}',
  },
  {
    name: 'digest of a wrong password',
    auth: digestAuth({ password: 'x' }),
    server: () => digestServer({ realm: 'safe', algorithm: 'MD5' }),
  },
  {
    name: 'digest without a second try',
    auth: digestAuth({ disableRetryRequest: true }),
    server: () => digestServer(),
  },
  { name: 'digest stated whole', auth: digestAuth({ ...preset, qop: 'auth' }), query: '?a=b%20c' },
  { name: 'digest stated without a protection', auth: digestAuth({ ...preset, algorithm: 'SHA-256' }) },
  { name: 'digest stated with the body', auth: digestAuth({ ...preset, qop: 'auth-int' }), body: 'text' },
  { name: 'ntlm', auth: { type: 'ntlm', ...NTLM_USER, domain: 'DOMAIN' }, server: () => ntlmServer() },
  {
    name: 'ntlm with a body',
    auth: { type: 'ntlm', ...NTLM_USER, domain: 'DOMAIN', workstation: 'W' },
    server: () => ntlmServer(),
    body: 'text',
  },
  {
    name: 'ntlm of a wrong password',
    auth: { type: 'ntlm', ...NTLM_USER, domain: 'DOMAIN', password: 'x' },
    server: () => ntlmServer(),
  },
  { name: 'jwt', auth: hs },
  {
    name: 'jwt with a secret in base64',
    auth: {
      ...hs,
      secret: 'c2VjcmV0LW9mLWVub3VnaC1ieXRlcy1mb3ItSFM1MTI=',
      isSecretBase64Encoded: true,
      algorithm: 'HS512',
    },
  },
  { name: 'jwt with a header and a prefix', auth: { ...hs, header: '{"kid":"k","alg":"HS512"}', headerPrefix: 'JWT' } },
  { name: 'jwt without a prefix', auth: { ...hs, headerPrefix: '' } },
  { name: 'jwt in the query', auth: { ...hs, addTokenTo: 'queryParam', queryParamKey: 'jwt' }, query: '?jwt=old&a=1' },
  { name: 'jwt with RS384', auth: { type: 'jwt', algorithm: 'RS384', privateKey: rsaKey, payload } },
  { name: 'jwt with PS256', auth: { type: 'jwt', algorithm: 'PS256', privateKey: rsaKey, payload } },
  { name: 'jwt with ES256', auth: { type: 'jwt', algorithm: 'ES256', privateKey: ecKey, payload } },
  { name: 'asap', auth: asap },
  {
    name: 'asap with RS512',
    auth: { ...asap, alg: 'RS512', claims: `${claims.slice(0, -1)},"aud":["x","y"],"sub":"z"}` },
  },
  { name: 'edgegrid', auth: edge, query: '?a=b%26&c' },
  {
    name: 'edgegrid with a body',
    auth: { ...edge, headersToSign: 'X-Own,X-None', maxBodySize: 4 },
    body: 'text of nine',
  },
  { name: 'edgegrid of another host', auth: { ...edge, baseURL: 'https://akab-x.luna.akamaiapis.net/' } },
];

const pathOf = (name: string) => `/${name.replaceAll(' ', '-')}`;

function collectionTo(origin: string): object {
  const item = cases.map(({ name, auth: { type, ...fields }, body, query = '' }) => ({
    name,
    request: {
      method: body === undefined ? 'GET' : 'POST',
      url: `${origin}${pathOf(name)}${query}`,
      header: [{ key: 'X-Own', value: ' a  b ' }],
      auth: { type, [type]: Object.entries(fields).map(([key, value]) => ({ key, value, type: 'string' })) },
      ...(body !== undefined && { body: { mode: 'raw', raw: body } }),
    },
  }));
  const schema = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json';
  return { info: { name: 'auth', schema }, item };
}

interface Servers extends Recorder {
  /** What each request of the collection made arrive, by its name; the servers forget it and begin anew. */
  takeAll(): ReadonlyMap<string, readonly Seen[]>;
}

/** A server of its own for each request. */
async function startServers(): Promise<Servers> {
  const start = () => new Map(cases.map(({ name, server = takesAll }) => [name, server()]));
  let servers = start();
  const byPath = new Map(cases.map(({ name }) => [pathOf(name), name]));
  const listening = createServer((request, response) => {
    const name = byPath.get(request.url?.split('?', 1)[0] ?? '') ?? '';
    servers.get(name)?.listener(request, response);
  });
  await new Promise<void>((done) => listening.listen(0, '127.0.0.1', done));
  return {
    origin: `http://127.0.0.1:${(listening.address() as AddressInfo).port}`,
    take: () => [],
    takeAll() {
      const all = new Map(Array.from(servers, ([name, { seen }]) => [name, seen]));
      servers = start();
      return all;
    },
    close: () =>
      new Promise((done) => {
        listening.close(() => done());
        listening.closeAllConnections();
      }),
  };
}

function takesAll(): AuthServer {
  return ntlmServer({
    instead: (_, response) => {
      response.end('welcome');
      return true;
    },
  });
}

const folder = mkdtempSync(join(tmpdir(), 'keyward-auth-'));
let newman: ReadonlyMap<string, readonly Seen[]>;
let keyward: ReadonlyMap<string, readonly Seen[]>;

beforeAll(async () => {
  const environment = { name: 'none', values: [], _postman_variable_scope: 'environment' };
  const servers = await startServers();
  const collection = collectionTo(servers.origin);
  writeFileSync(join(folder, 'auth.postman_collection.json'), JSON.stringify(collection));
  writeFileSync(join(folder, 'none.postman_environment.json'), JSON.stringify(environment));
  await sendWithNewman({ collection, environment }, folder, servers);
  newman = servers.takeAll();
  await sendWithKeyward(folder, servers);
  keyward = servers.takeAll();
  await servers.close();
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

const steps = (seen: readonly Seen[] | undefined) =>
  seen?.map(({ method, path, body, brought, connection }) => ({ method, path, body, brought, connection }));
const authorizations = (name: string) =>
  [newman, keyward].map((sent) => sent.get(name)?.at(-1)?.headers.authorization ?? '') as [string, string];
const paramsOf = (header: string) => Object.fromEntries(parseChallenges([header])[0]?.params ?? []);

describe('newman and Keyward send the same requests, which the servers judge the same', () => {
  it.each(cases.map(({ name }) => name))('%s', (name) => {
    const [left, right] = [steps(newman.get(name)), steps(keyward.get(name))];
    // Only NTLM has a use for connections.
    const numbered = name.startsWith('ntlm');
    const shown = (all: typeof left) => all?.map((step) => ({ ...step, connection: numbered ? step.connection : 0 }));
    expect(left?.length).toBeGreaterThan(0);
    expect(shown(right)).toEqual(shown(left));
  });
});

describe('their credentials are the same', () => {
  const chosenByClient = new Set(['cnonce', 'response']);
  const known = (params: Record<string, string>) =>
    Object.entries(params).filter(([name]) => !chosenByClient.has(name));

  it.each(cases.filter(({ auth }) => auth.type === 'digest').map(({ name, auth }) => [name, auth] as const))(
    '%s',
    (name, auth) => {
      const [left, right] = authorizations(name).map(paramsOf);
      if ('nonce' in auth) expect(right).toEqual(left);
      else expect(known(right ?? {}).sort()).toEqual(known(left ?? {}).sort());
    },
  );

  const random = new Set(['PS256', 'ES256']);
  const tokens = cases.filter(({ auth }) => ['jwt', 'asap', 'edgegrid'].includes(auth.type));
  it.each(tokens.map(({ name, auth }) => [name, auth] as const))('%s', async (name, auth) => {
    const [left, right] = authorizations(name);
    if (!random.has(String(auth.algorithm))) return expect(right).toBe(left);
    const key = auth.algorithm === 'PS256' ? rsa.publicKey : ec.publicKey;
    const verified = await Promise.all(
      [left, right].map((header) => compactVerify(header.slice('Bearer '.length), key)),
    );
    expect(right.split('.', 2)).toEqual(left.split('.', 2));
    expect(verified.map(({ protectedHeader }) => protectedHeader.alg)).toEqual([auth.algorithm, auth.algorithm]);
  });
});
