// The capabilities that an execution is given. Only src/main.ts connects them to what stands behind.
import type { Collection, Environment, RequestEntry, RequestTemplate } from '../../shared/collection/model.ts';
import type { Failure, SourceSpan } from '../../shared/failure/failure.ts';
import type { Result } from '../../shared/failure/result.ts';
import type { BeginEvent, CallEvent, DeniedEvent, EndEvent, JournalEntry } from '../../shared/journal/event.ts';
import type { Policy } from '../../shared/policy/policy.ts';
import type { ScriptCall, ScriptJob, ScriptOutcome, ScriptReply, WritableLayer } from '../../shared/script/job.ts';
import type { Sealed } from '../../shared/secret/seal.ts';
import type { HandleInfo } from '../../shared/secret/secret-ref.ts';
import type { Plan, SafeExchange } from '../../shared/stages/stages.ts';
import type { Template } from '../../shared/template/template.ts';
import type { Running } from './running.ts';

/** The loaded API files. Ids and unambiguous names are both accepted; failures carry the nearest names. */
export interface Workspace {
  /** In file order; hidden ones included: policy is not the workspace's job. */
  collections(): readonly Collection[];
  environments(): readonly Environment[];
  /** Every file that did not load, and every part of a loaded file that could not be read, in the order of the files. */
  problems(): readonly Failure[];
  /** Grows with every change of what the other functions give; until then they give the same objects. */
  revision(): number;
  findCollection(ref: string): Result<Collection>;
  findRequest(ref: string): Result<FoundRequest>;
  findEnvironment(ref: string): Result<Environment>;
  /** Source file and line of a request, read from the file as it is now. */
  locate(found: FoundRequest): SourceSpan;
  /** What reads the files that bodies name. It knows every format, so that none of the workspace's secrets is sent. */
  attachments(): Promise<AttachmentReader>;
}

/** A file relative to the collection's folder; never outside the workspace's roots, and what is withheld is as good as missing. */
export type AttachmentReader = (collection: Collection, path: string, withheld?: WithheldFiles) => Result<Attachment>;

/** By workspace-relative names. */
export interface WithheldFiles {
  readonly files: readonly string[];
  /** One file each of the folders that are withheld with all in them, but for the folders in them that `shown` stand in. */
  readonly folders: readonly string[];
  readonly shown: readonly string[];
}

export interface FoundRequest {
  readonly collection: Collection;
  readonly entry: RequestEntry;
  readonly template: RequestTemplate;
}

export interface Attachment {
  readonly fileName: string;
  readonly bytes: Uint8Array;
}

/** Metadata of handles. There is no way to a value here. */
export interface HandleDirectory {
  list(): Result<readonly HandleInfo[]>;
  /** By name, the reading credential first, or by id. */
  find(nameOrId: string): Result<HandleInfo | undefined>;
  /** Asks for the key and checks every record. Failures: VAULT/*, INTERNAL/STATE_UNAVAILABLE. */
  check?(): Result<{ readonly exists: boolean }>;
}

/** Metadata of what was captured from answers. A caller's own only. */
export interface CapturedDirectory {
  /** By the NAME of `{{captured:NAME}}`. */
  find(caller: string, name: string): HandleInfo | undefined;
  list(caller: string): readonly HandleInfo[];
}

/** The sealed half: plaintext secrets exist only inside it. Failures carry no secret. */
export interface Courier {
  deliver(
    plan: Plan,
    limits: DeliveryLimits,
    signal: AbortSignal,
    trail?: DeliveryTrail,
  ): Promise<Result<SafeExchange>>;
}

/** What a delivery takes and asks beside what its plan says. It is filled on the way, so that it can be told of one that fails too. */
export interface DeliveryTrail {
  /** Ids of handles of the vault: what a login left. */
  readonly handles: Set<string>;
  /** Origins of the authorization servers that were asked for a token. */
  readonly tokensFrom: Set<string>;
}

export interface DeliveryLimits {
  readonly timeoutMs: number;
  readonly responseBytes: number;
  readonly redirects: number;
  /** Whether the caller wants the bytes of a body that is no text, where they may be given. */
  readonly showBytes?: boolean;
  /** Id of the principal: captured tokens and cookies are theirs alone. */
  readonly caller: string;
  /** Names or ids of the only secrets of the vault that the caller reaches, whatever would take another; absent: all. */
  readonly handles?: readonly string[];
}

export interface Journal {
  /** Durable when it returns. A failure means that nothing may be sent. */
  begin(event: BeginEvent): Result<void>;
  denied(event: DeniedEvent): Result<void>;
  end(event: EndEvent): Result<void>;
  /** Newest first; `before` is a seq to page on. */
  history(query: HistoryQuery): Result<readonly HistoryEntry[]>;
}

