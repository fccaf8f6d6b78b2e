// What commands are given of the product. src/main.ts makes each part when it is first asked for.
import type { Result } from '../../shared/failure/result.ts';
import type { KeySourceKind } from '../../shared/secret/key-source.ts';
import type { Plan } from '../../shared/stages/stages.ts';
import type { KeyStore } from '../access/key-store.ts';
import type { ApprovalDesk } from '../approvals/approval-store.ts';
import type { KeyMaterial } from '../config/key-material.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import type { HttpVariables } from '../config/settings.ts';
import type { Logins } from '../courier/tokens-login.ts';
import type { ExecutionContext, Workspace } from '../execute/ports.ts';
import type { OpenJournal } from '../journal/open-journal.ts';
import type { TrustStore } from '../state/trust.ts';
import type { Vault } from '../vault/open-vault.ts';
import type { VaultUpkeep } from '../vault/upkeep.ts';
import type { Ask, ToolOutcome } from './call-tool.ts';

/** A request as its files alone give it, and what logs in for it. */
export interface OperatorLogin {
  readonly plan: Plan;
  readonly logins: Logins;
}

/** The vault without what changes it, so that no command can store into one that was not opened for that. */
export type ReadableVault = Omit<Vault, 'set' | 'bind' | 'delete' | 'upkeep' | 'close'> & {
  upkeep(): Promise<ReadableUpkeep>;
};

export type ReadableUpkeep = Omit<VaultUpkeep, 'rekey' | 'restore'>;

type Listening = (url: string, warning: string | undefined) => void;

export interface Parts {
  /** Absolute path of the data folder. */
  readonly home: string;
  /** The files and folders that are served. */
  readonly roots: readonly string[];
  /** Where the key of a new vault would be kept, if a setting says so. */
  readonly keySource?: KeySourceKind;
  /** Keys and passphrases that this process was handed. */
  readonly keys: KeyMaterial;
  /** What Node was started with in the environment. */
  readonly nodeOptions: string;
  /** What the environment says of serving over HTTP. */
  readonly http: HttpVariables;
  /** Runs a tool as an agent's call would be, under the principal `shell`. */
  callTool(name: string, input: unknown, ask?: Ask): Promise<ToolOutcome>;
  /** The vault to look into, for a command that changes nothing of it. */
  vault(): Promise<Result<ReadableVault>>;
  /**
   * The vault to change; `keySource` is where the key of a new one is kept, and must be the one of an existing vault. Failure:
   * VAULT/KEY_UNAVAILABLE for a vault that would end with this command.
   */
  vaultToChange(keySource?: KeySourceKind): Promise<Result<Vault>>;
  journal(): Promise<OpenJournal>;
  config(): Promise<Result<LoadedConfig>>;
  trust(): Promise<TrustStore>;
  /** What calls over HTTP wait for, and what was answered; for the operator alone: no tool reaches it. */
  approvals(): Promise<ApprovalDesk>;
  /** Of callers over HTTP; for the operator alone: no tool reaches it. */
  accessKeys(): Promise<KeyStore>;
  workspace(): Promise<Result<Workspace>>;
  /** What calls of agents go to, under the policy that counts for them. Failures: those of opening what is behind it. */
  context(): Promise<Result<ExecutionContext>>;
  /** For the operator alone: no tool reaches it. Failures: those of finding and planning a request. */
  login(request: string, environment?: string): Promise<Result<OperatorLogin>>;
  /** Whether requests of this auth type can be signed. */
  canSign(authType: string): Promise<boolean>;
  /** Serves until the client ends the input or the process is told to end. */
  serveStdio(): Promise<void>;
  /**
   * Serves over HTTP until the process is told to end. `listen` wins over the settings; `onListening` is told where clients find it,
   * and what the operator should know.
   * Failures: those of the settings, CONFIG/INVALID where they are not safe together, NETWORK/CANNOT_LISTEN.
   */
  serveHttp(listen: string | undefined, onListening: Listening): Promise<Result<void>>;
  /** Writes what is pending and lets go of everything that was opened. */
  close(): Promise<void>;
}
