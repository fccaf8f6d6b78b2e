// The check before every hop: nothing is opened, resolved or dialled for a destination that a secret of the plan may not go to.

import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { limits } from '../../shared/limits.ts';
import { parseUrl } from '../../shared/request/parse-url.ts';
import type { PlannedUrl } from '../../shared/request/plan.ts';
import { secretPieces, secretsOf } from '../../shared/request/secret-pieces.ts';
import { originAllowed } from '../../shared/secret/binding.ts';
import type { HandleInfo } from '../../shared/secret/secret-ref.ts';
import { type AdmittedPlan, markAdmitted, type Plan } from '../../shared/stages/stages.ts';
import type { SecretPiece } from '../../shared/template/template.ts';
import type { Network } from '../network/network.ts';
import type { Signer } from '../signer/sign.ts';

export interface AdmitOptions {
  readonly signer: Pick<Signer, 'describe'>;
  readonly network: Pick<Network, 'pin'>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/**
 * Admits a plan to its destination and pins the address. Fails with SECRET/ORIGIN_NOT_BOUND, EXPIRED, EXPIRY_UNKNOWN,
 * NOT_FOUND or PLACE_NOT_ALLOWED, or as the network's pin does.
 */
export async function admit(plan: Plan, options: AdmitOptions, signal: AbortSignal): Promise<Result<AdmittedPlan>> {
  if (!isConsistent(plan.url))
    return err(failure('REQUEST/URL_INVALID', { problem: 'its origin is not the one of its parts' }));
  for (const piece of secretPieces(plan)) {
    const judged = piece.kind === 'inline' ? judgeInline(plan) : judgeHandle(piece, plan, options);
    if (!judged.ok) return judged;
  }
  const { scheme, host, port } = plan.url;
  const target = await options.network.pin(scheme, host, portNumber(plan.url, port), signal);
  return target.ok ? ok(markAdmitted({ plan, target: target.value })) : target;
}

/** Binding is judged by the origin, dialling goes by scheme, host and port: were they to differ, a secret would go astray. */
function isConsistent({ scheme, host, port, origin }: PlannedUrl): boolean {
  const text = `${scheme}://${host}${port === '' ? '' : `:${port}`}`;
  return text === origin && parseUrl(text)?.origin === text;
}

function portNumber({ scheme }: PlannedUrl, port: string): number {
  if (port !== '') return Number(port);
  return scheme === 'http' ? 80 : 443;
}

function judgeInline({ statedOrigin, url }: Plan): Result<void> {
  if (statedOrigin === url.origin) return ok(undefined);
  return err(failure('SECRET/ORIGIN_NOT_BOUND', { secret: 'A secret of the collection', origin: url.origin }));
}

function judgeHandle(
  piece: Extract<SecretPiece, { kind: 'handle' }>,
  { url }: Plan,
  { signer, now }: AdmitOptions,
): Result<void> {
  const found = signer.describe(piece.id);
  if (!found.ok) return found;
  const { name, origins, pathAllowed } = found.value;
  const current = judgeExpiry(found.value, now());
  if (!current.ok) return current;
  const secret = `The secret "${name}"`;
  if (!originAllowed(origins, url.origin))
    return err(failure('SECRET/ORIGIN_NOT_BOUND', { secret, origin: url.origin }));
  const inPath = secretsOf(url.path).some((each) => each.kind === 'handle' && each.id === piece.id);
  return inPath && !pathAllowed ? err(failure('SECRET/PLACE_NOT_ALLOWED', { secret, place: 'path' })) : ok(undefined);
}

/** A clock that stands before the record was written has been set back, and an expiry that had passed would lie ahead again. */
function judgeExpiry({ name, expiresAt, updatedAt }: HandleInfo, nowMs: number): Result<void> {
  if (expiresAt === undefined) return ok(undefined);
  if (expiresAt <= nowMs) return err(failure('SECRET/EXPIRED', { name, expired: new Date(expiresAt).toISOString() }));
  return nowMs < updatedAt - limits.clockStepBackMs ? err(failure('SECRET/EXPIRY_UNKNOWN', { name })) : ok(undefined);
}
