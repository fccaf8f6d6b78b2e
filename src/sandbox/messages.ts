// What passes between this process and a thread that runs scripts. Nothing but texts and numbers once a thread has begun.
import type { ImageHeader } from './image-file.ts';
import type { Trouble } from './machine.ts';

/** What a thread is begun with. */
export interface ThreadData {
  readonly module: WebAssembly.Module;
  readonly header: ImageHeader;
  readonly memory: SharedArrayBuffer;
  readonly fixed?: FixedSources;
}

/** A clock that stands still, and randomness that is always the same. */
export interface FixedSources {
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
  readonly seed: number;
}

export type ToThread =
  | { readonly kind: 'start'; readonly job: string; readonly timeMs: number; readonly calls: number }
  | { readonly kind: 'reply'; readonly id: number; readonly text: string };

export type FromThread =
  /** The next run may begin: the thread was begun, or all that a run left is gone. */
  | { readonly kind: 'ready' }
  | { readonly kind: 'call'; readonly id: number; readonly text: string }
  /**
   * Nothing runs until a call is answered; its time is not the script's. `heard` is how many replies have arrived, `usedMs` the time
   * that the script has run: whoever hears of it may have been busy meanwhile.
   */
  | { readonly kind: 'waits'; readonly heard: number; readonly usedMs: number }
  /** A timer fired before that. */
  | { readonly kind: 'wakes' }
  | { readonly kind: 'done'; readonly text: string }
  /** The thread is good for nothing after it. */
  | { readonly kind: 'failed'; readonly why: RunTrouble };

export type RunTrouble = Trouble | 'calls' | 'timers';
