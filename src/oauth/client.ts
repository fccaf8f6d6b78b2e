// The client as its opened fields describe it. Plaintext secrets are in here: it lives for one minting inside the sealed half.
import * as oauth from 'oauth4webapi';
import { readParameterField } from '../../shared/collection/oauth2-parameters.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { incomplete, invalid } from './outline.ts';
import { readPrivateKey } from './private-key.ts';

/** The fields of an auth with their secrets opened. */
export type OpenedFields = Readonly<Record<string, string>>;

/** Adds what proves who the client is to the body or the headers of one request. */
export type ProveClient = (at: ProofPlace) => oauth.ClientAuth;

interface ProofPlace {
  /** Of the endpoint. */
  readonly url: string;
}

type Proof = (fields: OpenedFields, secret: string) => Promise<Result<ProveClient>> | Result<ProveClient>;

/** RFC 6749 section 2.3, RFC 7523 section 2.2; the names are Postman's, and those of RFC 8414. */
const PROOFS: Readonly<Record<string, Proof>> = {
  header: basicProof,
  client_secret_basic: basicProof,
  body: bodyProof,
  client_secret_post: bodyProof,
  none: () => ok(() => oauth.None()),
  private_key_jwt: keyProof,
  client_secret_jwt: (fields, secret) =>
    secret === ''
      ? err(incomplete('clientSecret'))
      : ok(({ url }) => oauth.ClientSecretJwt(secret, assertionFor(fields, url))),
};

/** Failures: REQUEST/AUTH_INCOMPLETE without a client id or key, AUTH_INVALID for a way or a key that is not known. */
export function readClientProof(fields: OpenedFields): Promise<Result<ProveClient>> | Result<ProveClient> {
  if (!fields.clientId) return err(incomplete('clientId'));
  const way = fields.client_authentication || 'header';
  const proof = Object.hasOwn(PROOFS, way) ? PROOFS[way] : undefined;
  return proof
    ? proof(fields, fields.clientSecret ?? '')
    : err(invalid('its way of client authentication is not known'));
}

/** Whether the proof carries a time that the server compares with its clock. */
export function hasAssertion({ client_authentication: way = '' }: OpenedFields): boolean {
  return way.endsWith('_jwt');
}

// A public client has no secret and proves nothing (RFC 6749 section 3.2.1).
function basicProof(_: OpenedFields, secret: string): Result<ProveClient> {
  return ok(() => (secret === '' ? oauth.None() : oauth.ClientSecretBasic(secret)));
}

function bodyProof(_: OpenedFields, secret: string): Result<ProveClient> {
  return ok(() => (secret === '' ? oauth.None() : oauth.ClientSecretPost(secret)));
}

async function keyProof(fields: OpenedFields): Promise<Result<ProveClient>> {
  if (!fields.privateKey) return err(incomplete('privateKey'));
  const read = await readPrivateKey(fields.privateKey, fields.algorithm ?? '');
  if (!read.ok) return read;
  const kid = fields.kid || fields.keyId || read.value.kid;
  const key = { key: read.value.key, ...(kid !== undefined && { kid }) };
  return ok(({ url }) => oauth.PrivateKeyJwt(key, assertionFor(fields, url)));
}

/** The audience is the endpoint unless another is stated (RFC 7523 section 3); EdDSA is the name that servers know. */
function assertionFor({ assertionAudience }: OpenedFields, url: string): oauth.ModifyAssertionOptions {
  return {
    [oauth.modifyAssertion]: (header, payload) => {
      if (header.alg === 'Ed25519') header.alg = 'EdDSA';
      payload.aud = assertionAudience || url;
    },
  };
}

type Pair = [name: string, value: string];

/** Scope, audience and resource, where they are stated. */
export function targetParameters({ scope = '', audience = '', resource = '' }: OpenedFields): Pair[] {
  const pairs: Pair[] = [
    ['scope', scope.trim()],
    ['audience', audience.trim()],
    ['resource', resource.trim()],
  ];
  return pairs.filter(([, value]) => value !== '');
}

export interface OwnParameters {
  readonly body: readonly Pair[];
  readonly headers: readonly Pair[];
  readonly query: readonly Pair[];
}

/** The parameters of one's own that a request of this list takes; Insomnia's Origin goes with requests for a token. */
export function ownParameters(fields: OpenedFields, list: string): OwnParameters {
  const found = Object.entries(fields).flatMap(([field, value]) => {
    const parameter = readParameterField(field);
    return parameter?.list === list ? [{ ...parameter, value }] : [];
  });
  const at = (place: string): Pair[] =>
    found.filter((each) => each.place === place).map(({ name, value }): Pair => [name, value]);
  const origin = fields.origin && list !== 'authRequestParams' ? [['Origin', fields.origin] as Pair] : [];
  return { body: at('body'), headers: [...at('header'), ...origin], query: at('query') };
}

/** An address with parameters added to its query. */
export function withQuery(url: string, pairs: readonly Pair[]): string {
  if (pairs.length === 0) return url;
  return `${url}${url.includes('?') ? '&' : '?'}${new URLSearchParams([...pairs])}`;
}
