import { describeFailure, type Failure, type FailureReport } from '../../shared/failure/failure.ts';
import { redactText } from '../../shared/redact/redact-text.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { failureLines, type Terminal } from './terminal.ts';

/** Reports a failure: for a person on stderr, for a program as one JSON document on stdout. */
export function reportFailure(terminal: Terminal, problem: Failure | FailureReport, json: boolean): ExitCode {
  const report = 'facts' in problem ? redacted(describeFailure(problem)) : problem;
  if (json) terminal.json({ error: report });
  else for (const line of failureLines(report)) terminal.note(line);
  return report.code === 'INPUT/INVALID' ? EXIT.usedWrongly : EXIT.failed;
}

function redacted(report: FailureReport): FailureReport {
  return { ...report, message: redactText(report.message).text, fix: redactText(report.fix).text };
}
