// What a command is given: the terminal, and the parts behind a data folder and workspace, each made when first asked for.
import type { Command } from 'commander';
import type { Failure, FailureReport } from '../../shared/failure/failure.ts';
import type { Result } from '../../shared/failure/result.ts';
import type { ExitCode } from './exit-code.ts';
import { reportFailure } from './outcome.ts';
import type { Parts } from './parts.ts';
import type { Terminal } from './terminal.ts';

export interface Places {
  /** `--home`; otherwise KEYWARD_HOME or the platform's data folder. */
  readonly home?: string;
  /** Files and folders of collections; none means the current folder. */
  readonly workspaces?: readonly string[];
}

export interface Session {
  readonly terminal: Terminal;
  /** The file that Node runs for the `keyward` command. */
  readonly entry: string;
  /** Failures: CONFIG/INVALID for a setting of the environment, INPUT/INVALID for a workspace that cannot be meant. */
  open(places: Places): Result<Parts>;
  finish(code: ExitCode): void;
  outcome(): ExitCode;
}

export interface HomeOption {
  readonly home?: string;
}

export interface DataOptions extends HomeOption {
  readonly json?: boolean;
}

/** Adds the option that every command has. */
export function withHome(command: Command): Command {
  return command.option('--home <dir>', 'data folder (default: KEYWARD_HOME, or the platform’s data folder)');
}

/** Adds the options of a command that prints data. */
export function withData(command: Command): Command {
  return withHome(command).option('--json', 'print JSON');
}

/** Opens the parts for a command's work, and ends the command with its exit code or with the failure to open. */
export async function withParts(
  session: Session,
  options: DataOptions & { readonly workspaces?: readonly string[] },
  work: (parts: Parts) => ExitCode | Promise<ExitCode>,
): Promise<void> {
  const parts = session.open(options);
  session.finish(parts.ok ? await work(parts.value) : fail(session, parts.failure, options));
}

/** Reports a failure and gives the exit code to end with. */
export function fail(session: Session, failure: Failure | FailureReport, options: DataOptions = {}): ExitCode {
  return reportFailure(session.terminal, failure, options.json === true);
}
