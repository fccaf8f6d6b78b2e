// The operator's care of the vault itself: its state, its key, its backups.
import type { Command } from 'commander';
import type { ExitCode } from './exit-code.ts';
import type { Parts, ReadableUpkeep } from './parts.ts';
import { type DataOptions, fail, type Session, withData } from './session.ts';
import { addBackup, addRestore } from './vault-backup.ts';
import { addRekey } from './vault-rekey.ts';
import { finish, withUpkeep } from './vault-session.ts';

export function addVault(program: Command, session: Session): void {
  const vault = program
    .command('vault')
    .description('look after the vault: its state, its key, its backups')
    .helpCommand(false);
  const status = vault.command('status').description('show what there is, without asking for the key');
  withData(status).action((options: DataOptions) =>
    withUpkeep(session, options, (upkeep, parts) => showStatus(session, upkeep, parts, options)),
  );
  const verify = vault
    .command('verify')
    .description('ask for the key and check every record, their list and the counter');
  withData(verify).action((options: DataOptions) =>
    withUpkeep(session, options, (upkeep) => verifyVault(session, upkeep, options)),
  );
  addRekey(vault, session);
  addBackup(vault, session);
  addRestore(vault, session);
}

function showStatus(session: Session, upkeep: ReadableUpkeep, parts: Parts, options: DataOptions): ExitCode {
  const described = upkeep.describe();
  if (!described.ok) return fail(session, described.failure, options);
  const vault = described.value;
  if (!vault) {
    const source = parts.keySource ?? 'keychain';
    const sentence = `None yet: keyward secrets set NAME --origin URL makes it, with its key from ${source}.`;
    return finish(session, options, { ok: true, value: { exists: false, source, warnings: [] } }, sentence);
  }
  const warnings = [
    ...(vault.warning === undefined ? [] : [vault.warning]),
    ...(vault.spareKeys > 0 ? ['A rekey was cut short; keyward vault verify removes the key that it left.'] : []),
    ...(vault.keychain === undefined || vault.keychain === 'available' ? [] : [`The keychain is ${vault.keychain}.`]),
  ];
  const fields = {
    exists: true,
    source: vault.source,
    where: vault.where,
    secrets: vault.secrets,
    created: new Date(vault.createdAt).toISOString(),
    generation: vault.generation,
    counter: vault.counter,
    ...(vault.keychain !== undefined && { keychain: vault.keychain }),
    warnings,
  };
  return finish(session, options, { ok: true, value: fields });
}

function verifyVault(session: Session, upkeep: ReadableUpkeep, options: DataOptions): ExitCode {
  const verified = upkeep.verify();
  if (!verified.ok) return fail(session, verified.failure, options);
  const { secrets, generation, counter, counterFound, removed, left } = verified.value;
  if (!counterFound) {
    session.terminal.note(
      `warning: no counter was found in ${counter}, so an older copy of the whole vault would not have shown. The next change makes one.`,
    );
  }
  if (removed > 0) session.terminal.note(`Removed ${keys(removed)} that a rekey had left behind.`);
  if (left > 0) session.terminal.note(`warning: ${keys(left)} of an earlier rekey cannot be removed now.`);
  const fields = {
    whole: true,
    secrets,
    generation,
    counter_found: counterFound,
    keys_removed: removed,
    keys_left: left,
  };
  const count = `${secrets} ${secrets === 1 ? 'secret' : 'secrets'}`;
  return finish(session, options, { ok: true, value: fields }, `Whole: ${count}, change ${generation}.`);
}

function keys(count: number): string {
  return `${count} ${count === 1 ? 'key' : 'keys'}`;
}
