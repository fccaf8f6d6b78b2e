// What a person's login left, kept as handles of the vault like any other, and the new value that a server puts in the place of one.
import { ok, type Result } from '../../shared/failure/result.ts';
import type { HandleInfo } from '../../shared/secret/secret-ref.ts';
import type { Vault } from './open-vault.ts';

export interface NewLogin {
  /** Name of the handle that an earlier login may have left and that would come before this one. */
  readonly instead: string;
  readonly name: string;
  readonly value: string;
  readonly origins: readonly string[];
  readonly label: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt?: number;
}

export interface LoginStore {
  /**
   * Stores a login in the place of one under the same name, whose origins it keeps: they were the operator's word. Its id is a new
   * one, so that nothing goes on that was minted from the old. All in one change: where it fails, the earlier login is as it was.
   * Failures: those of Vault.set.
   */
  keep(login: NewLogin): Result<HandleInfo>;
  /**
   * Gives a handle the value that the server says is to be used from now on; what it is bound to stays. Failures: those of Vault.set,
   * SECRET/INVALID where its value is not any more the one that was described: the later word stands.
   */
  renew(handle: HandleInfo, value: string): Result<void>;
}

/** `vault` is only told values here and never asked for one. */
export function createLoginStore(vault: Vault): LoginStore {
  return {
    keep({ instead, ...login }) {
      const stored = vault.set({ ...login, insteadOf: [login.name, instead] });
      return stored.ok ? ok(stored.value.info) : stored;
    },
    renew({ id, name, tier, rotatedAt, expiresAt }, value) {
      const stored = vault.set({
        name,
        value,
        origins: [],
        replace: true,
        seen: { id, ...(rotatedAt !== undefined && { rotatedAt }) },
        ...(tier && { tier }),
        ...(expiresAt !== undefined && { expiresAt }),
      });
      return stored.ok ? ok(undefined) : stored;
    },
  };
}
