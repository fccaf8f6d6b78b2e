// The only place where a secret becomes text. What it opens it also reports, so that the scrubber knows every value that the
// server could send back.
import { randomBytes } from 'node:crypto';
import { isSecretAuthField } from '../../shared/collection/secret-auth-fields.ts';
import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { REDACTED } from '../../shared/redact/marker.ts';
import type { KnownSecret } from '../../shared/redact/scrubber.ts';
import { judgeRequestHeader } from '../../shared/request/header-policy.ts';
import type { PlannedAuth, PlannedUrl } from '../../shared/request/plan.ts';
import { bodyHasSecret, secretPieces } from '../../shared/request/secret-pieces.ts';
import {
  type OpenSecret,
  writeBody,
  writeHeaders,
  writeTarget,
  writeText,
} from '../../shared/request/write-request.ts';
import { reveal } from '../../shared/secret/reveal.ts';
import type { HandleInfo } from '../../shared/secret/secret-ref.ts';
import { type AdmittedPlan, markSigned, type Plan, type SignedRequest } from '../../shared/stages/stages.ts';
import { renderedText } from '../../shared/template/render.ts';
import type { SecretPiece } from '../../shared/template/template.ts';
import type { SecretSource } from '../vault/resolve.ts';
import { clientHeaders, withDefault } from './client-headers.ts';
import { knownOf } from './known.ts';
import type { Authorised, Credentials, Draft, HeaderPair, Scheme } from './schemes/scheme.ts';
import { schemeOf } from './schemes/schemes.ts';

export interface Signer {
  /** Metadata of a handle, for the checks that come before anything is opened. */
  describe(id: string): Result<HandleInfo>;
  /**
   * Opens every secret of an admitted plan and writes the exact bytes to send. Fails with REQUEST/AUTH_UNSUPPORTED,
   * REQUEST/AUTH_INCOMPLETE, SECRET/ORIGIN_NOT_BOUND, or as the vault and the writers do.
   */
  sign(admitted: AdmittedPlan): Result<SignedWithSecrets>;
}

export interface SignedWithSecrets {
  readonly request: SignedRequest;
  /** The request as it may be shown: written a second time, with a mark in the place of every secret. */
  readonly shown: ShownRequest;
  /** Every value that an answer could reflect; never leaves the courier. */
  readonly known: readonly KnownSecret[];
}

export interface ShownRequest {
  /** Path and query. */
  readonly path: string;
  readonly headers: readonly HeaderPair[];
}

export interface SignerOptions {
  readonly secrets: SecretSource;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** An unguessable multipart boundary; random unless given. */
  readonly boundary?: () => string;
}

/** Makes the signer. It holds the values bound to recently called origins until the vault changes. */
export function createSigner({ secrets, now, boundary = randomBoundary }: SignerOptions): Signer {
  const boundTo = rememberBound(secrets);
  return {
    describe: (id) => secrets.describe(id),
    sign({ plan, target }) {
      const scheme = schemeOf(plan.auth.type);
      if (!scheme) return err(failure('REQUEST/AUTH_UNSUPPORTED', { type: plan.auth.type }));
      const bound = boundTo(plan.url.origin);
      if (!bound.ok) return bound;
      const opened = openSecrets(plan, secrets);
      if (!opened.ok) return opened;
      const { open, values } = opened.value;
      const draft = writeDraft(plan, open, boundary());
      if (!draft.ok) return draft;
      const place = { host: hostHeader(plan.url), now: now() };
      const authorised = authorise(scheme, draft.value, { ...openAuth(plan, open), ...place }, plan);
      if (!authorised.ok) return authorised;
      const shown = maskedRequest(plan, draft.value, scheme, place);
      if (!shown.ok) return shown;
      const { method, target: path, headers, body, derived } = authorised.value;
      const signed = { target, method, path, headers, ...(body.length > 0 ? { body } : {}) };
      const known = knownOf([values, authValues(plan, open), derived, bound.value, scopeValues(plan)], headers);
      return ok({ request: markSigned(signed), shown: shown.value, known });
    },
  };
}

/** The draft with what the scheme and the client add. Failures: the scheme's; REQUEST/HEADER_INVALID for a header that the scheme sets. */
function authorise(
  scheme: Scheme,
  draft: Draft,
  credentials: Credentials,
  { settings }: Plan,
): Result<Draft & Pick<Authorised, 'derived'>> {
  const authorised = scheme(draft, credentials);
  if (!authorised.ok) return authorised;
  const { draft: signed, derived } = authorised.value;
  for (const [name, value] of signed.headers) {
    const judged = judgeRequestHeader(name, value);
    if (!judged.ok) return judged;
  }
  const headers = [...signed.headers, ...clientHeaders(signed, credentials.host, settings)];
  return ok({ ...signed, headers, derived });
}

/**
 * What was written, once more with every secret masked. The body too: a scheme puts its digest into a header, and the digest of
 * a body that is known but for a short secret gives the secret away.
 */
