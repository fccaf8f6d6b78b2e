// One collection in another format. Secrets are names of handles in it, whatever stands in the files.
import { type Command, Option } from 'commander';
import { type ExportFormat, exportFormats, type Written } from '../../shared/dialects/writer.ts';
import { writers } from '../../shared/dialects/writers.ts';
import { changedPrecedence } from '../../shared/export/changed-precedence.ts';
import { openCollection, takeSecrets } from '../../shared/export/take-secrets.ts';
import { gateFiles } from '../../shared/export/written-gate.ts';
import { failure } from '../../shared/failure/failure.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { groupLosses, noteLosses, noteRedacted, noteSecrets, reportSecret } from './export-report.ts';
import type { Parts } from './parts.ts';
import { type DataOptions, fail, type Session, withData, withParts } from './session.ts';
import { printable } from './terminal.ts';
import { writeFolder } from './write-folder.ts';

interface ExportOptions extends DataOptions {
  readonly format: ExportFormat;
  readonly to?: string;
  readonly workspace?: readonly string[];
}

export function addExport(program: Command, session: Session): void {
  const command = program
    .command('export')
    .description('write one collection in another format; secrets become {{vault:NAME}}')
    .argument('<collection>', 'id or unambiguous name')
    .addOption(new Option('--format <format>', 'what to write').choices(exportFormats).makeOptionMandatory())
    .option('--to <dir>', 'folder to write, which must not exist yet or be empty (default: print the collection)')
    .option('--workspace <path>', 'file or folder of collections (repeatable; default: the current folder)', collect);
  withData(command).action((collection: string, options: ExportOptions) =>
    withParts(session, { ...options, workspaces: options.workspace ?? [] }, (parts) =>
      exportOne(session, parts, collection, options),
    ),
  );
}

async function exportOne(session: Session, parts: Parts, ref: string, options: ExportOptions): Promise<ExitCode> {
  const workspace = await parts.workspace();
  if (!workspace.ok) return fail(session, workspace.failure, options);
  const found = workspace.value.findCollection(ref);
  if (!found.ok) return fail(session, found.failure, options);
  const environments = workspace.value.environments();
  const own = environments.filter(({ collections }) => collections?.includes(found.value.id) ?? true);
  const opened = openCollection(found.value, own);
  const taken = takeSecrets([opened]);
  const [writable] = taken.writable;
  if (!writable) throw new Error('one collection gives one to write');
  const { write } = await writers[options.format]();
  const plain = write(writable);
  const { files, changed } = gateFiles(plain.files);
  const written = { files, losses: [...plain.losses, ...changedPrecedence(opened, options.format)] };
  const redacted = [...taken.redacted, ...changed];
  const wrote = deliver(session, written, options);
  if (wrote !== EXIT.done) return wrote;
  const { secretOrigins } = await import('../../shared/export/secret-origins.ts');
  const origins = secretOrigins([opened], taken.secrets);
  const secrets = taken.secrets.map((secret) =>
    reportSecret(secret, { origins: origins.get(secret) ?? [], stored: false }),
  );
  if (options.json && options.to !== undefined) {
    const left_out = groupLosses(written.losses);
    session.terminal.json({ to: options.to, files: written.files.length, secrets, left_out, redacted });
    return EXIT.done;
  }
  noteSecrets(session.terminal, secrets);
  noteRedacted(session.terminal, redacted);
  noteLosses(session.terminal, groupLosses(written.losses));
  return EXIT.done;
}

/** Into the folder, or where none is named the collection's one file on stdout. */
function deliver(session: Session, { files }: Written, options: ExportOptions): ExitCode {
  if (options.to !== undefined) {
    const wrote = writeFolder(options.to, files);
    if (!wrote.ok) return fail(session, wrote.failure, options);
    if (!options.json) session.terminal.line(printable(`${files.length} files written to ${options.to}`));
    return EXIT.done;
  }
  const [first, ...others] = files;
  if (!first || options.format === 'bruno' || options.format === 'opencollection') {
    const problem = `${options.format} is a folder of files: name one with --to`;
    return fail(session, failure('INPUT/INVALID', { problem }), options);
  }
  session.terminal.line(first.text.trimEnd());
  if (others.length > 0) session.terminal.note(`${others.length} more files (environments): --to DIR writes them too`);
  return EXIT.done;
}

function collect(value: string, all: readonly string[] = []): string[] {
  return [...all, value];
}
