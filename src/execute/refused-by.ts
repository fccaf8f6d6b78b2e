import { type Failure, failure } from '../../shared/failure/failure.ts';
import { limits } from '../../shared/limits.ts';
import type { Said } from './approval.ts';

/** What refuses a request after a person, or nobody, was asked; undefined where it was approved. `reason`: why somebody had to be. */
export function refusedBy({ outcome }: Said, reason: string): Failure | undefined {
  switch (outcome) {
    case 'approved':
      return undefined;
    case 'declined':
      return failure('POLICY/APPROVAL_DECLINED');
    case 'expired':
      return failure('POLICY/APPROVAL_EXPIRED');
    case 'crowded':
      return failure('POLICY/APPROVALS_FULL');
    case 'too-much':
      return failure('INPUT/INVALID', TOO_MUCH);
    case 'unavailable':
      return failure('POLICY/APPROVAL_REQUIRED', { reason });
  }
}

const TOO_MUCH = {
  problem: `a person has to approve it, and can be shown ${limits.askedEntries} variables, headers and query parameters at the most`,
};
