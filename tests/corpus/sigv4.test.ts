import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { awsV4 } from '../../src/signer/schemes/aws-v4.ts';
import { encodeStrict, type HeaderPair, withQuery } from '../../src/signer/schemes/scheme.ts';
import {
  ALGORITHM,
  canonicalRequest,
  credentialScope,
  type SigV4Key,
  sha256,
  signature,
  signedNames,
  signingKey,
  stringToSign,
} from '../../src/signer/schemes/sigv4.ts';

const folder = resolve(import.meta.dirname, '../../../shared/vectors/aws-sigv4/tests/aws-signing-test-suite/v4');
const present = existsSync(folder);
const cases = present ? readdirSync(folder).sort() : [];

interface Context {
  credentials: { access_key_id: string; secret_access_key: string; token?: string };
  expiration_in_seconds: number;
  normalize: boolean;
  region: string;
  service: string;
  sign_body: boolean;
  timestamp: string;
  omit_session_token?: boolean;
}

interface ParsedRequest {
  method: string;
  target: string;
  headers: HeaderPair[];
  body: string;
}

// The suite's request files are not valid HTTP: unencoded targets, folded header lines.
function parseRequest(text: string): ParsedRequest {
  const [head = '', body = ''] = text.split(/\n\n(.*)/s);
  const [start = '', ...lines] = head.replace(/\n$/, '').split(/\n(?![ \t])/);
  const [, method = '', target = ''] = /^(\S+) (.*) HTTP\/1\.1$/.exec(start) ?? [];
  const headers = lines.map(
    (line): HeaderPair => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)],
  );
  return { method, target, headers, body };
}

function load(name: string) {
  const read = (file: string) => readFileSync(join(folder, name, file), 'utf8');
  const context = JSON.parse(read('context.json')) as Context;
  const key: SigV4Key = {
    accessKey: context.credentials.access_key_id,
    secretKey: context.credentials.secret_access_key,
    region: context.region,
    service: context.service,
    at: context.timestamp.replace(/[:-]/g, ''),
  };
  return { read, context, key, request: parseRequest(read('request.txt')) };
}

/** What the scheme makes of a case, given no more than a collection states. */
function signWhole(name: string, target: (given: string) => string, more: Record<string, string>): string | undefined {
  const { context, key, request } = load(name);
  const { accessKey, secretKey, region, service } = key;
  const host = request.headers.find(([header]) => header === 'Host')?.[1] ?? '';
  const fields = {
    ...{ accessKey, secretKey, region, service, sessionToken: context.credentials.token ?? '' },
    ...more,
  };
  const draft = {
    method: request.method,
    target: target(request.target),
    headers: request.headers.filter(([header]) => header !== 'Host'),
    body: Buffer.from(request.body),
  };
  const signed = awsV4(draft, {
    fields,
    host,
    scheme: 'https',
    port: 443,
    now: Date.parse(context.timestamp),
    masked: false,
    random: (bytes) => new Uint8Array(bytes),
    queryPair: () => '',
  });
  if (!signed.ok) throw new Error(signed.failure.code);
  return signed.value.derived[0]?.value;
}

const KEEPS_PATH =
  'the case asks for a path that is not normalised, which the General Reference has for S3 alone; the service of the suite is none of its names';
const TOKEN_UNSIGNED =
  'the case adds the session token after signing, which AWS IoT alone asks for; the scheme signs it';

/** Cases that the scheme as a whole signs in another way, by why. The functions that it consists of give them all. */
const otherwise: Readonly<Record<string, string>> = {
  'get-relative-relative-unnormalized': KEEPS_PATH,
  'get-relative-unnormalized': KEEPS_PATH,
  'get-slash-dot-slash-unnormalized': KEEPS_PATH,
  'get-slash-pointless-dot-unnormalized': KEEPS_PATH,
  'get-slash-unnormalized': KEEPS_PATH,
  'get-slashes-unnormalized': KEEPS_PATH,
  'post-sts-header-after': TOKEN_UNSIGNED,
};

describe.skipIf(!present)(
  'AWS Signature Version 4, the published suite (skipped where ../shared/vectors is missing)',
  () => {
    it('has 38 cases', () => {
      expect(cases).toHaveLength(38);
    });

    it.each(cases)('signs headers: %s', (name) => {
      const { read, context, key, request } = load(name);
      const token = context.omit_session_token ? undefined : context.credentials.token;
      const payloadHash = sha256(request.body);
      const headers: HeaderPair[] = [
        ...request.headers,
        ['X-Amz-Date', key.at],
        ...(context.sign_body ? [['x-amz-content-sha256', payloadHash] as const] : []),
        ...(token === undefined ? [] : [['X-Amz-Security-Token', token] as const]),
      ];
      const rules = { normalise: context.normalize, decodeFirst: false };
      const canonical = canonicalRequest({ ...request, headers, payloadHash }, rules);
      expect(canonical).toBe(read('header-canonical-request.txt'));
      expect(stringToSign(canonical, key)).toBe(read('header-string-to-sign.txt'));
      expect(signature(stringToSign(canonical, key), signingKey(key))).toBe(read('header-signature.txt'));
    });

    it.each(cases)('signs the query: %s', (name) => {
      const { read, context, key, request } = load(name);
      const token = context.omit_session_token ? undefined : context.credentials.token;
      const added = {
        'X-Amz-Algorithm': ALGORITHM,
        'X-Amz-Credential': `${key.accessKey}/${credentialScope(key)}`,
        'X-Amz-Date': key.at,
        'X-Amz-SignedHeaders': signedNames(request.headers),
        'X-Amz-Expires': String(context.expiration_in_seconds),
        ...(token === undefined ? {} : { 'X-Amz-Security-Token': token }),
      };
      const pairs = Object.entries(added).map(([parameter, value]) => `${parameter}=${encodeStrict(value)}`);
      const { target } = withQuery({ ...request, body: new Uint8Array() }, [], pairs);
      const rules = { normalise: context.normalize, decodeFirst: false };
      const canonical = canonicalRequest({ ...request, target, payloadHash: sha256(request.body) }, rules);
      expect(canonical).toBe(read('query-canonical-request.txt'));
      expect(stringToSign(canonical, key)).toBe(read('query-string-to-sign.txt'));
      expect(signature(stringToSign(canonical, key), signingKey(key))).toBe(read('query-signature.txt'));
    });

    it.each(cases)('the scheme as a whole, in the header: %s', (name) => {
      const signed = signWhole(name, (target) => target, {});
      const isEqual = signed === load(name).read('header-signature.txt');
      expect(isEqual, otherwise[name]).toBe(otherwise[name] === undefined);
    });

    it.each(cases)('the scheme as a whole, in the query: %s', (name) => {
      const expires = `X-Amz-Expires=${load(name).context.expiration_in_seconds}`;
      const withExpiry = (target: string) => `${target}${target.includes('?') ? '&' : '?'}${expires}`;
      const signed = signWhole(name, withExpiry, { addAuthDataToQuery: 'true' });
      const isEqual = signed === load(name).read('query-signature.txt');
      expect(isEqual, otherwise[name]).toBe(otherwise[name] === undefined);
    });

    it('every explained case is a case', () => {
      expect(Object.keys(otherwise).filter((name) => !cases.includes(name))).toEqual([]);
    });
  },
);
