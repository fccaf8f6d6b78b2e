// Credentials out of a file that people keep them in, into the vault. Each is bound to the origins that the collections send it to,
// which the operator confirms; no value is ever printed.
import { basename } from 'node:path';
import type { Command } from 'commander';
import { describeFailure } from '../../../shared/failure/failure.ts';
import type { Result } from '../../../shared/failure/result.ts';
import { compareRules } from '../../../shared/secret/rebind.ts';
import { type Sealed, seal } from '../../../shared/secret/seal.ts';
import { adoptSecret, replaceSecret } from '../../vault/adopt.ts';
import type { StoredSecret, Vault } from '../../vault/open-vault.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import type { Parts } from '../parts.ts';
import { hasPathWord, type PathWord } from '../path-word.ts';
import { pathHints, replacementHints } from '../replaced-handle.ts';
import { type DataOptions, fail, type Session, withData } from '../session.ts';
import { printable, type Terminal } from '../terminal.ts';
import { warnOfShort } from '../warn-of-short.ts';
import type { Planned, PlanOptions } from './import-plan.ts';
import { rulesInWords } from './shown-secret.ts';
import { collect, withVaultToChange } from './vault-command.ts';

interface ImportOptions extends DataOptions, PlanOptions, PathWord {
  readonly dryRun?: boolean;
}

export function addImport(secrets: Command, session: Session): void {
  const command = secrets
    .command('import')
    .description('move credentials of a .env, a Postman or a Bruno environment into the vault')
    .argument('<file>', 'file to take them from; it is not changed')
    .argument('[workspace...]', 'collections that use them, which tell their origins (default: the current folder)')
    .option('--origin <url>', 'bind them to this origin instead (repeatable)', collect)
    .option('--name <name>', 'only the variable of this name (repeatable)', collect)
    .option('--all', 'every variable, not only those marked secret or named like one')
    .option(
      '--replace',
      'give secrets that have these names the new values; their rules stay, and their origins unless --origin is given',
    )
    .option('--allow-path', 'let new ones that collections put into a path of a URL stand there')
    .option('--dry-run', 'only show what would be stored')
    .option('--yes', 'do not ask');
  withData(command).action((file: string, workspaces: string[], options: ImportOptions) =>
    withVaultToChange(session, { ...options, workspaces }, (vault, parts) => run(session, vault, parts, file, options)),
  );
}

interface Outcome extends Planned {
  readonly stored?: StoredSecret;
}

async function run(
  session: Session,
  vault: Vault,
  parts: Parts,
  file: string,
  options: ImportOptions,
): Promise<ExitCode> {
  const { planImport, readChosen } = await import('./import-plan.ts');
  const chosen = readChosen(file, options);
  if (!chosen.ok) return fail(session, chosen.failure, options);
  const { entries, unread } = chosen.value;
  const planned = await planImport(vault, parts, entries, options);
  if (!planned.ok) return fail(session, planned.failure, options);
  const { terminal } = session;
  const nobodyToAsk = !options.yes && !terminal.interactive;
  if (options.dryRun || nobodyToAsk) {
    report(terminal, planned.value, unread, options);
    if (options.dryRun) return EXIT.done;
    terminal.note('Nothing was stored: nobody to ask here. Add --yes to agree.');
    return EXIT.failed;
  }
  const done: Outcome[] = [];
  for (const each of planned.value) done.push(await store(session, vault, each, file, options));
  report(terminal, done, unread, options);
  tellWhatFollows(terminal, done, file);
  return done.some(({ problem }) => problem !== undefined) ? EXIT.failed : EXIT.done;
}

async function store(
  session: Session,
  vault: Vault,
  planned: Planned,
  file: string,
  options: ImportOptions,
): Promise<Outcome> {
  const { entry, origins, inPath, existing, problem } = planned;
  if (problem !== undefined) return planned;
  if (!options.yes && !(await session.terminal.confirm(questionOf(planned)))) return planned;
  // An existing one has the operator's word on paths already, or has it not.
  const pathAllowed = !existing && inPath && (await hasPathWord(session, options, entry.handle));
  const value = entry.value ?? (await askValue(session.terminal, entry.name));
  if (!value) {
    return { ...planned, problem: `the file has no value for it: keyward secrets set ${entry.handle} --origin URL` };
  }
  const adopted = { name: entry.handle, value, form: 'plain' } as const;
  const stored: Result<StoredSecret> = existing
    ? replaceSecret(vault, adopted, options.origin ? { origins } : {})
    : adoptSecret(vault, adopted, { origins, label: labelOf(file), pathAllowed });
  return stored.ok
    ? { ...planned, stored: stored.value }
    : { ...planned, problem: describeFailure(stored.failure).message };
}

