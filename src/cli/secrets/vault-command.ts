// What the commands over the vault share: opening it, finding a secret, taking a value, telling the outcome.
import { type Command, InvalidArgumentError } from 'commander';
import { failure } from '../../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../../shared/failure/result.ts';
import type { KeySourceKind } from '../../../shared/secret/key-source.ts';
import type { HandleInfo } from '../../../shared/secret/secret-ref.ts';
import type { StoredSecret, Vault } from '../../vault/open-vault.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { parseExpiry } from '../expiry.ts';
import type { Parts, ReadableVault } from '../parts.ts';
import { readValue } from '../read-value.ts';
import { type DataOptions, fail, type Session, withParts } from '../session.ts';
import { printable } from '../terminal.ts';
import { warnOfShort } from '../warn-of-short.ts';
import { nameOf, shownSecret } from './shown-secret.ts';

export interface ValueOptions extends DataOptions {
  readonly stdin?: boolean;
  /** A reference to where the value is: no value is asked for. */
  readonly from?: string;
}

export interface TierOption {
  readonly writing?: boolean;
}

type VaultOptions = DataOptions & { readonly workspaces?: readonly string[] };

/** Opens the vault for a look at it. */
export async function withVault(
  session: Session,
  options: VaultOptions,
  work: (vault: ReadableVault, parts: Parts) => ExitCode | Promise<ExitCode>,
): Promise<void> {
  await withParts(session, options, async (parts) => {
    const vault = await parts.vault();
    return vault.ok ? work(vault.value, parts) : fail(session, vault.failure, options);
  });
}

/** Opens the vault for a change; refused, before anything is asked, where the change would not last. */
export async function withVaultToChange(
  session: Session,
  options: VaultOptions & { readonly keySource?: KeySourceKind },
  work: (vault: Vault, parts: Parts) => ExitCode | Promise<ExitCode>,
): Promise<void> {
  await withParts(session, options, async (parts) => {
    const vault = await parts.vaultToChange(options.keySource);
    return vault.ok ? work(vault.value, parts) : fail(session, vault.failure, options);
  });
}

/** Finds a secret by name or id, to change it: of a name its reading credential, or with --writing the other one. */
export function withSecretToChange(
  session: Session,
  options: DataOptions & TierOption,
  nameOrId: string,
  work: (vault: Vault, info: HandleInfo) => ExitCode | Promise<ExitCode>,
): Promise<void> {
  return withVaultToChange(session, options, (vault) => {
    const found = findSecret(vault, nameOrId, options);
    return found.ok ? work(vault, found.value) : fail(session, found.failure, options);
  });
}

export function findSecret(
  vault: Pick<Vault, 'describe'>,
  nameOrId: string,
  { writing }: TierOption,
): Result<HandleInfo> {
  return writing ? vault.describe(nameOrId, 'writing') : vault.describe(nameOrId);
}

export async function takeValue(
  { terminal }: Session,
  question: string,
  { stdin, from }: ValueOptions,
): Promise<Result<string>> {
  if (from !== undefined) return ok(from);
  if (stdin) return readValue(process.stdin);
  if (!terminal.interactive) {
    return err(failure('INPUT/INVALID', { problem: 'no value: use --stdin, or run it in a terminal to be asked' }));
  }
  const typed = await terminal.askHidden(question);
  return typed ? ok(typed) : err(failure('SECRET/INVALID', { problem: 'no value was given' }));
}

export function finishStored(
  session: Session,
  stored: Result<StoredSecret>,
  options: DataOptions,
  sentence: (info: HandleInfo) => string,
): ExitCode {
  if (stored.ok && stored.value.tooShortToScrub) warnOfShort(session.terminal, [nameOf(stored.value.info)]);
  return finishWith(session, stored.ok ? ok(stored.value.info) : stored, options, sentence);
}

export function finishWith(
  session: Session,
  stored: Result<HandleInfo>,
  options: DataOptions,
  sentence: (info: HandleInfo) => string,
): ExitCode {
  if (!stored.ok) return fail(session, stored.failure, options);
  if (options.json) session.terminal.json(shownSecret(stored.value));
  else session.terminal.line(printable(sentence(stored.value)));
  return EXIT.done;
}

/** Adds the option that picks the writing credential of a name. */
export function withTier(command: Command): Command {
  return command.option('--writing', 'the credential that goes with requests that may change data only');
}

export function readExpiry(text: string): number {
  const at = parseExpiry(text, Date.now());
  if (at === undefined)
    throw new InvalidArgumentError('Write 30d, 12h, 90m or 2w, or a future date such as 2027-01-31.');
  return at;
}

export function readCount(text: string): number {
  const count = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (count < 1) throw new InvalidArgumentError('Write a number of uses, such as 1 or 500.');
  return count;
}

export function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
