// Credentials out of a file that people keep them in, into the vault. Each is bound to the origins that the collections send it to,
// which the operator confirms; no value is ever printed.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Command } from 'commander';
import { readSecretFile, type SecretEntry } from '../../../shared/export/read-secret-file.ts';
import { type NameUse, variableOrigins } from '../../../shared/export/secret-origins.ts';
import { describeFailure, failure } from '../../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../../shared/failure/result.ts';
import { parseOrigins } from '../../../shared/secret/binding.ts';
import { seal } from '../../../shared/secret/seal.ts';
import { adoptSecret } from '../../vault/adopt.ts';
import type { Vault } from '../../vault/open-vault.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { openCollections } from '../open-collections.ts';
import type { Parts } from '../parts.ts';
import { askHidden, confirm } from '../prompt.ts';
import { namesIn } from '../seal-secrets.ts';
import { type DataOptions, fail, type Session, withData } from '../session.ts';
import { printable } from '../terminal.ts';
import { collect, withVault } from './vault-command.ts';

interface ImportOptions extends DataOptions {
  readonly origin?: readonly string[];
  readonly name?: readonly string[];
  readonly all?: boolean;
  readonly replace?: boolean;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
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
      'give secrets that have these names the new values; their origins stay unless --origin is given',
    )
    .option('--dry-run', 'only show what would be stored')
    .option('--yes', 'do not ask');
  withData(command).action((file: string, workspaces: string[], options: ImportOptions) =>
    withVault(session, { ...options, workspaces }, (vault, parts) => run(session, { vault, parts }, file, options)),
  );
}

interface Opened {
  readonly vault: Vault;
  readonly parts: Parts;
}

/** What is to become of one variable. */
interface Planned {
  readonly entry: SecretEntry;
  readonly origins: readonly string[];
  readonly inPath: boolean;
  /** There is a secret of this name, to be given the value. */
  readonly replaces: boolean;
  /** Why it cannot be stored. */
  readonly problem?: string;
}

async function run(session: Session, opened: Opened, file: string, options: ImportOptions): Promise<ExitCode> {
  const entries = chosenEntries(file, options);
  if (!entries.ok) return fail(session, entries.failure, options);
  const planned = await plan(opened, entries.value, options);
  if (!planned.ok) return fail(session, planned.failure, options);
  const { terminal } = session;
  if (options.dryRun) {
    report(
      session,
      planned.value.map((each) => ({ ...each, stored: false })),
      options,
    );
    return EXIT.done;
  }
  if (!options.yes && !terminal.interactive) {
    report(
      session,
      planned.value.map((each) => ({ ...each, stored: false })),
      options,
    );
    terminal.note('Nothing was stored: nobody to ask here. Add --yes to agree.');
    return EXIT.failed;
  }
  const done: Outcome[] = [];
  for (const each of planned.value) done.push(await store(session, opened.vault, each, file, options));
  report(session, done, options);
  if (done.some(({ stored }) => stored)) {
    terminal.note(
      'Let the collections name each as {{vault:NAME}}; a Bruno file may go on saying {{process.env.NAME}}.',
    );
    terminal.note(printable(`The values still stand in ${file}: delete them there once everything works.`));
  }
  return done.some(({ problem }) => problem !== undefined) ? EXIT.failed : EXIT.done;
}

function chosenEntries(file: string, { name, all }: ImportOptions): Result<readonly SecretEntry[]> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return err(failure('INPUT/INVALID', { problem: `${basename(file)} cannot be read` }));
  }
  const read = readSecretFile(text, basename(file));
  if (!read.ok) return read;
  const { entries } = read.value;
  const unknown = name?.find((wanted) => !entries.some((entry) => entry.name === wanted));
  if (unknown !== undefined) return err(failure('INPUT/INVALID', { problem: `the file has no variable ${unknown}` }));
  // The others stay: an address among them tells where a secret goes.
  return ok(entries.map((entry) => ({ ...entry, secret: name ? name.includes(entry.name) : all || entry.secret })));
}

