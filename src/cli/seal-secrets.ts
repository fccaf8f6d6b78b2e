import type { TakenSecret } from '../../shared/export/take-secrets.ts';
import { describeFailure, failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import type { HandleInfo } from '../../shared/secret/secret-ref.ts';
import { adoptSecret, replaceSecret } from '../vault/adopt.ts';
import type { Vault } from '../vault/open-vault.ts';
import { reportSecret, type SecretReport } from './export-report.ts';
import type { Parts } from './parts.ts';
import { hasPathWord, type PathWord } from './path-word.ts';
import { pathHints, replacementHints, replacementProblem } from './replaced-handle.ts';
import type { Session } from './session.ts';
import { warnOfShort } from './warn-of-short.ts';

export interface SealOptions extends PathWord {
  readonly replace?: boolean;
}

/**
 * Moves secrets into the vault, each bound to its origins; one without an origin stays out and says so. One that takes the place of
 * another's value keeps that one's rules. Fails before the first is stored where a name is taken (SECRET/EXISTS, unless `replace`) or the
 * vault does not open.
 */
export async function sealSecrets(
  session: Session,
  parts: Parts,
  secrets: ReadonlyMap<TakenSecret, readonly string[]>,
  options: SealOptions,
): Promise<Result<readonly SecretReport[]>> {
  const vault = await parts.vaultToChange();
  if (!vault.ok) return vault;
  const handles = handlesByName(vault.value);
  if (!handles.ok) return handles;
  const clash = [...secrets.keys()].find(({ name }) => handles.value.has(name));
  if (clash && !options.replace) return err(failure('SECRET/EXISTS', { name: clash.name }));
  const reports: SecretReport[] = [];
  const short: string[] = [];
  const store = { session, vault: vault.value, options, short };
  for (const [secret, origins] of secrets) {
    const existing = handles.value.get(secret.name);
    reports.push(existing ? replace(store, secret, origins, existing) : await add(store, secret, origins));
  }
  warnOfShort(session.terminal, short);
  return ok(reports);
}

/** The reading credentials; an absent vault has none. */
export function handlesByName(vault: Pick<Vault, 'list'>): Result<ReadonlyMap<string, HandleInfo>> {
  const listed = vault.list();
  if (!listed.ok) return listed.failure.code === 'VAULT/ABSENT' ? ok(new Map()) : listed;
  const reading = listed.value.filter(({ tier }) => tier !== 'writing');
  return ok(new Map(reading.map((info) => [info.name, info])));
}

interface Store {
  readonly session: Session;
  readonly vault: Vault;
  readonly options: SealOptions;
  /** Names of those that are too short to be found again. */
  readonly short: string[];
}

function replace(
  { vault, short }: Store,
  secret: TakenSecret,
  sentTo: readonly string[],
  existing: HandleInfo,
): SecretReport {
  const { name, form, inPath } = secret;
  const { origins } = existing;
  const [value] = secret.values;
  const problem = value === undefined ? 'there is no value' : replacementProblem(existing);
  if (value === undefined || problem !== undefined)
    return reportSecret(secret, { origins, stored: false, ...(problem && { problem }) });
  const stored = replaceSecret(vault, { name, value, form });
  if (!stored.ok)
    return reportSecret(secret, { origins, stored: false, problem: describeFailure(stored.failure).message });
  if (stored.value.tooShortToScrub) short.push(name);
  const hints = replacementHints(existing, stored.value.info, { sentTo, inPath }, Date.now());
  return reportSecret(secret, { origins, stored: true, hints });
}

async function add(
  { session, vault, options, short }: Store,
  secret: TakenSecret,
  origins: readonly string[],
): Promise<SecretReport> {
  const { name, form, inPath } = secret;
  const [value] = secret.values;
  if (value === undefined || origins.length === 0) {
    const problem = 'no request states which origin it goes to';
    return reportSecret(secret, { origins, stored: false, problem });
  }
  const pathAllowed = inPath && (await hasPathWord(session, options, name));
  const label = 'Moved out of a collection by keyward import';
  const stored = adoptSecret(vault, { name, value, form }, { origins, label, pathAllowed });
  if (!stored.ok)
    return reportSecret(secret, { origins, stored: false, problem: describeFailure(stored.failure).message });
  if (stored.value.tooShortToScrub) short.push(name);
  return reportSecret(secret, { origins, stored: true, hints: pathHints(stored.value.info, inPath) });
}