function questionOf({ entry, origins, existing }: Planned): string {
  if (!existing) return `Store ${entry.handle}, for ${origins.join(' and ')}?`;
  const { widens, narrows } = compareRules(existing, { ...existing, origins });
  const change = [
    ...(widens.length > 0 ? [`and also ${widens.join(' and ')}`] : []),
    ...(narrows.length > 0 ? [`but no more ${narrows.join(' and ')}`] : []),
  ];
  const rules = [rulesInWords(existing).join(', '), ...change].join('; ');
  return `Give ${entry.handle} the new value? What it may be used for stays: ${rules}`;
}

/** Bruno's files name their secrets and do not hold them. */
async function askValue(terminal: Terminal, name: string): Promise<Sealed | undefined> {
  const typed = terminal.interactive ? await terminal.askHidden(`Value of ${name}`) : undefined;
  return typed ? seal(typed) : undefined;
}

function labelOf(file: string): string {
  return `From ${basename(file).replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '')}`.slice(0, 120);
}

function report(
  terminal: Terminal,
  outcomes: readonly Outcome[],
  unread: readonly string[],
  { json, dryRun }: ImportOptions,
): void {
  for (const each of unread) terminal.note(printable(`not read: ${each}`));
  if (json) {
    terminal.json({ secrets: outcomes.map(fieldsOf), unread });
    return;
  }
  if (outcomes.length === 0)
    terminal.line('No variable of the file is marked secret or named like one: --all takes every one.');
  for (const outcome of outcomes) {
    terminal.line(printable(lineOf(outcome, dryRun === true)));
    for (const hint of hintsOf(outcome)) terminal.note(printable(`  ${hint}`));
  }
}

function fieldsOf(outcome: Outcome): Readonly<Record<string, unknown>> {
  const { entry, origins, inPath, existing, problem, stored } = outcome;
  return {
    name: entry.handle,
    variable: entry.name,
    origins,
    in_path: inPath,
    replaces: existing !== undefined,
    stored: stored !== undefined,
    hints: hintsOf(outcome),
    ...(problem !== undefined && { problem }),
  };
}

function lineOf({ entry, origins, inPath, existing, problem, stored }: Outcome, dryRun: boolean): string {
  if (problem !== undefined) return `${entry.handle}  not stored: ${problem}`;
  const done = stored ? 'stored' : dryRun ? 'would be stored' : 'not stored';
  if (existing) {
    const rules = rulesInWords(stored?.info ?? { ...existing, origins }).join(', ');
    return `${entry.handle}  ${done} (replaces the value; rules stay), ${rules}`;
  }
  const isAllowed = stored ? stored.info.pathAllowed : inPath;
  const path = isAllowed ? `, in a path too${stored ? '' : ' where that is allowed'}` : '';
  return `${entry.handle}  ${done}, for ${origins.join(' and ')}${path}`;
}

function hintsOf({ inPath, sentTo, existing, stored }: Outcome): readonly string[] {
  if (!stored) return [];
  if (!existing) return pathHints(stored.info, inPath);
  return replacementHints(existing, stored.info, { sentTo, inPath }, Date.now());
}

function tellWhatFollows(terminal: Terminal, done: readonly Outcome[], file: string): void {
  const stored = done.flatMap((each) => (each.stored ? [each.stored] : []));
  if (stored.length === 0) return;
  warnOfShort(
    terminal,
    stored.filter(({ tooShortToScrub }) => tooShortToScrub).map(({ info }) => info.name),
  );
  terminal.note('Let the collections name each as {{vault:NAME}}; a Bruno file may go on saying {{process.env.NAME}}.');
  terminal.note(printable(`The values still stand in ${file}: delete them there once everything works.`));
}
