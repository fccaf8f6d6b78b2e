// The only place where a secret becomes text. What it opens it also reports, so that the scrubber knows every value that the
// server could send back.
import { randomBytes } from 'node:crypto';
import { isSecretAuthField } from '../../shared/collection/secret-auth-fields.ts';
import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { limits } from '../../shared/limits.ts';
import type { NetworkPolicy } from '../../shared/policy/policy.ts';
import { REDACTED } from '../../shared/redact/marker.ts';
import type { KnownSecret } from '../../shared/redact/scrubber.ts';
import { judgeRequestHeader } from '../../shared/request/header-policy.ts';
import type { PlannedAuth } from '../../shared/request/plan.ts';
import { bodyHasSecret } from '../../shared/request/secret-pieces.ts';
import {
  type OpenSecret,
  writeBody,
  writeHeaders,
  writeTarget,
  writeText,
} from '../../shared/request/write-request.ts';
import { reveal } from '../../shared/secret/reveal.ts';
import type { HandleInfo, SecretTier } from '../../shared/secret/secret-ref.ts';
import {
  type AdmittedPlan,
  markSigned,
  type Plan,
  type RawExchange,
  type SignedRequest,
} from '../../shared/stages/stages.ts';
import { renderedText } from '../../shared/template/render.ts';
import type { SecretSource } from '../vault/resolve.ts';
import { rememberBound, writingValues } from './bound-values.ts';
import { clientHeaders, withDefault } from './client-headers.ts';
import { createDialSecrets, type OpenDial } from './dial-secrets.ts';
import { type CookiePair, withCookies } from './jar-cookies.ts';
import { knownOf } from './known.ts';
import { openSecrets } from './open-secrets.ts';
import { reachedOf } from './reached-secrets.ts';
import type { Authorised, AuthRound, Credentials, Draft, HeaderPair, Scheme, SigningPlace } from './schemes/scheme.ts';
import { schemeOf } from './schemes/schemes.ts';
import { placeOf } from './signing-place.ts';

export interface Signer {
  /** Metadata of a handle, or of the credential beside it that a tier takes, for the checks that come before anything is opened. */
  describe(id: string, tier?: SecretTier): Result<HandleInfo>;
  /**
   * Opens every secret of an admitted plan and writes the exact bytes to send. Fails with REQUEST/AUTH_UNSUPPORTED,
   * REQUEST/AUTH_INCOMPLETE, REQUEST/AUTH_INVALID, SECRET/ORIGIN_NOT_BOUND, or as the vault and the writers do.
   */
  sign(admitted: AdmittedPlan, trip: SigningTrip): Promise<Result<SignedWithSecrets>>;
  /**
   * Opens the fields of an admitted plan's auth, for what mints a token from them at the plan's origin. Failures: as the vault's.
   */
  openFields(admitted: AdmittedPlan, signal: AbortSignal): Promise<Result<OpenedFields>>;
  /** The values of the writing credentials bound to these origins, to look for in one answer and forget. Failures: VAULT/*. */
  writingValues(origins: Iterable<string>): Result<readonly KnownSecret[]>;
  /** What the request has to be signed for once more after an answer; undefined where the answer stands. */
  nextRound(plan: Plan, answer: RawExchange, before: AuthRound | undefined): AuthRound | undefined;
  /** Whether all rounds of this plan's auth have to take one connection. */
  keepsConnection(plan: Plan): boolean;
  /** The same for a caller who reaches only the secrets of these names or ids: any other is as good as missing. */
  within(handles: readonly string[]): Signer;
}

/** What a request is signed with beside its plan. */
export interface SigningTrip {
  readonly round?: AuthRound | undefined;
  /** Of requests that have to take one connection. */
  readonly session?: string | undefined;
  /** Cookies of the caller's jar for this request; one that the request has a cookie of the same name for is left out. */
  readonly cookies: readonly CookiePair[];
  readonly signal: AbortSignal;
}

export interface SignedWithSecrets {
  readonly request: SignedRequest;
  /** The request as it may be shown: written a second time, with a mark in the place of every secret. */
  readonly shown: ShownRequest;
  /** Every value that an answer could reflect; never leaves the courier. */
  readonly known: readonly KnownSecret[];
  /** A writing credential is among them: nothing that is made of them is kept beyond this call. */
  readonly passing: boolean;
}

export interface OpenedFields {
  readonly fields: Readonly<Record<string, string>>;
  /** Every value that an answer could reflect. */
  readonly known: readonly KnownSecret[];
  readonly passing: boolean;
}

export interface ShownRequest {
  /** Path and query. */
  readonly path: string;
  readonly headers: readonly HeaderPair[];
}

export interface SignerOptions {
  readonly secrets: SecretSource;
  /** What says which secrets connections are made with; absent: none. */
  readonly network?: NetworkPolicy;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** An unguessable multipart boundary; random unless given. */
  readonly boundary?: () => string;
}

