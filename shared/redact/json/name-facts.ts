// What the scanner has to know of a name, packed into one number: zero for the names that say nothing, which most do.
import { oauthNames, pairNames, pairValues } from '../field-rules.ts';
import type { NameVerdict } from '../names.ts';
import { hasHeaderRule } from '../redact-header.ts';

export type Judge = (name: string) => NameVerdict;

const VERDICTS: readonly NameVerdict[] = ['plain', 'secret', 'likely', 'personal', 'context'];
const VERDICT_BITS = 7;

export const IS_PAIR_NAME = 8;
export const IS_PAIR_VALUE = 16;
export const IS_OAUTH = 32;
export const IS_AUTH = 64;
/** A header field of which only a part goes. */
export const IS_HEADER = 128;
/** `kind`, which says what a Kubernetes object is, and what a Secret holds all of its values in. */
export const IS_KIND = 256;
export const IS_SECRET_DATA = 512;

/** The facts of a decoded name. */
export function factsOf(name: string, judge: Judge): number {
  return (
    VERDICTS.indexOf(judge(name)) |
    (pairNames.has(name) ? IS_PAIR_NAME : 0) |
    (pairValues.has(name) ? IS_PAIR_VALUE : 0) |
    (oauthNames.has(name) ? IS_OAUTH : 0) |
    (name.length === 4 && name.toLowerCase() === 'auth' ? IS_AUTH : 0) |
    (hasHeaderRule(name) ? IS_HEADER : 0) |
    (name === 'kind' ? IS_KIND : 0) |
    (name === 'data' || name === 'stringData' ? IS_SECRET_DATA : 0)
  );
}

export function verdictOf(facts: number): NameVerdict {
  return VERDICTS[facts & VERDICT_BITS] ?? 'plain';
}
