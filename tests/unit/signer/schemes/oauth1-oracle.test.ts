import { constants, createHash, createHmac, generateKeyPairSync, verify } from 'node:crypto';
import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeStrict } from '../../../../src/signer/schemes/scheme.ts';
import { type DraftParts, NOW, signDraft } from './sign-draft.ts';

/** As much of oauth-1.0a as is used. */
interface Authorizer {
  getNonce: () => string;
  getTimeStamp: () => number;
  getBaseString(request: object, data: object): string;
  authorize(request: object, token?: { key: string; secret: string }): Record<string, string>;
}

const OAuth = createRequire(import.meta.url)('oauth-1.0a') as new (options: object) => Authorizer;

function oracle(
  consumer: { key: string; secret: string },
  method: string,
  hash: (base: string, key: string) => string,
) {
  const authorizer = new OAuth({ consumer, signature_method: method, hash_function: hash, version: '1.0' });
  authorizer.getNonce = () => 'nonce';
  authorizer.getTimeStamp = () => Math.floor(NOW / 1000);
  return authorizer;
}

/** The parameters of an Authorization header, decoded. */
function parametersOf(header = ''): Record<string, string> {
  const pairs = [...header.matchAll(/(oauth_\w+)="([^"]*)"/g)];
  return Object.fromEntries(pairs.map(([, name = '', value = '']) => [name, decodeURIComponent(value)]));
}

const FORM = [['Content-Type', 'application/x-www-form-urlencoded']] as const;
const word = fc.stringMatching(/^[a-z]{1,6}$/);
const anyText = fc.string({ unit: 'grapheme', maxLength: 10 });
const filled = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 10 });
/** Names that are there twice come together, as the oracle reads them; it takes no name that has to be decoded. */
const pairs = fc.dictionary(
  word,
  fc.oneof(
    anyText.map((one) => [one]),
    fc.tuple(filled, filled),
  ),
  { maxKeys: 4 },
);
const request = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PUT', 'delete'),
  path: fc.array(word, { maxLength: 3 }),
  query: pairs,
  form: pairs,
  key: filled,
  secret: filled,
  token: fc.option(fc.record({ key: filled, secret: anyText }), { nil: undefined }),
});
type Request = typeof request extends fc.Arbitrary<infer Given> ? Given : never;

function written(values: Readonly<Record<string, readonly string[]>>): string {
  const all = Object.entries(values).flatMap(([name, some]) => some.map((value) => `${name}=${encodeStrict(value)}`));
  return all.join('&');
}

function partsOf({ method, path, query, form }: Request): DraftParts {
  const [search, body] = [written(query), written(prefixed(form))];
  const target = `/${path.join('/')}${search === '' ? '' : `?${search}`}`;
  return { method, target, body, headers: FORM };
}

/** A name in both the query and the form would be read as one by the oracle. */
function prefixed(form: Request['form']): Request['form'] {
  return Object.fromEntries(Object.entries(form).map(([name, values]) => [`form-${name}`, values]));
}

function fieldsOf({ key, secret, token }: Request, method: string): Record<string, string> {
  return {
    consumerKey: key,
    consumerSecret: secret,
    ...(token && { token: token.key, tokenSecret: token.secret }),
    signatureMethod: method,
    version: '1.0',
    nonce: 'nonce',
    addParamsToHeader: 'true',
  };
}

function asked(given: Request): object {
  const { method, target } = partsOf(given);
  const single = Object.entries(prefixed(given.form)).map(([name, values]) => [
    name,
    values.length === 1 ? values[0] : values,
  ]);
  return { method, url: `https://api.example.com${target}`, data: Object.fromEntries(single) };
}

