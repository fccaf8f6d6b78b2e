// Any format to OpenCollection. No secret is ever written into a file: where one stood, a handle's name stands; --seal moves
// the values into the vault.
import { join } from 'node:path';
import type { Command } from 'commander';
import { handleName } from '../../shared/collection/handle-part.ts';
import { shownName } from '../../shared/collection/shown-name.ts';
import type { Written } from '../../shared/dialects/writer.ts';
import { writers } from '../../shared/dialects/writers.ts';
import { changedPrecedence } from '../../shared/export/changed-precedence.ts';
import { type OpenedCollection, type Taken, takeSecrets } from '../../shared/export/take-secrets.ts';
import { gateFiles } from '../../shared/export/written-gate.ts';
import { describeFailure, failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import type { Workspace } from '../execute/ports.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import {
  groupLosses,
  noteLosses,
  noteRedacted,
  noteSecrets,
  reportSecret,
  type SecretReport,
} from './export-report.ts';
import { openCollections } from './open-collections.ts';
import type { Parts } from './parts.ts';
import { sealSecrets } from './seal-secrets.ts';
import { type DataOptions, fail, type Session, withData, withParts } from './session.ts';
import { placeOf, printable } from './terminal.ts';
import { checkTarget, type NewFile, writeFolder } from './write-folder.ts';

interface ImportOptions extends DataOptions {
  readonly to: string;
  readonly seal?: boolean;
  readonly replace?: boolean;
  readonly allowPath?: boolean;
}

export function addImport(program: Command, session: Session): void {
  const command = program
    .command('import')
    .description('write collections of any format as OpenCollection; secrets become {{vault:NAME}}')
    .argument('<source>', 'file or folder of collections')
    .requiredOption('--to <dir>', 'folder to write, which must not exist yet or be empty')
    .option('--seal', 'move the secrets that stand in the files into the vault, bound to their origins')
    .option(
      '--replace',
      'with --seal: give secrets of the vault that have these names the new values; their rules stay',
    )
    .option('--allow-path', 'with --seal: let new ones that stand in a path of a URL stand there');
  withData(command).action((source: string, options: ImportOptions) =>
    withParts(session, { ...options, workspaces: [source] }, (parts) => importAll(session, parts, options)),
  );
}

async function importAll(session: Session, parts: Parts, options: ImportOptions): Promise<ExitCode> {
  const free = checkTarget(options.to);
  if (!free.ok) return fail(session, free.failure, options);
  const workspace = await parts.workspace();
  if (!workspace.ok) return fail(session, workspace.failure, options);
  const opened = openAll(workspace.value);
  if (!opened.ok) return fail(session, opened.failure, options);
  const taken = takeSecrets(opened.value);
  const { secretOrigins } = await import('../../shared/export/secret-origins.ts');
  const origins = secretOrigins(opened.value, taken.secrets);
  const unsealed = taken.secrets.map((secret) =>
    reportSecret(secret, { origins: origins.get(secret) ?? [], stored: false }),
  );
  // Stored before anything is written: a file that names a handle whose value is gone would be worse than no file.
  const sealed: Result<readonly SecretReport[]> = options.seal
    ? await sealSecrets(session, parts, origins, options)
    : ok(unsealed);
  if (!sealed.ok) return fail(session, sealed.failure, options);
  const { write } = await writers.opencollection();
  const written = taken.writable.map(write);
  const gated = gateFiles(placed(taken, written));
  const wrote = writeFolder(options.to, gated.files);
  if (!wrote.ok) return fail(session, wrote.failure, options);
  const redacted = [...taken.redacted, ...gated.changed];
  report(session, {
    options,
    opened: opened.value,
    redacted,
    written,
    secrets: sealed.value,
    workspace: workspace.value,
  });
  return EXIT.done;
}

/** Fails with the first problem where there is no collection at all. */
function openAll(workspace: Workspace): Result<readonly OpenedCollection[]> {
  const collections = workspace.collections();
  const [problem] = workspace.problems();
  if (collections.length === 0) {
    return err(problem ?? failure('INPUT/INVALID', { problem: 'there is no collection in the source' }));
  }
  return ok(openCollections(workspace));
}

/** Folders that mean something, or that a search does not look into. */
const RESERVED = ['environments', 'node_modules', 'opencollection.yml', 'folder.yml'] as const;

/** One collection is written into the folder itself, several each into a folder of its own. */
function placed({ writable }: Taken, written: readonly Written[]): NewFile[] {
  if (written.length === 1) return written.flatMap(({ files }) => files);
  const used = new Set<string>(RESERVED);
  return written.flatMap(({ files }, index) => {
    const wanted = handleName(writable[index]?.name ?? '').slice(0, 80);
    let folder = wanted;
    for (let count = 2; used.has(folder.toLowerCase()); count += 1) folder = `${wanted}-${count}`;
    used.add(folder.toLowerCase());
    return files.map(({ path, text }) => ({ path: join(folder, path), text }));
  });
}

interface Done {
  readonly options: ImportOptions;
  readonly opened: readonly OpenedCollection[];
  /** Where something that looks like a credential was replaced. */
  readonly redacted: readonly string[];
  readonly written: readonly Written[];
  readonly secrets: readonly SecretReport[];
  readonly workspace: Workspace;
}

function report({ terminal }: Session, done: Done): void {
  const { options, opened, redacted, written, secrets, workspace } = done;
  const changed = opened.flatMap((each) => changedPrecedence(each, 'opencollection'));
  const losses = groupLosses([...written.flatMap((each) => each.losses), ...changed]);
  const collections = opened.map(({ collection, requests }) => ({
    name: shownName(collection.name),
    format: collection.format,
    requests: requests.length,
  }));
  const problems = workspace.problems().map(describeFailure);
  if (options.json) {
    terminal.json({ to: options.to, collections, secrets, left_out: losses, redacted, problems });
    return;
  }
  for (const { name, format, requests } of collections) {
    terminal.line(printable(`${name} (${format}): ${requests} requests`));
  }
  terminal.line(printable(`written to ${options.to}`));
  noteSecrets(terminal, secrets);
  noteRedacted(terminal, redacted);
  noteLosses(terminal, losses);
  for (const { message, where } of problems) {
    terminal.note(printable(`not read: ${message}${where ? ` (${placeOf(where)})` : ''}`));
  }
}
