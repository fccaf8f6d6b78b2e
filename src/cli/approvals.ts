// The operator's answers to calls over HTTP that wait for one. Nothing that an agent can reach leads here: no tool, and no file.

import { type Command, InvalidArgumentError, Option } from 'commander';
import { approvalLimits } from '../../shared/approval-limits.ts';
import type { ApprovalDesk, OperatorAnswer } from '../approvals/approval-store.ts';
import { changeApproval } from './approvals/change-approval.ts';
import { listApprovals } from './approvals/list-approvals.ts';
import type { ExitCode } from './exit-code.ts';
import { parseExpiry } from './expiry.ts';
import { type DataOptions, type Session, withData, withParts } from './session.ts';

interface ListOptions extends DataOptions {
  readonly all?: boolean;
}

interface AllowOptions extends DataOptions {
  readonly for?: number | true;
  readonly always?: boolean;
}

export function addApprovals(program: Command, session: Session): void {
  const approvals = program
    .command('approvals')
    .description('answer calls over HTTP that change data and wait for you; nobody answering is a no')
    .helpCommand(false);
  const withDesk = (options: DataOptions, work: (desk: ApprovalDesk) => ExitCode) =>
    withParts(session, options, async (parts) => work(await parts.approvals()));

  const list = approvals
    .command('list')
    .description('show what waits for an answer, and the answers that hold')
    .option('--all', 'with those that ended in the last day');
  withData(list).action((options: ListOptions) => withDesk(options, (desk) => listApprovals(session, desk, options)));

  const withId = (name: string, description: string) =>
    withData(approvals.command(name).description(description).argument('<id>', 'as keyward approvals list shows it'));

  withId('allow', 'let exactly this request of this caller pass: once, unless an option says more')
    .option('--for [time]', 'again and again for a time such as 90m, 12h or 30d (default: 1h)', readTime)
    .addOption(new Option('--always', 'again and again until it is revoked').conflicts('for'))
    .action((id: string, options: AllowOptions) =>
      withDesk(options, (desk) => changeApproval(session, options, desk.answer(id, answerOf(options)))),
    );
  withId('deny', 'refuse this request of this caller').action((id: string, options: DataOptions) =>
    withDesk(options, (desk) => changeApproval(session, options, desk.answer(id, { kind: 'denied' }))),
  );
  withId('revoke', 'take an answer back: the next such call is asked about again').action(
    (id: string, options: DataOptions) =>
      withDesk(options, (desk) => changeApproval(session, options, desk.revoke(id))),
  );
}

function answerOf({ for: until, always }: AllowOptions): OperatorAnswer {
  if (always) return { kind: 'always' };
  if (until === undefined) return { kind: 'once' };
  return { kind: 'timed', until: until === true ? Date.now() + approvalLimits.timedMs : until };
}

function readTime(given: string): number {
  const until = parseExpiry(given, Date.now());
  if (until === undefined)
    throw new InvalidArgumentError('Give a time such as 90m, 12h or 30d, or a date such as 2027-01-31.');
  return until;
}
