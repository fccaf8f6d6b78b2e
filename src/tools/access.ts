import type { AccessLevel } from '../../shared/policy/policy.ts';

/** The level of something shown; a hidden one is never shown, so asking for its level is a bug. */
export function shownAccess(level: AccessLevel): Exclude<AccessLevel, 'hidden'> {
  if (level === 'hidden') throw new Error('a hidden item reached a listing');
  return level;
}
