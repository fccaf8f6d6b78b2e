// What the commands of the vault share: how they open it, and how they end.
import type { Result } from '../../shared/failure/result.ts';
import type { KeySourceKind } from '../../shared/secret/key-source.ts';
import type { VaultUpkeep } from '../vault/upkeep.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { Parts, ReadableUpkeep } from './parts.ts';
import { type DataOptions, fail, type Session, withParts } from './session.ts';
import { printPairs } from './table.ts';

/** Opens the vault for a look at it. */
export async function withUpkeep(
  session: Session,
  options: DataOptions,
  work: (upkeep: ReadableUpkeep, parts: Parts) => ExitCode | Promise<ExitCode>,
): Promise<void> {
  await withParts(session, options, async (parts) => {
    const vault = await parts.vault();
    return vault.ok ? work(await vault.value.upkeep(), parts) : fail(session, vault.failure, options);
  });
}

/** Opens the vault for a change of all of it. */
export async function withUpkeepToChange(
  session: Session,
  options: DataOptions & { readonly keySource?: KeySourceKind },
  work: (upkeep: VaultUpkeep, parts: Parts) => ExitCode | Promise<ExitCode>,
): Promise<void> {
  await withParts(session, options, async (parts) => {
    const vault = await parts.vaultToChange(options.keySource);
    return vault.ok ? work(await vault.value.upkeep(), parts) : fail(session, vault.failure, options);
  });
}

/** Prints fields as JSON or as pairs, or the failure. */
export function finish(
  session: Session,
  options: DataOptions,
  done: Result<Readonly<Record<string, unknown>>>,
  sentence?: string,
): ExitCode {
  if (!done.ok) return fail(session, done.failure, options);
  if (options.json) session.terminal.json(done.value);
  else if (sentence !== undefined) session.terminal.line(sentence);
  else
    printPairs(
      session.terminal,
      Object.entries(done.value).map(([name, value]) => [name, textOf(value)] as const),
    );
  return EXIT.done;
}

function textOf(value: unknown): string {
  return Array.isArray(value) ? value.join('  ') || 'none' : String(value);
}
