import { isLive } from '../../approvals/approval-row.ts';
import type { ApprovalDesk } from '../../approvals/approval-store.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { type DataOptions, fail, type Session } from '../session.ts';
import { approvalLines, shownApproval } from './shown-approval.ts';

/** Prints what waits and what holds, and with `all` what has ended. */
export function listApprovals(
  session: Session,
  desk: ApprovalDesk,
  options: DataOptions & { readonly all?: boolean },
): ExitCode {
  const listed = desk.list();
  if (!listed.ok) return fail(session, listed.failure, options);
  const { terminal } = session;
  const { approvals, unverified } = listed.value;
  const now = Date.now();
  const shown = approvals.filter((approval) => options.all || isLive(approval, now));
  if (options.json) {
    terminal.json({ approvals: shown.map((approval) => shownApproval(approval, now)), unverified });
    return EXIT.done;
  }
  if (shown.length === 0) terminal.line('Nothing waits for an answer, and no answer holds.');
  for (const approval of shown) for (const line of [...approvalLines(approval, now), '']) terminal.line(line);
  if (unverified > 0) {
    terminal.note(
      `${unverified} of the database were not written by Keyward with this data folder: they count for nothing.`,
    );
  }
  return EXIT.done;
}
