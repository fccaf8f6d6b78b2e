import type { Command } from 'commander';
import { auditHandles, type Finding, type HandleReference } from '../../../shared/secret/audit.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { openCollections } from '../open-collections.ts';
import type { Parts, ReadableVault } from '../parts.ts';
import { type DataOptions, fail, type Session, withData } from '../session.ts';
import { printTable } from '../table.ts';
import { withVault } from './vault-command.ts';

export function addAudit(secrets: Command, session: Session): void {
  const audit = secrets
    .command('audit')
    .description(
      'secrets to look at again: unused, expired, too broad, never rotated, missing; exits 1 where there is one',
    )
    .argument('[workspace...]', 'files or folders of collections (default: the current folder)');
  withData(audit).action((workspaces: string[], options: DataOptions) =>
    withVault(session, { ...options, workspaces }, (vault, parts) => run(session, vault, parts, options)),
  );
}

async function run(session: Session, vault: ReadableVault, parts: Parts, options: DataOptions): Promise<ExitCode> {
  const { terminal } = session;
  const listed = vault.list();
  if (!listed.ok) return fail(session, listed.failure, options);
  const tooShort = vault.tooShortToScrub();
  if (!tooShort.ok) return fail(session, tooShort.failure, options);
  const references = await referencesOf(parts);
  const handles = listed.value;
  const findings = auditHandles({
    handles,
    tooShort: tooShort.value,
    ...(references && { references }),
    now: Date.now(),
  });
  const judged = references ? 'the collections here were looked at' : 'there are no collections here to compare with';
  if (options.json) terminal.json({ findings, secrets: handles.length, collections: references !== undefined });
  else printFindings(session, findings, `Nothing to mend: ${handles.length} secrets, and ${judged}.`);
  if (!options.json && findings.length > 0) terminal.note(`${handles.length} secrets; ${judged}.`);
  return findings.length > 0 ? EXIT.failed : EXIT.done;
}

function printFindings({ terminal }: Session, findings: readonly Finding[], empty: string): void {
  const columns = [
    { title: 'SECRET', cell: ({ name, tier }: Finding) => (tier === 'writing' ? `${name} (writing)` : name) },
    { title: 'FINDING', cell: ({ kind }: Finding) => kind },
    { title: 'WHAT', cell: ({ what }: Finding) => what },
    { title: 'FIX', cell: ({ fix }: Finding) => fix },
  ];
  printTable(terminal, findings, columns, empty);
}

/** Undefined where no collection is at hand, or what there is cannot be read as a workspace. */
async function referencesOf(parts: Parts): Promise<readonly HandleReference[] | undefined> {
  const workspace = await parts.workspace();
  const opened = workspace.ok ? openCollections(workspace.value) : undefined;
  if (!opened || opened.length === 0) return undefined;
  const { handleReferences } = await import('../../../shared/export/handle-references.ts');
  return handleReferences(opened);
}
