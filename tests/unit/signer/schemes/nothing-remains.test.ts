// Two requests that differ in their secrets alone have to read the same once everything that the signer reports is taken out: then
// nothing that a server can reflect, be it a signature, a hash or a header, tells them apart.
import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createScrubber } from '../../../../shared/redact/scrubber.ts';
import { markAdmitted } from '../../../../shared/stages/stages.ts';
import { createSigner } from '../../../../src/signer/sign.ts';
import { handle, planTo, secretSource, text } from '../../courier/stand.ts';
import { NOW } from './sign-draft.ts';

const origin = 'https://api.example.com';
const target = {
  scheme: 'https',
  host: 'api.example.com',
  port: 443,
  address: '8.8.8.8',
  family: 4,
  exception: false,
} as const;

/** Fields that are secret are given as `<first>` and `<second>`; the body has one of its own. */
const cases: readonly (readonly [name: string, type: string, fields: Readonly<Record<string, string>>])[] = [
  ['basic', 'basic', { username: 'user', password: '<first>' }],
  ['a lone user name', 'basic', { username: '<first>' }],
  ['bearer', 'bearer', { token: '<first>', prefix: 'Token' }],
  ['apikey, header', 'apikey', { key: 'X-Key', value: '<first>' }],
  ['apikey, query', 'apikey', { key: 'k', value: '<first>', in: 'query' }],
  ['apikey, cookie', 'apikey', { key: 'k', value: '<first>', in: 'cookie' }],
  ['awsv4, header', 'awsv4', { accessKey: 'AKID', secretKey: '<first>', sessionToken: '<second>' }],
  [
    'awsv4, query',
    'awsv4',
    { accessKey: 'AKID', secretKey: '<first>', sessionToken: '<second>', addAuthDataToQuery: 'true' },
  ],
  ...['HMAC-SHA1', 'HMAC-SHA256', 'HMAC-SHA512', 'PLAINTEXT'].flatMap((signatureMethod) =>
    [{ addParamsToHeader: 'true' }, { placement: 'query' }, { includeBodyHash: 'true' }].map(
      (place) =>
        [
          `oauth1, ${signatureMethod}, ${Object.keys(place).join()}`,
          'oauth1',
          {
            consumerKey: 'ck',
            consumerSecret: '<first>',
            token: 't',
            tokenSecret: '<second>',
            nonce: 'n',
            signatureMethod,
            ...place,
          },
        ] as const,
    ),
  ),
  ['oauth1, RSA', 'oauth1', { consumerKey: 'ck', privateKey: '<key>', nonce: 'n', signatureMethod: 'RSA-SHA256' }],
  ['hawk', 'hawk', { authId: 'id', authKey: '<first>', nonce: 'n' }],
  [
    'hawk with the hash of the body',
    'hawk',
    { authId: 'id', authKey: '<first>', nonce: 'n', includePayloadHash: 'true' },
  ],
  ['wsse, digest', 'wsse', { username: 'bob', password: '<first>', nonce: 'n' }],
  ['wsse, text', 'wsse', { username: 'bob', password: '<first>', nonce: 'n', passwordType: 'text' }],
];

const keys = [1, 2].map(() =>
  generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
);

async function sign(type: string, fields: Readonly<Record<string, string>>, variant: 0 | 1) {
  const values = {
    first: ['zebra-Quilt-81', 'piano-Marsh-26'],
    second: ['a+b/c=Lantern', 'q+r/s=Candles'],
    key: keys,
    pin: ['cedar-Harbor-4711', 'maple-Bridge-0815'],
  };
  const secrets = Object.entries(values).map(
    ([id, both]) => [id, { value: both[variant] ?? '', origins: [origin] }] as const,
  );
  const signer = createSigner({
    secrets: secretSource(Object.fromEntries(secrets)),
    now: () => NOW,
    boundary: () => 'B',
  });
  const rendered = Object.entries(fields).map(([name, value]) => {
    const id = /^<(\w+)>$/.exec(value)?.[1];
    return [name, id === undefined ? text(value) : [handle(id)]] as const;
  });
  const plan = planTo({
    to: `${origin}/v1/items`,
    method: 'POST',
    headers: [{ name: 'Content-Type', value: text('application/json') }],
    body: { kind: 'text', text: [...text('{"pin":"'), handle('pin'), ...text('"}')] },
    auth: { type, fields: Object.fromEntries(rendered) },
  });
  const trip = { cookies: [], signal: new AbortController().signal };
  const signed = await signer.sign(markAdmitted({ plan, target, tier: 'reading' }), trip);
  if (!signed.ok) throw new Error(JSON.stringify(signed.failure));
  const { request, known, shown } = signed.value;
  const wire = [
    request.path,
    ...request.headers.map((pair) => pair.join(': ')),
    Buffer.from(request.body ?? []).toString(),
  ];
  const scrubber = createScrubber(known);
  const whole = wire.join('\n');
  return { wire: whole, scrub: (part: string) => scrubber.scrub(part).text, shown: JSON.stringify(shown) };
}

/** The values of a request, each as a server could reflect it alone. */
function valuesOf(wire: string): string[] {
  return wire.split(/[\s",;&?]+/).map((part) => /^[\w-]+=(.+)$/.exec(part)?.[1] ?? part);
}

describe('what is signed with secrets', () => {
  it.each(cases)('P1: %s tells nothing once the known values are out, and shows nothing', async (_, type, fields) => {
    const [one, other] = await Promise.all([sign(type, fields, 0), sign(type, fields, 1)]);
    expect(one.wire).not.toBe(other.wire);
    expect(one.scrub(one.wire)).toBe(other.scrub(other.wire));
    const common = new Set(valuesOf(other.wire));
    const own = valuesOf(one.wire).filter((value) => !common.has(value));
    expect(own.length).toBeGreaterThan(0);
    for (const value of own) expect(one.scrub(value), value).not.toContain(value);
    expect(one.shown).toBe(other.shown);
  });
});
