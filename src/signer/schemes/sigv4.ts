// AWS Signature Version 4, as in the AWS General Reference: canonical request, string to sign, signature.
import { createHash, createHmac } from 'node:crypto';
import { decodeLoosely, encodeStrict, type HeaderPair, splitTarget } from './scheme.ts';

export interface SigV4Request {
  readonly method: string;
  readonly target: string;
  /** Every header to be signed, Host among them. */
  readonly headers: readonly HeaderPair[];
  /** Hex SHA-256 of the body, or UNSIGNED-PAYLOAD. */
  readonly payloadHash: string;
}

/** S3 takes paths as they are; every other service has them normalised (RFC 3986 section 5.2.4) and encoded once more. */
export interface PathRules {
  readonly normalise: boolean;
  readonly decodeFirst: boolean;
}

export interface SigV4Key {
  readonly accessKey: string;
  readonly secretKey: string;
  readonly region: string;
  readonly service: string;
  /** `20150830T123600Z`. */
  readonly at: string;
}

export const ALGORITHM = 'AWS4-HMAC-SHA256';

export function canonicalRequest({ method, target, headers, payloadHash }: SigV4Request, rules: PathRules): string {
  const [path, query = ''] = splitTarget(target);
  const lines = canonicalHeaders(headers).map(([name, value]) => `${name}:${value}\n`);
  return [
    method,
    canonicalPath(path, rules),
    canonicalQuery(query),
    lines.join(''),
    signedNames(headers),
    payloadHash,
  ].join('\n');
}

/** Lower-case names of the signed headers, sorted, joined by semicolons. */
export function signedNames(headers: readonly HeaderPair[]): string {
  return canonicalHeaders(headers)
    .map(([name]) => name)
    .join(';');
}

export function credentialScope({ at, region, service }: SigV4Key): string {
  return `${at.slice(0, 8)}/${region}/${service}/aws4_request`;
}

export function stringToSign(canonical: string, key: SigV4Key): string {
  return [ALGORITHM, key.at, credentialScope(key), sha256(canonical)].join('\n');
}

/** The key that signs for one day, region and service. */
export function signingKey({ secretKey, at, region, service }: SigV4Key): Buffer {
  const day = hmac(`AWS4${secretKey}`, at.slice(0, 8));
  return [region, service, 'aws4_request'].reduce(hmac, day);
}

/** Hex signature of a string to sign. */
export function signature(text: string, key: Buffer): string {
  return hmac(key, text).toString('hex');
}

/** `20150830T123600Z` from milliseconds since the epoch. */
export function amzDate(now: number): string {
  return new Date(now).toISOString().replace(/[:-]|\.\d{3}/g, '');
}

/** Hex SHA-256. */
export function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function canonicalPath(path: string, { normalise, decodeFirst }: PathRules): string {
  const segments = path.split('/').map((segment) => encodeStrict(decodeFirst ? decodeLoosely(segment) : segment));
  return normalise ? withoutDotSegments(segments) : segments.join('/');
}

function withoutDotSegments(segments: readonly string[]): string {
  const kept: string[] = [];
  for (const segment of segments) {
    if (segment === '..') kept.pop();
    else if (segment !== '.' && segment !== '') kept.push(segment);
  }
  const last = segments.at(-1);
  const isFolder = kept.length > 0 && (last === '' || last === '.' || last === '..');
  return `/${kept.join('/')}${isFolder ? '/' : ''}`;
}

function canonicalQuery(query: string): string {
  const pairs = query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const at = pair.indexOf('=');
      const [name, value] = at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
      return [recoded(name), recoded(value)] as const;
    });
  return pairs
    .toSorted((one, other) => compare(one[0], other[0]) || compare(one[1], other[1]))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function recoded(text: string): string {
  return encodeStrict(decodeLoosely(text.replaceAll('+', '%20')));
}

function canonicalHeaders(headers: readonly HeaderPair[]): [name: string, value: string][] {
  const merged = new Map<string, string[]>();
  for (const [name, value] of headers) {
    const lower = name.toLowerCase();
    merged.set(lower, [...(merged.get(lower) ?? []), value.trim().replace(/\s+/g, ' ')]);
  }
  return [...merged]
    .map(([name, values]): [string, string] => [name, values.join(',')])
    .toSorted((a, b) => compare(a[0], b[0]));
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
