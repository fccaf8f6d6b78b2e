// What crosses into the sandbox and out of it, as JSON text. Every text in here is live text (live-text.ts): secrets stand in it as
// references that only the host can read back.
import type { FileLayer } from '../template/precedence.ts';
import type { DerivedOperation } from './derived.ts';

export type ScriptApi = 'postman' | 'bruno' | 'insomnia';
export type ScriptPhase = 'before' | 'after';

/** Where a script may write. `local` lives for one execution, `runtime` (Bruno's `bru.setVar`) for the caller's session. */
export type WritableLayer = 'local' | 'runtime' | 'environment' | 'collection' | 'globals';
export type ReadableLayer = WritableLayer | FileLayer | 'agent' | 'data';

export interface ScriptVariable {
  readonly name: string;
  readonly value: string;
  /** What a script wrote that was no string, as JSON: `5`, `true`, `{"a":1}`. `value` is then its text. */
  readonly json?: string;
}

export interface ScriptField {
  readonly name: string;
  readonly value: string;
  readonly enabled: boolean;
}

export interface ScriptQueryField {
  readonly name: string | null;
  readonly value: string | null;
  readonly enabled: boolean;
}

export interface ScriptUrl {
  /** Everything before the query and fragment. */
  readonly address: string;
  readonly query: readonly ScriptQueryField[];
  readonly fragment?: string;
  readonly pathVariables: readonly ScriptField[];
}

export type ScriptBody =
  | { readonly kind: 'none' }
  | { readonly kind: 'raw'; readonly text: string; readonly language?: string }
  | { readonly kind: 'urlencoded'; readonly fields: readonly ScriptField[] }
  | { readonly kind: 'multipart'; readonly parts: readonly ScriptPart[] }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'graphql'; readonly query: string; readonly variables: string; readonly operationName?: string };

export type ScriptPart =
  | (ScriptField & { readonly kind: 'text'; readonly contentType?: string })
  | { readonly kind: 'file'; readonly name: string; readonly paths: readonly string[]; readonly enabled: boolean };

export interface ScriptRequest {
  readonly method: string;
  readonly url: ScriptUrl;
  readonly headers: readonly ScriptField[];
  readonly body: ScriptBody;
  /** `none`, `basic`, `bearer`, …; fields by Postman's names. */
  readonly auth: { readonly type: string; readonly fields: Readonly<Record<string, string>> };
  /** Milliseconds; absent: as configured. */
  readonly timeoutMs?: number;
  readonly followRedirects?: boolean;
}

export interface ScriptResponse {
  readonly status: number;
  readonly statusText: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  /** The redacted body as text; empty for a binary one. */
  readonly body: string;
  readonly kind: 'json' | 'text' | 'binary' | 'empty' | 'withheld';
  /** Bytes of the decoded body as received. */
  readonly bytes: number;
  readonly totalMs: number;
  /** URL of the last hop, redacted. */
  readonly url: string;
}

export interface ScriptSource {
  readonly source: string;
  /** `pre-request script of the collection`: for messages. */
  readonly label: string;
  /** Bruno's tests run after its other scripts and see what those set. */
  readonly stage?: 'response' | 'tests';
}

export interface ScriptAssertion {
  readonly expression: string;
  readonly operator: string;
  /** Live text, its variables not yet resolved. */
  readonly value: string;
}

/** A variable that is set from the answer before any script after it runs. */
export interface ScriptAnswerVariable {
  readonly name: string;
  readonly expression: string;
}

export interface ScriptJob {
  readonly api: ScriptApi;
  readonly phase: ScriptPhase;
  readonly scripts: readonly ScriptSource[];
  readonly assertions: readonly ScriptAssertion[];
  readonly answerVariables?: readonly ScriptAnswerVariable[];
  /** What the phase before left in `ScriptOutcome.carried`. */
  readonly carried?: string;
  /** Marks references of this execution as live. */
  readonly nonce: string;
  readonly info: {
    readonly requestId: string;
    readonly requestName: string;
    readonly collectionName: string;
    readonly environmentName?: string;
    /** Folder names from the collection's root. */
    readonly folders: readonly string[];
    readonly tags: readonly string[];
  };
  /** By layer; within one layer a later variable of the same name wins. Disabled ones are left out. */
  readonly variables: Readonly<Partial<Record<ReadableLayer, readonly ScriptVariable[]>>>;
  /** Strongest first, as `{{name}}` is looked up. */
  readonly precedence: readonly ReadableLayer[];
  /** Before: as saved, with the agent's changes. After: as sent, redacted. */
  readonly request: ScriptRequest;
  readonly response?: ScriptResponse;
  /** Requests that its scripts may still send. */
  readonly sends: number;
}

export interface ScriptTest {
  readonly name: string;
  readonly status: 'passed' | 'failed' | 'skipped';
  readonly message?: string;
}

/** In the order they were made; a null value takes the variable away. */
export interface ScriptWrite {
  readonly layer: WritableLayer;
  readonly name: string;
  readonly value: string | null;
  readonly json?: string;
}

/** The value of `{{derived:ID}}`. Inputs are live texts. */
export interface ScriptDerived {
  readonly id: number;
  readonly operation: DerivedOperation;
  readonly inputs: readonly string[];
}

/** A name that a script asked the reference of, such as `vault:KEY`; `of`: the name of the reference that it was read out of. */
export interface ScriptNamed {
  readonly name: string;
  readonly of?: string;
}

export interface ScriptError {
  readonly name: string;
  readonly message: string;
  readonly label: string;
}

export interface ScriptOutcome {
  readonly tests: readonly ScriptTest[];
  readonly writes: readonly ScriptWrite[];
  /** Before: the request after the scripts. */
  readonly request?: ScriptRequest;
  readonly derived: readonly ScriptDerived[];
  readonly named?: readonly ScriptNamed[];
  readonly console: readonly { readonly level: 'log' | 'info' | 'warn' | 'error'; readonly text: string }[];
  /** Data for a visualizer, which is kept and shown to nobody. */
  readonly visualizer?: { readonly template: string; readonly data?: unknown };
  /** `pm.execution.setNextRequest`, `bru.runner.setNextRequest`; null: stop. */
  readonly next?: string | null;
  /** `pm.execution.skipRequest`, `bru.runner.skipRequest`. */
  readonly skip: boolean;
  /** The first error that no script caught; scripts of its stage after it were not run. */
  readonly error?: ScriptError;
  /** Errors after the first, of what runs all the same: Bruno's tests. */
  readonly laterErrors?: readonly ScriptError[];
  /** For the API's own use in the phase after, as live text; no script reads it. */
  readonly carried?: string;
  /** Names of the APIs that were called and that Keyward does not have. */
  readonly unsupported: readonly string[];
}

/** What a script asks of the host while it runs. */
export type ScriptCall =
  | {
      readonly kind: 'send';
      readonly request: ScriptRequest;
      readonly derived: readonly ScriptDerived[];
      readonly named?: readonly ScriptNamed[];
    }
  /** A saved request of the same collection, by name or path (`bru.runRequest`). */
  | { readonly kind: 'run'; readonly request: string };

export type ScriptReply =
  /** `writes`: what the scripts of a saved request wrote for later ones. */
  | { readonly ok: true; readonly response: ScriptResponse; readonly writes?: readonly ScriptWrite[] }
  | { readonly ok: false; readonly code: string; readonly message: string };
