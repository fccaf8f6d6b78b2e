import type { Principal } from '../../shared/policy/policy.ts';

/** What planning and approvals take of the one who calls. */
export interface Calling {
  /** Id of the principal, whose captured tokens may be used. */
  readonly caller: string;
  /** Variables that are filled from its claims. */
  readonly claims?: NonNullable<Principal['claims']>;
}

export function callingOf({ id, claims }: Principal): Calling {
  return { caller: id, ...(claims && { claims }) };
}
