// What a credential may be used for. The courier judges by it before anything is opened, the vault once more on the record that
// authenticated.
import { type Failure, failure } from '../failure/failure.ts';
import { limits } from '../limits.ts';
import { isSafeMethod } from '../policy/decide.ts';
import { originAllowed } from './binding.ts';
import { placesOf } from './handle-policy.ts';
import type { HandleInfo, SecretPlace, SecretTier } from './secret-ref.ts';

/** What a value is wanted for. */
export interface SecretUse {
  /** Of the request that it will stand in. */
  readonly origin: string;
  readonly method: string;
  /** Methods that a header or a parameter of the request names in the place of its own; '' for one that only a secret names. */
  readonly otherMethods?: readonly string[];
  /** Where it will stand; absent: in an auth field. */
  readonly places?: readonly SecretPlace[];
  /** `writing` only for what policy or the operator allowed although it may change data; absent: `reading`. */
  readonly tier?: SecretTier;
  /** Names or ids of the only secrets that the caller reaches: any other is as good as missing. Absent: all. */
  readonly handles?: readonly string[];
}

type Policy = Omit<HandleInfo, 'useCount'> & { readonly useCount?: number };

/** Which of the two credentials a use takes: the writing one never goes with a request whose methods are all safe. */
export function tierOf({ tier, method, otherMethods = [] }: SecretUse): SecretTier {
  const writes = [method, ...otherMethods].some((each) => !isSafeMethod(each));
  return tier === 'writing' && writes ? 'writing' : 'reading';
}

/**
 * Why a credential may not be used so; undefined where it may. SECRET/ORIGIN_NOT_BOUND, EXPIRED, EXPIRY_UNKNOWN,
 * PLACE_NOT_ALLOWED, METHOD_NOT_ALLOWED or USED_UP; the last only where a count of uses is given. `nowMs` since the epoch.
 */
export function refusalOf(info: Policy, use: SecretUse, nowMs: number): Failure | undefined {
  return (
    originRefusal(info, use) ??
    expiryRefusal(info, nowMs) ??
    placeRefusal(info, use) ??
    methodRefusal(info, use) ??
    usedUp(info)
  );
}

function originRefusal(info: Policy, { origin }: SecretUse): Failure | undefined {
  if (originAllowed(info.origins, origin)) return undefined;
  return failure('SECRET/ORIGIN_NOT_BOUND', { secret: secretNamed(info), origin });
}

/** A clock that stands before the record was written has been set back, and an expiry that had passed would lie ahead again. */
function expiryRefusal({ name, expiresAt, updatedAt }: Policy, nowMs: number): Failure | undefined {
  if (expiresAt === undefined) return undefined;
  if (expiresAt <= nowMs) return failure('SECRET/EXPIRED', { name, expired: new Date(expiresAt).toISOString() });
  return nowMs < updatedAt - limits.clockStepBackMs ? failure('SECRET/EXPIRY_UNKNOWN', { name }) : undefined;
}

function placeRefusal(info: Policy, { places = ['auth'] }: SecretUse): Failure | undefined {
  const allowed = placesOf(info);
  const place = places.find((each) => !allowed.includes(each));
  return place && failure('SECRET/PLACE_NOT_ALLOWED', { secret: secretNamed(info), place });
}

function methodRefusal({ name, methods }: Policy, { method, otherMethods = [] }: SecretUse): Failure | undefined {
  if (!methods) return undefined;
  const refused = [method, ...otherMethods].find((each) => !methods.includes(each));
  return refused === undefined
    ? undefined
    : failure('SECRET/METHOD_NOT_ALLOWED', {
        name,
        method: refused === '' ? 'a method that only a secret names' : refused,
      });
}

function usedUp({ name, maxUses, useCount }: Policy): Failure | undefined {
  if (maxUses === undefined || useCount === undefined || useCount < maxUses) return undefined;
  return failure('SECRET/USED_UP', { name, uses: maxUses });
}

function secretNamed({ name, tier }: Policy): string {
  return tier === 'writing' ? `The writing credential of "${name}"` : `The secret "${name}"`;
}