describe('OAuth 1.0 against oauth-1.0a', () => {
  it.each(['sha1', 'sha256', 'sha512'])('signs any request as it does with HMAC and %s', (hash) => {
    const method = `HMAC-${hash.toUpperCase()}`;
    fc.assert(
      fc.property(request, (given) => {
        const { key, secret, token } = given;
        const theirs = oracle({ key, secret }, method, (base, signing) =>
          createHmac(hash, signing).update(base).digest('base64'),
        ).authorize(asked(given), token);
        const { headers } = signDraft('oauth1', fieldsOf(given, method), partsOf(given));
        const ours = parametersOf(headers.authorization);
        // It gives the values of the query back as well.
        const own = Object.entries(theirs).filter(([name]) => name.startsWith('oauth_'));
        expect(ours).toEqual(Object.fromEntries(own.map(([name, value]) => [name, String(value)])));
      }),
      { numRuns: 60 },
    );
  });

  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

  it.each(['sha1', 'sha256', 'sha512'])(
    'signs its base string with RSA and %s, the key on one line or on many',
    (hash) => {
      const method = `RSA-${hash.toUpperCase()}`;
      const given: Request = {
        method: 'POST',
        path: ['a'],
        query: { q: ['1 2'] },
        form: { f: ['ü', 'b'] },
        key: 'k',
        secret: 'unused',
        token: { key: 't', secret: 'unused' },
      };
      for (const key of [pem, pem.replaceAll('\n', '\\n'), pem.replaceAll('\n', '\r\n')]) {
        const { headers } = signDraft('oauth1', { ...fieldsOf(given, method), privateKey: key }, partsOf(given));
        const { oauth_signature: signature = '', ...others } = parametersOf(headers.authorization);
        const base = oracle({ key: 'k', secret: '' }, method, () => '').getBaseString(asked(given), others);
        const padded = { key: publicKey, padding: constants.RSA_PKCS1_PADDING };
        expect(verify(hash, Buffer.from(base), padded, Buffer.from(signature, 'base64'))).toBe(true);
      }
    },
  );

  it('takes no key but RSA, and none at all for what is only shown', () => {
    const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' });
    const fields = { consumerKey: 'k', signatureMethod: 'RSA-SHA256', addParamsToHeader: 'true' };
    expect(signDraft('oauth1', { ...fields, privateKey: ec.toString() }).failure).toMatchObject({
      code: 'REQUEST/AUTH_INVALID',
    });
    const shown = signDraft('oauth1', { ...fields, privateKey: '[redacted]' }, { masked: true });
    expect(parametersOf(shown.headers.authorization).oauth_signature).toBe('[redacted]');
  });

  it.each([
    ['HMAC-SHA1', 'sha1'],
    ['HMAC-SHA256', 'sha256'],
    ['HMAC-SHA512', 'sha512'],
  ])('the body hash of %s is one of %s over the bytes, and none of a form', (signatureMethod, hash) => {
    const fields = {
      consumerKey: 'k',
      consumerSecret: 's',
      signatureMethod,
      addParamsToHeader: 'true',
      includeBodyHash: 'true',
    };
    const body = Buffer.from('{"a":"ü"}');
    const { headers, derived } = signDraft('oauth1', fields, { method: 'POST', body });
    const expected = createHash(hash).update(body).digest('base64');
    expect(parametersOf(headers.authorization).oauth_body_hash).toBe(expected);
    expect(derived).toContain(expected);
    const form = signDraft('oauth1', fields, { method: 'POST', body: 'a=b', headers: FORM });
    expect(parametersOf(form.headers.authorization)).not.toHaveProperty('oauth_body_hash');
  });

  it('signs for host and port as RFC 5849 section 3.4.1.2 has them', () => {
    const fields = { consumerKey: 'k', consumerSecret: 's', nonce: 'n', timestamp: '1', addParamsToHeader: 'true' };
    const at = (host: string, scheme: 'http' | 'https') =>
      signDraft('oauth1', fields, { place: { host, scheme } }).headers.authorization;
    expect(at('API.example.com', 'https')).toBe(at('api.example.com', 'https'));
    // A port is there only where it is not the scheme's own: https on port 80 is another resource.
    expect(at('api.example.com:80', 'https')).not.toBe(at('api.example.com', 'https'));
    expect(at('api.example.com', 'http')).not.toBe(at('api.example.com', 'https'));
  });
});
