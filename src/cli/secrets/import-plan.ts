// What an import would do: which variables of a file become which secrets, and where each may go.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { readSecretFile, type SecretEntry, type SecretFile } from '../../../shared/export/read-secret-file.ts';
import { type NameUse, variableOrigins } from '../../../shared/export/secret-origins.ts';
import { failure } from '../../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../../shared/failure/result.ts';
import { parseOrigins } from '../../../shared/secret/binding.ts';
import { seal } from '../../../shared/secret/seal.ts';
import type { HandleInfo } from '../../../shared/secret/secret-ref.ts';
import type { Vault } from '../../vault/open-vault.ts';
import { openCollections } from '../open-collections.ts';
import type { Parts } from '../parts.ts';
import { replacementProblem } from '../replaced-handle.ts';
import { handlesByName } from '../seal-secrets.ts';

export interface PlanOptions {
  readonly origin?: readonly string[];
  readonly name?: readonly string[];
  readonly all?: boolean;
  readonly replace?: boolean;
}

/** What is to become of one variable. */
export interface Planned {
  readonly entry: SecretEntry;
  /** Those that the secret will have. */
  readonly origins: readonly string[];
  /** Where collections send it. */
  readonly sentTo: readonly string[];
  /** Collections put it into a path. */
  readonly inPath: boolean;
  /** The secret of this name, to be given the value; its rules stay, but for origins that the operator states. */
  readonly existing?: HandleInfo;
  /** Why it cannot be stored. */
  readonly problem?: string;
}

/** The file, with those of its variables marked secret that are chosen. Failure: INPUT/INVALID. */
export function readChosen(file: string, { name, all }: PlanOptions): Result<SecretFile> {
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
  const chosen = entries.map((entry) => ({
    ...entry,
    secret: name ? name.includes(entry.name) : all || entry.secret,
  }));
  return ok({ ...read.value, entries: chosen });
}

/** One for each chosen variable. Failures: those of the vault, SECRET/INVALID for an origin that is none. */
export async function planImport(
  vault: Vault,
  parts: Parts,
  entries: readonly SecretEntry[],
  options: PlanOptions,
): Promise<Result<readonly Planned[]>> {
  const handles = handlesByName(vault);
  if (!handles.ok) return handles;
  const stated = options.origin ? parseOrigins(options.origin) : undefined;
  if (stated && !stated.ok) return stated;
  const uses = await usesOf(parts, entries);
  const chosen = entries.filter(({ secret }) => secret);
  return ok(
    chosen.map((entry) => {
      const { origins: sentTo = [], inPath = false } = uses.get(entry.name) ?? {};
      const existing = handles.value.get(entry.handle);
      const origins = stated?.value ?? existing?.origins ?? sentTo;
      const planned = { entry, origins, sentTo, inPath, ...(existing && { existing }) };
      const clashes = chosen.filter(({ handle }) => handle === entry.handle).length > 1;
      const problem = problemOf(planned, { clashes, ...options });
      return { ...planned, ...(problem !== undefined && { problem }) };
    }),
  );
}

function problemOf(
  { entry, origins, existing }: Planned,
  { clashes, replace }: { readonly clashes: boolean; readonly replace?: boolean },
): string | undefined {
  if (clashes) return `another variable of the file would have the same name ${entry.handle}`;
  if (existing && !replace) return 'a secret of this name exists already: add --replace';
  if (existing && replacementProblem(existing) !== undefined) return replacementProblem(existing);
  if (origins.length === 0) return 'no request here tells which origin it goes to: add --origin';
  return entry.problem;
}

/** To where the collections at hand send each variable. None at hand, or none that can be read, tells nothing. */
async function usesOf(parts: Parts, entries: readonly SecretEntry[]): Promise<ReadonlyMap<string, NameUse>> {
  const workspace = await parts.workspace();
  if (!workspace.ok) return new Map();
  // A variable without a value in the file is found by its name all the same.
  const variables = entries.map(({ value = seal('unknown'), ...entry }) => ({ ...entry, value }));
  return variableOrigins(openCollections(workspace.value), variables);
}
