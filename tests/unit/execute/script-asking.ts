// What a person is asked about an execution, and the answer.
import type { Result } from '../../../shared/failure/result.ts';
import type { Approval, ApprovalAnswer } from '../../../src/execute/approval.ts';
import type { Execution } from '../../../src/execute/execute-request.ts';
import { type RunOptions, sending } from './script-stand.ts';

export function askedBy(execution: Result<Execution>): Approval {
  if (!execution.ok) throw new Error(execution.failure.code);
  if (execution.value.kind !== 'ask') throw new Error(execution.value.kind);
  return execution.value.question.approval;
}

export function answer({ digest }: Approval, outcome: ApprovalAnswer['outcome'] = 'approved') {
  return { approval: { digest, outcome } } satisfies RunOptions;
}

/** A script that sends a POST and logs what came of it. */
export function posting(path: string, rest: object = {}): string {
  return sending({ url: `{{base}}${path}`, method: 'POST', ...rest });
}
