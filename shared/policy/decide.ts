import { type AccessFinding, collectionAccess, environmentAccess, type Named, stricter } from './access.ts';
import type { Decision, Policy, UnsafeApproval } from './policy.ts';

/** Methods that read only: RFC 9110 section 9.2.1, without TRACE (it reflects credentials), and QUERY (draft-ietf-httpbis-safe-method-w-body). */
const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'QUERY']);

/** HTTP methods are case-sensitive (RFC 9110 section 9.1): `get` is another method, and not known to be safe. */
export function isSafeMethod(method: string): boolean {
  return SAFE_METHODS.has(method);
}

export interface DecideInput {
  readonly policy: Policy;
  readonly collection: Named;
  readonly environment?: Named;
  readonly method: string;
  /**
   * A safe method that no header turns into another. A GraphQL query is none: that an endpoint speaks GraphQL is the word of the
   * collection file, and whoever edits the file could call any POST a query.
   */
  readonly safe: boolean;
}

/**
 * Whether a planned request may be sent: the stricter of its collection's and its environment's access level decides. A level
 * or an approval that is none of those that the policy knows is denied.
 */
export function decide({ policy, collection, environment, ...sent }: DecideInput): Decision {
  const access = environment
    ? stricter(collectionAccess(policy, collection), environmentAccess(policy, environment))
    : collectionAccess(policy, collection);
  return decideWithin(policy, access, sent);
}

/** The same for an access level that is known, such as that of an environment alone. */
export function decideWithin(
  policy: Policy,
  access: AccessFinding,
  { method, safe }: Pick<DecideInput, 'method' | 'safe'>,
): Decision {
  const { reach } = policy;
  if (reach && !reach.tools.includes('execute')) return deny({ rule: 'scope' }, 'this caller executes nothing');
  if (reach && !safe && !reach.unsafe) return deny({ rule: 'scope' }, `${method} may change data`);
  switch (access.level) {
    case 'hidden':
      return deny(access, 'it is hidden');
    case 'read-only':
      return deny(access, 'it may be described but not executed');
    case 'safe':
      return decideSafe(access, safe, method, policy.approvals.unsafe);
    case 'full':
      return decideFull(access, safe, method, policy.approvals.unsafe);
    default:
      return deny(access, NOT_UNDERSTOOD);
  }
}

const NOT_UNDERSTOOD = 'its rule is not understood';

function decideSafe(access: AccessFinding, safe: boolean, method: string, unsafe: UnsafeApproval): Decision {
  if (safe) return { verdict: 'allow', rule: access.rule, reason: `${method} only reads here` };
  const rule = 'approvals.unsafe';
  switch (unsafe) {
    case 'allow':
      return { verdict: 'allow', rule, reason: 'methods that change data are allowed' };
    case 'ask':
      return { verdict: 'ask', rule, reason: `${method} may change data` };
    case 'deny':
      return { verdict: 'deny', rule, reason: `${method} may change data` };
    default:
      return deny({ rule }, NOT_UNDERSTOOD);
  }
}

// `approvals.unsafe: deny` is the operator's word about every method that changes data; full access does not undo it.
function decideFull(access: AccessFinding, safe: boolean, method: string, unsafe: UnsafeApproval): Decision {
  if (!safe && unsafe !== 'ask' && unsafe !== 'allow') return decideSafe(access, safe, method, unsafe);
  return { verdict: 'allow', rule: access.rule, reason: 'every method is allowed' };
}

function deny({ rule }: Pick<AccessFinding, 'rule'>, reason: string): Decision {
  return { verdict: 'deny', rule, reason };
}
