import type { Result } from '../../../shared/failure/result.ts';
import type { StoredApproval } from '../../approvals/approval-row.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { type DataOptions, fail, type Session } from '../session.ts';
import { approvalLines, shownApproval } from './shown-approval.ts';

/** Prints what an approval is now, or why it was not changed. */
export function changeApproval(session: Session, options: DataOptions, changed: Result<StoredApproval>): ExitCode {
  if (!changed.ok) return fail(session, changed.failure, options);
  const now = Date.now();
  if (options.json) session.terminal.json(shownApproval(changed.value, now));
  else for (const line of approvalLines(changed.value, now)) session.terminal.line(line);
  return EXIT.done;
}
