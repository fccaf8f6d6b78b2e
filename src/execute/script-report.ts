import type { ScriptTest, WritableLayer } from '../../shared/script/job.ts';

/** What came of the scripts of one execution, as it may be told: references of secrets without their marks. */
export interface ScriptReport {
  /** How many scripts and assertions the request has. */
  readonly count: number;
  readonly tests: readonly ScriptTest[];
  readonly console: readonly { readonly level: 'log' | 'info' | 'warn' | 'error'; readonly text: string }[];
  /** Variables that were set or taken away, by name. */
  readonly written: readonly { readonly layer: WritableLayer; readonly name: string }[];
  /** Which request they name to be the next; null: none. */
  readonly next?: string | null;
  /** Before: they asked for the request not to be sent, and it was not. */
  readonly skipped: boolean;
  /** What went wrong after the answer, each with its code; before it, the execution fails. */
  readonly problems: readonly string[];
  readonly unsupported: readonly string[];
}
