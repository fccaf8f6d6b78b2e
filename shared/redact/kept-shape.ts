// A list or an object that a credential's name takes whole: `"tokens": { "access": "…" }`. Its shape stays where something of it is kept.
import { type Capture, captureText } from './capture.ts';
import { REDACTED } from './marker.ts';

const MOST_LEAVES = 64;
const MOST_DEPTH = 6;
/** What stands in a name must be a name: the key of a map can be a secret itself. */
const PLAIN_KEY = /^[A-Za-z][A-Za-z_-]{0,31}$/;
const NO_CREDENTIAL = /^(?:\d{4}-\d\d-\d\d(?:[T ]|$)|[a-z][a-z\d+.-]*:\/\/|[^@\s]+@[^@\s]+\.[a-z]+$)/i;
const KEPT = /^(?:[A-Za-z]+ )?\{\{captured:[A-Za-z0-9_.-]{1,80}\}\}$/;

/**
 * What stands for a list or an object under the name `field`: a reference for each text that is kept, a mark for every other value.
 * Undefined where nothing is kept or a key is no plain word.
 */
export function keptShape(value: unknown, field: string, capture: Capture): unknown {
  if (!hasPlainKeys(value, 0)) return undefined;
  let leaves = 0;
  let kept = 0;
  const shownOf = (part: unknown, path: string, depth: number): unknown => {
    if (depth > MOST_DEPTH) return REDACTED;
    if (Array.isArray(part)) return part.map((each) => shownOf(each, path, depth + 1));
    if (isObject(part)) return mapped(part, (key, each) => shownOf(each, `${path}_${key}`, depth + 1));
    leaves += 1;
    const mayBeKept = typeof part === 'string' && leaves <= MOST_LEAVES && !NO_CREDENTIAL.test(part);
    const reference = mayBeKept ? captureText(capture, path, part) : undefined;
    if (reference !== undefined) kept += 1;
    return reference ?? REDACTED;
  };
  const shown = shownOf(value, field, 0);
  return kept === 0 ? undefined : shown;
}

/** Whether a list or an object is what `keptShape` gives. */
export function isKeptShape(value: unknown): boolean {
  let kept = 0;
  const isShown = (part: unknown, depth: number): boolean => {
    if (depth > MOST_DEPTH + 1) return false;
    if (Array.isArray(part)) return part.every((each) => isShown(each, depth + 1));
    if (isObject(part)) return Object.values(part).every((each) => isShown(each, depth + 1));
    const isReference = typeof part === 'string' && KEPT.test(part);
    if (isReference) kept += 1;
    return isReference || part === REDACTED;
  };
  return typeof value === 'object' && isShown(value, 0) && kept > 0 && hasPlainKeys(value, 0);
}

function hasPlainKeys(value: unknown, depth: number): boolean {
  if (depth > MOST_DEPTH) return true;
  if (Array.isArray(value)) return value.every((each) => hasPlainKeys(each, depth + 1));
  if (!isObject(value)) return true;
  return Object.entries(value).every(([key, each]) => PLAIN_KEY.test(key) && hasPlainKeys(each, depth + 1));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function mapped(value: Readonly<Record<string, unknown>>, map: (key: string, each: unknown) => unknown): object {
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, map(key, each)]));
}
