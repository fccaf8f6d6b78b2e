// The way of a secret from a file into the vault. Its value passes through here and nowhere else on the way.
import type { Result } from '../../shared/failure/result.ts';
import { reveal } from '../../shared/secret/reveal.ts';
import type { Sealed } from '../../shared/secret/seal.ts';
import type { StoredSecret, Vault } from './open-vault.ts';

export interface Adoption {
  readonly name: string;
  readonly value: Sealed;
  /** How the file writes the value. */
  readonly form: 'plain' | 'percent-encoded' | 'json-string';
  /** At least one. */
  readonly origins: readonly string[];
  readonly label: string;
  /** It stood in a path segment, so it may go on standing in one. */
  readonly pathAllowed: boolean;
  readonly replace: boolean;
}

/** Stores a sealed value under a handle. Failures: those of Vault.set. */
export function adoptSecret(vault: Vault, { value, form, ...rest }: Adoption): Result<StoredSecret> {
  return vault.set({ ...rest, value: plainValue(reveal(value), form) });
}

function plainValue(text: string, form: Adoption['form']): string {
  try {
    if (form === 'percent-encoded') return decodeURIComponent(text);
    if (form === 'json-string') return String(JSON.parse(`"${text}"`));
  } catch {
    // It stands there in a way that does not decode: then it is sent as it stands.
  }
  return text;
}
