// The outside places that handles may take their values from, as a trusted keyward.yaml defines them.

export interface ProviderPolicy {
  readonly exec: readonly ExecProvider[];
  readonly vault: readonly VaultProvider[];
}

/** A program that prints one secret. It is run without a shell. */
export interface ExecProvider {
  readonly name: string;
  /** Absolute path. */
  readonly program: string;
  /** `{name}` in one stands for the reference; nothing else is replaced. */
  readonly arguments: readonly string[];
  /** What it reads from standard input, `{name}` replaced; without it standard input is empty. */
  readonly input?: string;
  /** Its output is a JSON object, and this member of it the secret. */
  readonly field?: string;
  /** The secret is the first line of the output. */
  readonly firstLine: boolean;
  /** White space around the secret is dropped; otherwise one line break at its end. */
  readonly trim: boolean;
  /** Names of the variables of Keyward's own environment that it is given beside the few that every program is. */
  readonly environment: readonly string[];
  readonly timeoutMs: number;
  readonly cacheSeconds: number;
}

/** HashiCorp Vault or OpenBao: a key-value engine of version 2. */
export interface VaultProvider {
  readonly name: string;
  /** Serialised. */
  readonly origin: string;
  readonly namespace?: string;
  readonly mount: string;
  readonly login: VaultLogin;
  readonly timeoutMs: number;
  readonly cacheSeconds: number;
}

/** Names of handles, which have to be bound to the origin of the provider. */
export type VaultLogin =
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'approle'; readonly mount: string; readonly roleId: string; readonly secretId: string };

export const noProviders: ProviderPolicy = { exec: [], vault: [] };