function maskedRequest(
  plan: Plan,
  sent: Draft,
  scheme: Scheme,
  place: Pick<Credentials, 'host' | 'now'>,
): Result<ShownRequest> {
  const own = writeHeaders(plan.headers, mask);
  if (!own.ok) return own;
  const headers = [...own.value, ...sent.headers.slice(own.value.length)];
  const masked = bodyHasSecret(plan.body) ? writeBody(plan.body, mask, 'masked').bytes : sent.body;
  const draft = {
    ...sent,
    target: writeTarget(plan.url, plan.settings, mask),
    headers,
    body: masked ?? new Uint8Array(),
  };
  const auth = { ...plan.auth, fields: maskedFields(plan.auth) };
  const shown = authorise(scheme, draft, { ...openAuth({ ...plan, auth }, mask), ...place }, plan);
  if (!shown.ok) return shown;
  const { target, headers: written } = shown.value;
  return ok({ path: plainMark(target), headers: written.map(([name, value]) => [name, plainMark(value)]) });
}

const mask: OpenSecret = () => REDACTED;
const ENCODED_MARK = encodeURIComponent(REDACTED);

function plainMark(text: string): string {
  return text.replaceAll(ENCODED_MARK, REDACTED);
}

// A variable that nobody marked secret is one where it stands in a credential's field.
function maskedFields({ type, fields }: PlannedAuth): PlannedAuth['fields'] {
  const masked = Object.entries(fields).map(([name, value]) => {
    const isEmpty = renderedText(value) === '';
    const isHidden = !isEmpty && isSecretAuthField(type, name);
    return [name, isHidden ? [{ kind: 'text', text: REDACTED } as const] : value] as const;
  });
  return Object.fromEntries(masked);
}

function writeDraft(plan: Plan, open: OpenSecret, boundary: string): Result<Draft> {
  const headers = writeHeaders(plan.headers, open);
  if (!headers.ok) return headers;
  const { bytes, contentType } = writeBody(plan.body, open, boundary);
  const own = headers.value;
  return ok({
    method: plan.method,
    target: writeTarget(plan.url, plan.settings, open),
    headers: contentType === undefined ? own : withDefault(own, 'Content-Type', contentType, plan.settings),
    body: bytes ?? new Uint8Array(),
  });
}

function openAuth(
  { auth, url, settings }: Pick<Plan, 'auth' | 'url' | 'settings'>,
  open: OpenSecret,
): Pick<Credentials, 'fields' | 'queryPair'> {
  const { fields } = auth;
  return {
    fields: Object.fromEntries(Object.entries(fields).map(([name, rendered]) => [name, writeText(rendered, open)])),
    queryPair: (name, value) => {
      const query = [{ name: fields[name] ?? null, value: fields[value] ?? [] }];
      return writeTarget({ ...url, path: [], query }, settings, open).slice(1);
    },
  };
}

interface Opened {
  readonly open: OpenSecret;
  readonly values: readonly KnownSecret[];
}

function openSecrets(plan: Plan, secrets: SecretSource): Result<Opened> {
  const pieces = secretPieces(plan);
  // admit has checked this; a plan that came another way must not open anything either.
  if (pieces.some(({ kind }) => kind === 'inline') && plan.statedOrigin !== plan.url.origin) {
    return err(failure('SECRET/ORIGIN_NOT_BOUND', { secret: 'A secret of the collection', origin: plan.url.origin }));
  }
  const handles = new Map<string, string>();
  for (const piece of pieces) {
    if (piece.kind !== 'handle' || handles.has(piece.id)) continue;
    const resolved = secrets.resolve(piece.id, plan.url.origin);
    if (!resolved.ok) return resolved;
    if (resolved.value === '') return err(failure('SECRET/NOT_FOUND', { name: piece.name, nearest: 'none' }));
    handles.set(piece.id, resolved.value);
  }
  const open = (piece: SecretPiece): string => {
    if (piece.kind === 'inline') return reveal(piece.value);
    const value = handles.get(piece.id);
    if (value === undefined) throw new Error('A handle was written that was not resolved.');
    return value;
  };
  return ok({
    open,
    values: pieces.map((piece) => ({ id: piece.kind === 'handle' ? piece.id : 'inline', value: open(piece) })),
  });
}

/** A variable that nobody marked secret is one where it stands in a credential's field, wherever the scheme puts it. */
function authValues({ auth: { type, fields } }: Plan, open: OpenSecret): KnownSecret[] {
  return Object.entries(fields)
    .filter(([name]) => isSecretAuthField(type, name))
    .map(([, rendered]) => ({ id: 'auth', value: writeText(rendered, open) }));
}

function scopeValues({ scopeSecrets }: Plan): KnownSecret[] {
  return scopeSecrets.map((sealed) => ({ id: 'inline', value: reveal(sealed) }));
}

type BoundValues = Result<readonly KnownSecret[]>;

const REMEMBERED_ORIGINS = 64;

/** Decrypting every secret of an origin for each call would cost more than the call. */
function rememberBound(secrets: SecretSource): (origin: string) => BoundValues {
  let revision: number | undefined;
  const remembered = new Map<string, BoundValues>();
  return (origin) => {
    const current = secrets.revision();
    if (current !== revision || remembered.size >= REMEMBERED_ORIGINS) remembered.clear();
    revision = current;
    const found = remembered.get(origin) ?? secrets.boundTo(origin);
    if (found.ok) remembered.set(origin, found);
    return found;
  };
}

function hostHeader({ host, port }: PlannedUrl): string {
  return port === '' ? host : `${host}:${port}`;
}

function randomBoundary(): string {
  return `--------------------------${randomBytes(12).toString('hex')}`;
}
