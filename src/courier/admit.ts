// The check before every hop: nothing is opened, resolved or dialled for a destination that a secret of the plan may not go to.

import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { parseUrl } from '../../shared/request/parse-url.ts';
import type { PlannedUrl } from '../../shared/request/plan.ts';
import { otherMethods } from '../../shared/request/safe-request.ts';
import { handlePlaces, secretPieces } from '../../shared/request/secret-pieces.ts';
import { refusalOf, type SecretUse, tierOf } from '../../shared/secret/permits.ts';
import type { SecretTier } from '../../shared/secret/secret-ref.ts';
import { type AdmittedPlan, markAdmitted, type Plan } from '../../shared/stages/stages.ts';
import type { Network } from '../network/network.ts';
import type { Signer } from '../signer/sign.ts';

export interface AdmitOptions {
  readonly signer: Pick<Signer, 'describe'>;
  readonly network: Pick<Network, 'pin'>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** `writing` only where policy or the operator allowed a request that may change data. */
  readonly tier: SecretTier;
}

/**
 * Admits a plan to its destination and pins the address. Fails with REQUEST/URL_INVALID, with SECRET/NOT_FOUND, WRITING_ONLY or why a
 * credential may not be used so (`refusalOf`), or as the network's pin does.
 */
export async function admit(plan: Plan, options: AdmitOptions, signal: AbortSignal): Promise<Result<AdmittedPlan>> {
  if (!isConsistent(plan.url))
    return err(failure('REQUEST/URL_INVALID', { problem: 'its origin is not the one of its parts' }));
  const judged = judgeSecrets(plan, options);
  if (!judged.ok) return judged;
  const { scheme, host, port } = plan.url;
  const target = await options.network.pin(scheme, host, portNumber(plan.url, port), signal);
  return target.ok ? ok(markAdmitted({ plan, target: target.value, tier: options.tier })) : target;
}

/** Judges every secret of a plan by where the plan goes and what it does; nothing is resolved or dialled. Failures: as of `admit`. */
export function judgeSecrets(
  plan: Plan,
  { signer, now, tier }: Pick<AdmitOptions, 'signer' | 'now' | 'tier'>,
): Result<void> {
  const { origin } = plan.url;
  if (plan.statedOrigin !== origin && secretPieces(plan).some(({ kind }) => kind === 'inline')) {
    return err(failure('SECRET/ORIGIN_NOT_BOUND', { secret: 'A secret of the collection', origin }));
  }
  const use: SecretUse = { origin, method: plan.method, otherMethods: otherMethods(plan), tier };
  for (const [id, places] of handlePlaces(plan)) {
    const found = signer.describe(id, tierOf(use));
    if (!found.ok) return found;
    const refusal = refusalOf(found.value, { ...use, places }, now());
    if (refusal) return err(refusal);
  }
  return ok(undefined);
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
