// What was found, what is refused and why; exits 1 when something needs the operator. Makes nothing but an empty data folder.
import type { Command } from 'commander';
import { checkCanary } from './doctor-canary.ts';
import { checkFiles, checkTrust, checkUse } from './doctor-files.ts';
import { checkHttp } from './doctor-http.ts';
import { checkHome, checkJournal, checkKeychain, checkNode, checkVault } from './doctor-machine.ts';
import { checkMemory, readProcessLimits } from './doctor-memory.ts';
import { checkNetwork } from './doctor-network.ts';
import { checkProviders } from './doctor-providers.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { Parts } from './parts.ts';
import { type DataOptions, type Session, withData, withParts } from './session.ts';
import { printable, type Style, type Terminal } from './terminal.ts';

/** `problem` makes the exit code 1; `warning` is worth knowing. */
export interface Finding {
  readonly state: 'ok' | 'warning' | 'problem';
  readonly about: string;
  readonly detail: string;
  readonly fix?: string;
}

export function addDoctor(program: Command, session: Session): void {
  const command = program
    .command('doctor')
    .description('check this machine, the data folder and the workspace; exits 1 on a problem')
    .argument('[workspace...]', 'files or folders of collections (default: the current folder)');
  command.option(
    '--canary',
    'also plant a random secret beside an API that repeats it, and look for it in all that comes out',
  );
  withData(command).action((workspaces: string[], options: DoctorOptions) =>
    withParts(session, { ...options, workspaces }, (parts) => doctor(session, parts, options)),
  );
}

interface DoctorOptions extends DataOptions {
  readonly canary?: boolean;
}

async function doctor({ terminal, entry }: Session, parts: Parts, { json, canary }: DoctorOptions): Promise<ExitCode> {
  const findings = [
    checkNode(process.versions.node),
    ...checkMemory(process.execArgv, parts.nodeOptions, readProcessLimits()),
    await checkHome(parts),
    ...(await checkVault(parts)),
    ...(await checkKeychain(parts)),
    await checkJournal(parts),
    ...(await checkTrust(parts)),
    ...(await checkFiles(parts)),
    ...(await checkNetwork(parts)),
    ...(await checkProviders(parts)),
    await checkHttp(parts),
    ...(await checkUse(parts)),
    ...(canary ? [await checkCanary(entry)] : []),
  ];
  const problems = findings.filter(({ state }) => state === 'problem').length;
  if (json) terminal.json({ problems, findings });
  else print(terminal, findings, problems);
  return problems === 0 ? EXIT.done : EXIT.failed;
}

const MARKS: Readonly<Record<Finding['state'], readonly [mark: string, style: Style]>> = {
  ok: ['ok', 'green'],
  warning: ['warning', 'yellow'],
  problem: ['PROBLEM', 'red'],
};

function print(terminal: Terminal, findings: readonly Finding[], problems: number): void {
  const width = Math.max(...findings.map(({ about }) => about.length));
  for (const { state, about, detail, fix } of findings) {
    const [mark, style] = MARKS[state];
    terminal.line(`${terminal.style(style, mark.padEnd(7))}  ${about.padEnd(width)}  ${printable(detail)}`);
    if (fix !== undefined) terminal.line(`${' '.repeat(9)}${' '.repeat(width)}  fix: ${printable(fix)}`);
  }
  terminal.line();
  terminal.line(problems === 0 ? 'No problem found.' : `${problems} ${problems === 1 ? 'problem' : 'problems'} found.`);
}
