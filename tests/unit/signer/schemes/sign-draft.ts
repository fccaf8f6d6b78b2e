// One scheme alone: a request and its auth fields in, what goes on the wire out.
import type { Failure } from '../../../../shared/failure/failure.ts';
import type { AuthRound, Draft, HeaderPair, SigningPlace } from '../../../../src/signer/schemes/scheme.ts';
import { schemeOf } from '../../../../src/signer/schemes/schemes.ts';

/** 2015-08-30T12:36:00Z, the time of the published AWS signatures. */
export const NOW = Date.UTC(2015, 7, 30, 12, 36);

export interface DraftParts {
  readonly method?: string;
  readonly target?: string;
  readonly headers?: readonly HeaderPair[];
  readonly body?: string | Uint8Array;
  readonly place?: Partial<SigningPlace>;
  readonly round?: AuthRound;
  readonly masked?: boolean;
}

export interface SignedDraft {
  readonly failure?: Failure;
  readonly target: string;
  /** By name in lower case; of several the last. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly derived: readonly string[];
}

/** Signs for `https://api.example.com` with bytes 00, 01, 02 … where random ones are asked for. */
export function signDraft(type: string, fields: Readonly<Record<string, string>>, parts: DraftParts = {}): SignedDraft {
  const { method = 'GET', target = '/', headers = [], body = '', place = {}, round, masked = false } = parts;
  const entry = schemeOf(type);
  if (!entry) throw new Error(`no scheme ${type}`);
  const draft: Draft = { method, target, headers, body: typeof body === 'string' ? Buffer.from(body) : body };
  const signed = entry.sign(draft, {
    scheme: 'https',
    host: 'api.example.com',
    port: 443,
    now: NOW,
    random: (bytes) => Uint8Array.from({ length: bytes }, (_, index) => index),
    ...place,
    ...(round && { round }),
    fields,
    masked,
    queryPair: (name, value) => `${encodeURIComponent(fields[name] ?? '')}=${encodeURIComponent(fields[value] ?? '')}`,
  });
  if (!signed.ok) return { failure: signed.failure, target: '', headers: {}, body: '', derived: [] };
  const { draft: written, derived } = signed.value;
  return {
    target: written.target,
    headers: Object.fromEntries(written.headers.map(([name, value]) => [name.toLowerCase(), value])),
    body: Buffer.from(written.body).toString('utf8'),
    derived: derived.map(({ value }) => value),
  };
}
