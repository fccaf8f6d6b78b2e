// Signing by one scheme alone, without a signer: what it writes for given fields and a given answer of the server.
import type { Authorised, AuthRound, Credentials, Draft, SchemeEntry } from '../../../../src/signer/schemes/scheme.ts';

/** 2024-05-06T07:08:09Z. */
export const NOW = Date.UTC(2024, 4, 6, 7, 8, 9);

export interface Attempt {
  readonly draft?: Partial<Draft>;
  readonly fields: Readonly<Record<string, string>>;
  readonly round?: AuthRound;
  readonly masked?: boolean;
  readonly scheme?: 'http' | 'https';
  readonly host?: string;
  readonly now?: number;
}

/** The credentials of one attempt; all random bytes are 0xaa. */
export function credentialsOf({ fields, round, masked = false, ...place }: Attempt): Credentials {
  return {
    fields,
    scheme: place.scheme ?? 'https',
    host: place.host ?? 'api.example.com',
    port: 443,
    now: place.now ?? NOW,
    random: (bytes) => new Uint8Array(bytes).fill(0xaa),
    queryPair: () => '',
    urlAsWritten: false,
    masked,
    ...(round && { round }),
  };
}

/** What a scheme gives for an attempt. */
export function attempt(sign: SchemeEntry['sign'], tried: Attempt) {
  const draft: Draft = { method: 'GET', target: '/', headers: [], body: new Uint8Array(), ...tried.draft };
  return sign(draft, credentialsOf(tried));
}

/** The same where it does not fail, with the Authorization header. */
export function signedBy(sign: SchemeEntry['sign'], tried: Attempt): Authorised & { readonly authorization: string } {
  const signed = attempt(sign, tried);
  if (!signed.ok) throw new Error(JSON.stringify(signed.failure));
  const header = signed.value.draft.headers.find(([name]) => name === 'Authorization');
  return { ...signed.value, authorization: header?.[1] ?? '' };
}

export function answered(number: number, ...challenges: readonly string[]): AuthRound {
  return { number, challenges };
}

export const nothingStated = (): string => '';
