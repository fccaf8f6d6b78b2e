// What signing adds to a call: the whole of signer.sign, written twice (as sent and as shown), its secrets out of a real vault.
// The schemes in turn, so that drift hits all of them; medians.
import { generateKeyPairSync } from 'node:crypto';
import { markAdmitted, markPlan } from '../../dist/shared/stages/stages.js';
import { createSigner } from '../../dist/src/signer/sign.js';
import { createState } from '../../dist/src/state/open-state.js';
import { createCapturedTokens } from '../../dist/src/vault/captured.js';
import { openVault } from '../../dist/src/vault/open-vault.js';
import { createSecretSource } from '../../dist/src/vault/resolve.js';
import { median, temporaryFolder } from './measure.js';

const ORIGIN = 'https://api.example.com';
const ROUNDS = 40;
const CALLS = 25;
const SECRET = '{SECRET}';
const KEY = '{KEY}';
const TARGET_MS = 0.3;

/** What costs a private key's operation is told, and has no target. */
const cases = [
  { name: 'none', type: 'none', fields: {} },
  { name: 'basic', type: 'basic', fields: { username: 'user', password: SECRET } },
  { name: 'bearer', type: 'bearer', fields: { token: SECRET } },
  { name: 'apikey', type: 'apikey', fields: { key: 'X-Key', value: SECRET } },
  { name: 'awsv4', type: 'awsv4', fields: { accessKey: 'AKIDEXAMPLE', secretKey: SECRET } },
  {
    name: 'awsv4 in the query',
    type: 'awsv4',
    fields: { accessKey: 'AKIDEXAMPLE', secretKey: SECRET, addAuthDataToQuery: 'true' },
  },
  { name: 'oauth1 HMAC-SHA1', type: 'oauth1', fields: oauth1('HMAC-SHA1') },
  { name: 'oauth1 HMAC-SHA512', type: 'oauth1', fields: oauth1('HMAC-SHA512') },
  { name: 'hawk', type: 'hawk', fields: { authId: 'id', authKey: SECRET, includePayloadHash: 'true' } },
  { name: 'wsse', type: 'wsse', fields: { username: 'user', password: SECRET } },
  { name: 'edgegrid', type: 'edgegrid', fields: { accessToken: SECRET, clientToken: SECRET, clientSecret: SECRET } },
  { name: 'jwt HS256', type: 'jwt', fields: { algorithm: 'HS256', secret: SECRET, payload: '{"sub":"1"}' } },
  {
    name: 'digest, second round',
    type: 'digest',
    fields: { username: 'user', password: SECRET },
    challenges: ['Digest realm="r", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", qop="auth", algorithm=SHA-256'],
  },
  { name: 'oauth1 RSA-SHA256', type: 'oauth1', fields: { ...oauth1('RSA-SHA256'), privateKey: KEY }, isSlow: true },
  {
    name: 'jwt RS256',
    type: 'jwt',
    fields: { algorithm: 'RS256', privateKey: KEY, payload: '{"sub":"1"}' },
    isSlow: true,
  },
  { name: 'asap', type: 'asap', fields: { iss: 'i', aud: 'a', kid: 'k', privateKey: KEY }, isSlow: true },
];

function oauth1(signatureMethod) {
  return {
    consumerKey: 'key',
    consumerSecret: SECRET,
    token: 'token',
    tokenSecret: SECRET,
    signatureMethod,
    addParamsToHeader: 'true',
  };
}

export async function benchSigning(report) {
  const { signer, handles, close } = openSigner();
  const jobs = cases.map(({ fields, type, challenges, ...rest }) => ({
    ...rest,
    times: [],
    admitted: admittedPlan(type, fields, handles),
    trip: {
      cookies: [],
      signal: new AbortController().signal,
      ...(challenges && { round: { number: 1, challenges } }),
    },
  }));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const { admitted, trip, times, name } of jobs) {
      for (let call = 0; call < CALLS; call += 1) {
        const start = performance.now();
        const signed = await signer.sign(admitted, trip);
        times.push(performance.now() - start);
        if (!signed.ok) throw new Error(`${name}: ${JSON.stringify(signed.failure)}`);
      }
    }
  }
  close();
  // The first rounds compile what they run.
  const measured = jobs.map(({ name, times, isSlow }) => ({
    name,
    isSlow,
    ms: median(times.slice((ROUNDS * CALLS) / 4)),
  }));
  const targeted = measured.filter(({ isSlow }) => !isSlow);
  const slowest = targeted.reduce((one, other) => (other.ms > one.ms ? other : one));
  report.row(
    `signing a call without a private key, slowest: ${slowest.name}`,
    slowest.ms,
    'ms',
    `<= ${TARGET_MS} ms`,
    slowest.ms <= TARGET_MS,
  );
  report.note(measured.map(({ name, ms }) => `${name} ${ms.toFixed(3)}`).join('; '));
}

function openSigner() {
  const state = createState(temporaryFolder());
  const vault = openVault({ state, keySource: { source: 'key-file' }, now: Date.now });
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const values = {
    [SECRET]: 'bench-secret-7f3a91c0d5',
    [KEY]: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
  const handles = Object.fromEntries(
    Object.entries(values).map(([mark, value]) => {
      const name = mark.slice(1, -1);
      must(vault.set({ name, value, origins: [ORIGIN] }));
      return [mark, must(vault.find(name)).id];
    }),
  );
  const secrets = createSecretSource(vault, createCapturedTokens(Date.now));
  const close = () => {
    vault.close();
    state.close();
  };
  return { signer: createSigner({ secrets, now: Date.now }), handles, close };
}

function must(result) {
  if (!result.ok) throw new Error(JSON.stringify(result.failure));
  return result.value;
}

function admittedPlan(type, fields, handles) {
  const text = (value) => [{ kind: 'text', text: value }];
  const rendered = Object.entries(fields).map(([name, value]) => [
    name,
    handles[value] ? [{ kind: 'handle', id: handles[value], name: value.slice(1, -1) }] : text(value),
  ]);
  const plan = markPlan({
    requestId: 'r',
    requestName: 'Request',
    collectionId: 'c',
    collectionName: 'Collection',
    method: 'POST',
    url: {
      scheme: 'https',
      host: 'api.example.com',
      port: '',
      origin: ORIGIN,
      path: text('/v1/items'),
      query: [
        { name: text('page'), value: text('2') },
        { name: text('filter'), value: text('a b') },
      ],
    },
    headers: [{ name: 'Content-Type', value: text('application/json') }],
    body: { kind: 'text', text: text(JSON.stringify({ text: 'x'.repeat(500) })) },
    auth: { type, fields: Object.fromEntries(rendered) },
    settings: {},
    statedOrigin: ORIGIN,
    scopeSecrets: [],
  });
  const target = {
    scheme: 'https',
    host: 'api.example.com',
    port: 443,
    address: '8.8.8.8',
    family: 4,
    exception: false,
  };
  return markAdmitted({ plan, target, tier: 'reading' });
}
