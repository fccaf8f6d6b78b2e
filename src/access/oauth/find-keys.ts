// Where an issuer's keys are: as the operator says, or as its metadata do (RFC 8414 section 3, OpenID Connect Discovery 1.0 section 4).
import { type Ask, askObject, parseIssuerUrl } from './ask.ts';

export interface KeysUrl {
  readonly url: URL;
  /** Whether the issuer named it, at another origin than its own. */
  readonly learned: boolean;
}

/** The address that the operator set. */
export function statedKeysUrl(jwksUri: string): KeysUrl | undefined {
  const url = parseIssuerUrl(jwksUri);
  return url && { url, learned: false };
}

/**
 * The address in the metadata of an issuer; undefined where no document of it can be had that names this very issuer. All places are asked
 * at once, and the first document that fits counts: one that never answers keeps nobody waiting.
 */
export async function findKeysUrl(ask: Ask, issuer: string, signal: AbortSignal): Promise<KeysUrl | undefined> {
  const base = parseIssuerUrl(issuer);
  if (!base) return undefined;
  const found = new AbortController();
  const either = AbortSignal.any([signal, found.signal]);
  try {
    return await Promise.any(metadataPaths(base).map((path) => keysUrlAt(path, { ask, issuer, base, signal: either })));
  } catch (error) {
    if (error instanceof AggregateError) return undefined;
    throw error;
  } finally {
    found.abort();
  }
}

interface Wanted {
  readonly ask: Ask;
  readonly issuer: string;
  readonly base: URL;
  readonly signal: AbortSignal;
}

/** Rejects where there is none. */
async function keysUrlAt(path: string, { ask, issuer, base, signal }: Wanted): Promise<KeysUrl> {
  const url = parseIssuerUrl(base.origin + path);
  const document = url && (await askObject(ask, url, { learned: false, signal }));
  // RFC 8414 section 3.3: anyone could put another issuer's document there.
  const isOwn = document?.issuer === issuer && typeof document.jwks_uri === 'string';
  const keys = isOwn ? parseIssuerUrl(String(document.jwks_uri)) : undefined;
  if (!keys || !isFit(keys, base)) throw new Error('no document of the issuer');
  return { url: keys, learned: keys.origin !== base.origin };
}

/** An issuer must not lead to what listens on this machine. */
function isFit(keys: URL, issuer: URL): boolean {
  return keys.protocol === 'https:' || keys.origin === issuer.origin;
}

function metadataPaths({ pathname }: URL): readonly string[] {
  const path = pathname.replace(/\/$/, '');
  const inserted = ['oauth-authorization-server', 'openid-configuration'].map((name) => `/.well-known/${name}${path}`);
  return path === '' ? inserted : [...inserted, `${path}/.well-known/openid-configuration`];
}
