// The closed sets that labels come from. A label is never what other people wrote: whatever is not known is counted as `other`.
import { contracts } from '../../../shared/contracts/contracts.ts';
import { catalogue } from '../../../shared/failure/catalogue.ts';

export const OTHER = 'other';

export const OUTCOMES = ['ok', 'failed', 'question'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** The tools of the contracts; resources and prompts count as one each. */
export const TOOLS: readonly string[] = [...contracts.map(({ name }) => name), 'resource', 'prompt'];

export const VAULT_STATES = ['absent', 'usable', 'locked', 'damaged'] as const;
export type VaultState = (typeof VAULT_STATES)[number];

const known = (values: readonly string[]) => {
  const set: ReadonlySet<string> = new Set(values);
  return (value: string): string => (set.has(value) ? value : OTHER);
};

export const toolLabel = known(TOOLS);
export const codeLabel = known(Object.keys(catalogue));

/** An HTTP status that this server gives; `none` for an answer that the client did not wait for. */
export function statusLabel(status: number | undefined): string {
  if (status === undefined) return 'none';
  return Number.isInteger(status) && status >= 100 && status <= 599 ? String(status) : OTHER;
}

/** What a failed authentication was. */
export const AUTHENTICATION_KINDS: ReadonlyMap<string, string> = new Map([
  ['ACCESS/UNAUTHENTICATED', 'unauthenticated'],
  ['ACCESS/INSUFFICIENT_SCOPE', 'scope'],
  ['ACCESS/RATE_LIMITED', 'blocked'],
  ['ACCESS/UNAVAILABLE', 'unavailable'],
]);

const RULES = ['scope', 'access.default', 'access.collections', 'access.environments', 'approvals.unsafe'];

const RULES_OF_CODES: ReadonlyMap<string, string> = new Map([
  ['ACCESS/DENIED', 'scope'],
  ['POLICY/APPROVAL_DECLINED', 'approval'],
  ['POLICY/APPROVAL_EXPIRED', 'approval'],
  ['POLICY/APPROVAL_REQUIRED', 'approval'],
  ['POLICY/UNTRUSTED_CONFIG', 'trust'],
  ['NETWORK/ADDRESS_DENIED', 'address'],
  ['NETWORK/SCHEME_DENIED', 'address'],
  ['NETWORK/REDIRECT_DENIED', 'redirect'],
  ['SECRET/ORIGIN_NOT_BOUND', 'binding'],
  ['SECRET/METHOD_NOT_ALLOWED', 'binding'],
  ['SECRET/PLACE_NOT_ALLOWED', 'binding'],
  ['SECRET/WRITING_ONLY', 'binding'],
]);

/** The rule that denied a call which failed; undefined where no rule did. Of a rule about one name, the name is left out. */
export function denialRule(code: string, fix: string): string | undefined {
  if (code !== 'POLICY/DENIED') return RULES_OF_CODES.get(code);
  const [, rule = ''] = /^Rule: ([a-z.]+)/.exec(fix) ?? [];
  return RULES.find((each) => rule === each || rule.startsWith(`${each}.`)) ?? OTHER;
}
