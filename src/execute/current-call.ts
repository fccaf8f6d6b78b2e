// The call that an execution is in: threads, queues and questions outlive calls, and whoever wakes them up may be in another one, which
// may be another caller's. What is told meanwhile has to be told of the call that it is done for.
import { AsyncLocalStorage } from 'node:async_hooks';

export interface CurrentCall {
  /** Goes on in the call that this is called in. */
  move(): void;
  /** Does work as a part of the call, whoever asks for it. */
  run<T>(work: () => T): T;
}

/** Begins in the call that this is called in. */
export function createCurrentCall(): CurrentCall {
  let inCall = AsyncLocalStorage.snapshot();
  return {
    move() {
      inCall = AsyncLocalStorage.snapshot();
    },
    run: (work) => inCall(work),
  };
}
