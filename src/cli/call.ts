// One request from the shell, through the tool that an agent would call: the same checks, the same redaction, the same
// journal. The answer's body goes to stdout, everything about it to stderr, so that a pipe gets the body alone.
import { type Command, InvalidArgumentError } from 'commander';
import type { ExecutionOutput } from '../../shared/contracts/execution.ts';
import { limits } from '../../shared/limits.ts';
import type { Ask } from './call-tool.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { Parts } from './parts.ts';
import { type DataOptions, fail, type Session, withData, withParts } from './session.ts';
import { printable, printableBlock, type Terminal } from './terminal.ts';

interface CallOptions extends DataOptions {
  readonly env?: string;
  readonly var?: Readonly<Record<string, string>>;
  readonly select?: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly workspace?: readonly string[];
}

/** An execution's result after presentation, which may have shortened parts of it. */
type Shown = Partial<ExecutionOutput>;

export function addCall(program: Command, session: Session): void {
  const command = program
    .command('call')
    .description('execute one saved request, with the answer redacted as for an agent')
    .argument('<request>', 'id or unambiguous name')
    .option('--env <ref>', 'environment: id or unambiguous name')
    .option('--var <name=value>', 'a variable of the request (repeatable)', collectPair)
    .option('--select <expression>', 'JMESPath over the redacted JSON body')
    .option('--dry-run', 'show the request and what the policy decides; send nothing')
    .option('--yes', 'approve a method that changes data without being asked')
    .option('--workspace <path>', 'file or folder of collections (repeatable; default: the current folder)', collect);
  withData(command).action((request: string, options: CallOptions) =>
    withParts(session, { ...options, workspaces: options.workspace ?? [] }, (parts) =>
      call(session, parts, request, options),
    ),
  );
}

async function call(session: Session, parts: Parts, request: string, options: CallOptions): Promise<ExitCode> {
  const input = {
    request_id: request,
    max_body_chars: limits.maxBodyChars,
    // What goes into a pipe is the document.
    response_format: 'source',
    ...(options.var === undefined ? {} : { variables: options.var }),
    ...(options.env === undefined ? {} : { environment_id: options.env }),
    ...(options.select === undefined ? {} : { select: options.select }),
    ...(options.dryRun ? { dry_run: true } : {}),
  };
  const answer = await parts.callTool('execute_request', input, approval(session.terminal, options));
  if (!answer.ok) return fail(session, answer.failure, options);
  if (options.json) session.terminal.json(answer.value);
  else print(session.terminal, answer.value as Shown);
  return EXIT.done;
}

/** The operator at the shell is the person to ask; a script has nobody, unless --yes says so beforehand. */
function approval(terminal: Terminal, { yes }: CallOptions): Ask | undefined {
  if (yes) return async () => true;
  return terminal.interactive ? (question) => terminal.confirm(question) : undefined;
}

function print(terminal: Terminal, shown: Shown): void {
  const note = (text: string) => terminal.note(printable(text));
  const { request, body, status } = shown;
  if (request) note(`${request.method} ${request.url}`);
  if (status === undefined) printDryRun(terminal, shown);
  else {
    const redacted = shown.redactions?.count ? `, ${shown.redactions.count} redacted` : '';
    const ms = Math.round(shown.timing?.total_ms ?? 0);
    note(`${status} ${shown.status_text ?? ''} in ${ms} ms, ${body?.bytes ?? 0} bytes${redacted}`);
    for (const { name, value } of shown.headers ?? []) note(`${name}: ${value}`);
  }
  for (const text of [...scriptLines(shown), ...(shown.notes ?? [])]) note(text);
  terminal.note('');
  printBody(terminal, body);
}

function scriptLines({ tests = [], scripts }: Shown): readonly string[] {
  return [
    ...tests.map(
      ({ name, status, message }) => `test ${status}: ${name}${message === undefined ? '' : `: ${message}`}`,
    ),
    ...(scripts?.console ?? []).map(({ level, text }) => `console ${level}: ${text}`),
  ];
}

function printBody(terminal: Terminal, body: Shown['body']): void {
  if (body?.value !== undefined) terminal.json(body.value);
  else if (body?.text !== undefined) terminal.line(printableBlock(body.text));
  else if (body?.kind === 'binary') terminal.note('(binary, not shown)');
  if (body?.note !== undefined) terminal.note(printable(body.note));
  else if (body?.truncated)
    terminal.note(`cut; the whole has ${body.total_chars ?? 'more'} characters. --select takes a part of it.`);
}

function printDryRun(terminal: Terminal, { request, decision }: Shown): void {
  for (const { name, value } of request?.headers ?? []) terminal.note(printable(`${name}: ${value}`));
  if (request?.body !== undefined) terminal.line(printableBlock(request.body));
  if (decision)
    terminal.note(
      printable(`nothing was sent; the policy says ${decision.verdict} (${decision.rule}): ${decision.reason}`),
    );
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

function collectPair(text: string, before: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('Write it as name=value.');
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}