/** Makes the signer. It holds the values bound to recently called origins until the vault changes. */
export function createSigner({ secrets, network, now, boundary = randomBoundary }: SignerOptions): Signer {
  const openDial = createDialSecrets({ network, secrets, now });
  // Whatever a caller reaches, an answer shows no value that the vault has for its origin.
  return signerOver(secrets, { boundTo: rememberBound(secrets), openDial, now, boundary });
}

interface SignerParts extends Pick<SignerOptions, 'now'> {
  readonly boundTo: ReturnType<typeof rememberBound>;
  readonly openDial: OpenDial;
  readonly boundary: () => string;
}

function signerOver(secrets: SecretSource, parts: SignerParts): Signer {
  const { boundTo, openDial, now, boundary } = parts;
  return {
    describe: (id, tier) => secrets.describe(id, tier),
    async openFields({ plan, tier }, signal) {
      const opened = await openSecrets(plan, tier, secrets, signal);
      if (!opened.ok) return opened;
      const { open, values, passing } = opened.value;
      const { fields } = openAuth(plan, open);
      return ok({ fields, known: [...values, ...authValues(plan, open), ...scopeValues(plan)], passing });
    },
    writingValues: (origins) => writingValues(secrets, origins),
    within: (handles) => signerOver(reachedOf(secrets, handles), parts),
    async sign({ plan, target, tier }, { round, session, cookies, signal }) {
      const scheme = schemeOf(plan.auth.type)?.sign;
      if (!scheme) return err(failure('REQUEST/AUTH_UNSUPPORTED', { type: plan.auth.type }));
      const opened = await openSecrets(plan, tier, secrets, signal);
      if (!opened.ok) return opened;
      const bound = boundTo(plan.url.origin);
      if (!bound.ok) return bound;
      const { open, values, passing } = opened.value;
      const draft = writeDraft(plan, open, boundary());
      if (!draft.ok) return draft;
      const place = placeOf(plan, target, { now: now(), round });
      const credentials = { ...openAuth(plan, open), ...place(), masked: false };
      const authorised = authorise(scheme, draft.value, credentials, plan, cookies);
      if (!authorised.ok) return authorised;
      const shown = maskedRequest(plan, draft.value, scheme, place(), cookies);
      if (!shown.ok) return shown;
      const dial = await openDial(plan, signal, secrets);
      if (!dial.ok) return dial;
      const { method, target: path, headers, body, derived } = authorised.value;
      const signed = {
        target,
        method,
        path,
        headers,
        ...(body.length > 0 && { body }),
        ...(session !== undefined && { session }),
        ...(session !== undefined && round !== undefined && round.number > 1 && { resumes: true as const }),
        ...(dial.value.dial && { dial: dial.value.dial }),
      };
      const known = knownOf(
        [values, dial.value.known, authValues(plan, open), derived, bound.value, scopeValues(plan)],
        headers,
        cookies,
      );
      return ok({ request: markSigned(signed), shown: shown.value, known, passing });
    },
    nextRound({ auth }, answer, before) {
      const number = (before?.number ?? 0) + 1;
      if (answer.status !== 401 || number > limits.authRounds) return undefined;
      const date = headerValues(answer, 'date')[0];
      const round = {
        number,
        challenges: headerValues(answer, 'www-authenticate'),
        ...(date !== undefined && { date }),
      };
      return schemeOf(auth.type)?.goesOn?.(round, (field) => renderedText(auth.fields[field] ?? []) ?? '')
        ? round
        : undefined;
    },
    keepsConnection: ({ auth }) => schemeOf(auth.type)?.keepsConnection === true,
  };
}

function headerValues({ headers }: RawExchange, name: string): string[] {
  return headers.filter(([other]) => other.toLowerCase() === name).map(([, value]) => value);
}

/** The draft with what the scheme and the client add. Failures: the scheme's; REQUEST/HEADER_INVALID for a header that the scheme sets. */
function authorise(
  scheme: Scheme,
  draft: Draft,
  credentials: Credentials,
  { settings }: Plan,
  cookies: readonly CookiePair[],
): Result<Draft & Pick<Authorised, 'derived'>> {
  const authorised = scheme(draft, credentials);
  if (!authorised.ok) return authorised;
  const { derived } = authorised.value;
  const signed = withCookies(authorised.value.draft, cookies);
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
  place: SigningPlace,
  cookies: readonly CookiePair[],
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
  const credentials = { ...openAuth({ ...plan, auth }, mask), ...place, masked: true };
  const masks = cookies.map(({ name }) => ({ name, value: REDACTED }));
  const shown = authorise(scheme, draft, credentials, plan, masks);
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

/** A variable that nobody marked secret is one where it stands in a credential's field, wherever the scheme puts it. */
function authValues({ auth: { type, fields } }: Plan, open: OpenSecret): KnownSecret[] {
  return Object.entries(fields)
    .filter(([name]) => isSecretAuthField(type, name))
    .map(([, rendered]) => ({ id: 'auth', value: writeText(rendered, open) }));
}

function scopeValues({ scopeSecrets }: Plan): KnownSecret[] {
  return scopeSecrets.map((sealed) => ({ id: 'inline', value: reveal(sealed), leaf: true }));
}

function randomBoundary(): string {
  return `--------------------------${randomBytes(12).toString('hex')}`;
}
