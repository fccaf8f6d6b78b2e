import type { RequestSettings } from '../../collection/model.ts';
import { isObject } from '../../collection/narrow.ts';

/** Settings of each level, outermost first; `inherit` and what is absent leave a level's say to the one outside. */
export function readSettings(levels: readonly unknown[]): RequestSettings {
  const merged: Record<string, unknown> = {};
  for (const level of levels) {
    if (!isObject(level)) continue;
    for (const name of NAMES) if (level[name] !== undefined && level[name] !== 'inherit') merged[name] = level[name];
  }
  const { encodeUrl, timeout, followRedirects, maxRedirects, forwardAuthorizationHeader } = merged;
  return {
    ...(typeof followRedirects === 'boolean' && { followRedirects }),
    ...(isCount(maxRedirects) && { maxRedirects }),
    ...(typeof forwardAuthorizationHeader === 'boolean' && { followAuthorizationHeader: forwardAuthorizationHeader }),
    ...(typeof encodeUrl === 'boolean' && { disableUrlEncoding: !encodeUrl }),
    // Zero is no limit.
    ...(isCount(timeout) && timeout > 0 && { timeoutMs: timeout }),
  };
}

const NAMES = ['encodeUrl', 'timeout', 'followRedirects', 'maxRedirects', 'forwardAuthorizationHeader'] as const;

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}
