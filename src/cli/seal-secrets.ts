import type { TakenSecret } from '../../shared/export/take-secrets.ts';
import { describeFailure, failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { adoptSecret } from '../vault/adopt.ts';
import type { Vault } from '../vault/open-vault.ts';
import { reportSecret, type SecretReport } from './export-report.ts';
import type { Parts } from './parts.ts';

/**
 * Moves secrets into the vault, each bound to its origins; one without an origin stays out and says so. Fails before the
 * first is stored where a name is taken (SECRET/EXISTS, unless `replace`) or the vault does not open.
 */
export async function sealSecrets(
  parts: Parts,
  secrets: ReadonlyMap<TakenSecret, readonly string[]>,
  { replace }: { readonly replace: boolean },
): Promise<Result<readonly SecretReport[]>> {
  const vault = await parts.vault();
  if (!vault.ok) return vault;
  const names = namesIn(vault.value);
  if (!names.ok) return names;
  const clash = [...secrets.keys()].find(({ name }) => names.value.has(name));
  if (clash && !replace) return err(failure('SECRET/EXISTS', { name: clash.name }));
  return ok(
    [...secrets].map(([secret, origins]) =>
      store(vault.value, secret, { origins, replace: names.value.has(secret.name) }),
    ),
  );
}

/** An absent vault has no names. */
export function namesIn(vault: Vault): Result<ReadonlySet<string>> {
  const listed = vault.list();
  if (listed.ok) return ok(new Set(listed.value.map(({ name }) => name)));
  return listed.failure.code === 'VAULT/ABSENT' ? ok(new Set()) : listed;
}

function store(
  vault: Vault,
  secret: TakenSecret,
  { origins, replace }: { readonly origins: readonly string[]; readonly replace: boolean },
): SecretReport {
  const [value] = secret.values;
  if (value === undefined || origins.length === 0) {
    const problem = 'no request states which origin it goes to';
    return reportSecret(secret, { origins, stored: false, problem });
  }
  const { name, form, inPath } = secret;
  const label = 'Moved out of a collection by keyward import';
  const stored = adoptSecret(vault, { name, value, form, origins, label, pathAllowed: inPath, replace });
  if (stored.ok) return reportSecret(secret, { origins, stored: true });
  return reportSecret(secret, { origins, stored: false, problem: describeFailure(stored.failure).message });
}