async function plan(
  { vault, parts }: Opened,
  entries: readonly SecretEntry[],
  options: ImportOptions,
): Promise<Result<readonly Planned[]>> {
  const names = namesIn(vault);
  if (!names.ok) return names;
  const stated = options.origin ? parseOrigins(options.origin) : undefined;
  if (stated && !stated.ok) return stated;
  const uses = await usesOf(parts, entries);
  const handles = entries.filter(({ secret }) => secret).map(({ handle }) => handle);
  return ok(
    entries
      .filter(({ secret }) => secret)
      .map((entry) => {
        const { origins = [], inPath = false } = uses.get(entry.name) ?? {};
        const planned = {
          entry,
          origins: stated?.value ?? origins,
          inPath,
          replaces: names.value.has(entry.handle),
        };
        const clashes = handles.filter((handle) => handle === entry.handle).length > 1;
        const problem = problemOf(planned, { clashes, ...options });
        return { ...planned, ...(problem !== undefined && { problem }) };
      }),
  );
}

function problemOf(
  { entry, origins, replaces }: Planned,
  { clashes, replace }: { readonly clashes: boolean; readonly replace?: boolean },
): string | undefined {
  if (clashes) return `another variable of the file would have the same name ${entry.handle}`;
  if (replaces && !replace) return 'a secret of this name exists already: add --replace';
  if (origins.length === 0 && !replaces) return 'no request here tells which origin it goes to: add --origin';
  return undefined;
}

/** To where the collections at hand send each variable. None at hand, or none that can be read, tells nothing. */
async function usesOf(parts: Parts, entries: readonly SecretEntry[]): Promise<ReadonlyMap<string, NameUse>> {
  const workspace = await parts.workspace();
  if (!workspace.ok) return new Map();
  // A variable without a value in the file is found by its name all the same.
  const variables = entries.map(({ value = seal('unknown'), ...entry }) => ({ ...entry, value }));
  return variableOrigins(openCollections(workspace.value), variables);
}

interface Outcome extends Planned {
  readonly stored: boolean;
}

async function store(
  session: Session,
  vault: Vault,
  planned: Planned,
  file: string,
  { origin, yes }: ImportOptions,
): Promise<Outcome> {
  const { entry, origins, inPath, replaces, problem } = planned;
  const failed = (why: string): Outcome => ({ ...planned, problem: why, stored: false });
  if (problem !== undefined) return { ...planned, stored: false };
  const keeps = replaces && !origin;
  const goal = keeps
    ? 'a new value; its origins stay'
    : `for ${origins.join(' and ')}${inPath ? ', in a path too' : ''}`;
  if (!yes && !(await confirm(`Store ${entry.handle}, ${goal}?`))) return { ...planned, stored: false };
  const value = entry.value ?? (await askValue(session, entry));
  if (!value) return failed(`the file has no value for it: keyward secrets set ${entry.handle} --origin URL`);
  const stored = adoptSecret(vault, {
    name: entry.handle,
    value,
    form: 'plain',
    origins: keeps ? [] : origins,
    label: labelOf(file),
    pathAllowed: inPath,
    replace: replaces,
  });
  return stored.ok ? { ...planned, stored: true } : failed(describeFailure(stored.failure).message);
}

/** Bruno's files name their secrets and do not hold them. */
async function askValue({ terminal }: Session, { name }: SecretEntry) {
  const typed = terminal.interactive ? await askHidden(`Value of ${name}`) : undefined;
  return typed ? seal(typed) : undefined;
}

function labelOf(file: string): string {
  return `From ${basename(file).replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '')}`.slice(0, 120);
}

function report({ terminal }: Session, outcomes: readonly Outcome[], { json, dryRun }: ImportOptions): void {
  const secrets = outcomes.map(({ entry, origins, inPath, replaces, stored, problem }) => ({
    name: entry.handle,
    variable: entry.name,
    origins,
    in_path: inPath,
    replaces,
    stored,
    ...(problem !== undefined && { problem }),
  }));
  if (json) {
    terminal.json({ secrets });
    return;
  }
  if (secrets.length === 0)
    terminal.line('No variable of the file is marked secret or named like one: --all takes every one.');
  for (const { name, origins, in_path, replaces, stored, problem } of secrets) {
    const where = `${origins.join(' and ') || 'no origin'}${in_path ? ', in a path too' : ''}`;
    const done = stored ? 'stored' : dryRun ? 'would be stored' : 'not stored';
    const how = replaces && problem === undefined ? ' (replaces)' : '';
    terminal.line(
      printable(`${name}  ${problem === undefined ? `${done}${how}, for ${where}` : `not stored: ${problem}`}`),
    );
  }
}