export interface HistoryQuery {
  readonly requestId?: string;
  readonly limit: number;
  readonly before?: number;
  /** Id of the only caller whose executions are wanted; absent: those of all. */
  readonly principal?: string;
}

/** One execution: its begin or denied entry, joined with its end where there is one, or with the entry of what came with its answer. */
export interface HistoryEntry {
  readonly begin: JournalEntry<CallEvent>;
  readonly end?: JournalEntry<EndEvent>;
  readonly answer?: JournalEntry<CallEvent>;
}

/** Runs scripts where they reach nothing. */
export interface ScriptRunner {
  /** Gets ready for a run that comes soon. */
  warm(): void;
  /**
   * Runs the scripts of one phase one after the other. Failures: SCRIPT/TIME_LIMIT, MEMORY_LIMIT, OUTPUT_LIMIT, TOO_LARGE, CRASHED, BUSY,
   * NETWORK/CANCELLED. What a script throws is in the outcome. `host` answers what scripts ask for; it must not throw.
   */
  run(job: ScriptJob, options: ScriptRunOptions): Promise<Result<ScriptOutcome>>;
  /** What there is to do just now, where that is known. */
  load?(): ScriptLoad;
}

export interface ScriptLoad {
  readonly threads: number;
  readonly running: number;
  /** Runs that have no thread yet. */
  readonly waiting: number;
}

export interface ScriptRunOptions {
  /** Wall time, without the time in which a call of the host is waited for. */
  readonly timeMs: number;
  /** `aside` is told when the reply takes as long as a person does, so that other scripts must not wait for this one's thread. */
  readonly host: (call: ScriptCall, aside?: () => void) => Promise<ScriptReply>;
  readonly signal: AbortSignal;
  /** Id of the principal: callers take turns. Those without one are one caller. */
  readonly caller?: string;
  /** How many runs wait for this one, each in a call of its host; absent: none. */
  readonly depth?: number;
}

/** What scripts wrote, as long as this process runs. A caller's own only. */
export interface SessionVariables {
  /** `owner` is the id of the environment or collection that the layer belongs to; undefined for globals and `runtime`'s collection id. */
  read(caller: string, place: SessionPlace): readonly SessionVariable[];
  /** Failure: SCRIPT/OUTPUT_LIMIT where a caller holds too much; then nothing was written. */
  write(caller: string, writes: readonly (SessionPlace & { readonly variable: SessionVariable })[]): Result<void>;
}

export interface SessionPlace {
  readonly layer: Exclude<WritableLayer, 'local'>;
  /** Id of the environment or collection; `-` for globals, and for an environment where none was chosen. */
  readonly owner: string;
}

/** `value` undefined: the script took the variable away, and that of the files does not show. */
export interface SessionVariable {
  readonly name: string;
  readonly value: Template | undefined;
  /** JSON of a value that was no string; references stand in its strings. */
  readonly json?: Template;
}

/** Executions that wait for a person; see kept-scripting.ts. */
export interface KeptScripting {
  keep(caller: string, digest: string, running: Running): void;
  take(caller: string, digest: string): Running | undefined;
  /** Ends them. */
  close(): Promise<void>;
}

export interface ExecutionContext {
  readonly workspace: Workspace;
  readonly handles: HandleDirectory;
  readonly captured: CapturedDirectory;
  readonly courier: Courier;
  readonly journal: Journal;
  readonly scripts: ScriptRunner;
  readonly session: SessionVariables;
  readonly kept: KeptScripting;
  readonly policy: Policy;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Uniform in [0, 1), for dynamic variables. */
  readonly random: () => number;
  /** An unguessable id. */
  readonly randomId: () => string;
  /** SHA-256 of the text's UTF-8 bytes in lower-case hex; binds an approval to what was approved. */
  readonly digest: (text: string) => string;
  /** The same for equal sealed values and for no others, as long as this process runs at the least; may stand in a `digest` only. */
  readonly sealedDigest: (sealed: Sealed) => string;
  /** Gives what takes sealed values out of a text. */
  readonly scrubSealed: (values: readonly Sealed[]) => (text: string) => string;
  /** Takes a request's place among those that may go to its origin now; absent: no limit. Failure: ACCESS/RATE_LIMITED. */
  readonly pace?: (origin: string) => Result<void>;
  /** Whether the configuration still is what this was opened with. Absent: it is not followed. */
  readonly isCurrent?: () => boolean;
}
