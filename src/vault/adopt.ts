// The way of a secret from a file into the vault. Its value passes through here and nowhere else on the way.
import type { Result } from '../../shared/failure/result.ts';
import { reveal } from '../../shared/secret/reveal.ts';
import type { Sealed } from '../../shared/secret/seal.ts';
import type { StoredSecret, Vault } from './open-vault.ts';

export interface AdoptedValue {
  readonly name: string;
  readonly value: Sealed;
  /** How the file writes the value. */
  readonly form: 'plain' | 'percent-encoded' | 'json-string';
}

/** What a handle that is made may be used for. */
export interface NewRules {
  /** At least one. */
  readonly origins: readonly string[];
  readonly label: string;
  /** The operator's word that it may stand in a path segment; a file's use of it there is none. */
  readonly pathAllowed: boolean;
}

/** Stores a sealed value under a new handle. Failures: those of Vault.set, SECRET/EXISTS above all. */
export function adoptSecret(vault: Vault, adopted: AdoptedValue, rules: NewRules): Result<StoredSecret> {
  return vault.set({ name: adopted.name, value: plainValue(adopted), ...rules });
}

/**
 * Gives a handle that there is a sealed value. What it may be used for stays as it is, its expiry too: what a file says is no word about
 * that. `origins` are those that the operator states, if any. Failures: those of Vault.set.
 */
export function replaceSecret(
  vault: Vault,
  adopted: AdoptedValue,
  { origins = [] }: { readonly origins?: readonly string[] } = {},
): Result<StoredSecret> {
  const { name } = adopted;
  return vault.set({ name, value: plainValue(adopted), origins, replace: true, keepsExpiry: true });
}

function plainValue({ value, form }: AdoptedValue): string {
  const text = reveal(value);
  try {
    if (form === 'percent-encoded') return decodeURIComponent(text);
    if (form === 'json-string') return String(JSON.parse(`"${text}"`));
  } catch {
    // It stands there in a way that does not decode: then it is sent as it stands.
  }
  return text;
}
