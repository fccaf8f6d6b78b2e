// The log as the parts of this process are given it. What is told inside of a call carries the call's correlation id, whoever tells it.
import { AsyncLocalStorage } from 'node:async_hooks';
import { once } from '../../shared/once.ts';
import type { Log, LogFields, LogLevel } from './log.ts';

export interface Teller {
  tell(level: Exclude<LogLevel, 'silent'>, fields: LogFields, message: string): void;
  /** Runs what belongs to the call with this id, in its continuations too; undefined: what belongs to none, whoever began it. */
  inCall<T>(correlationId: string | undefined, run: () => T): T;
}

/** `open` is called at the first line. */
export function createTeller(open: () => Promise<Log>): Teller {
  const calls = new AsyncLocalStorage<string | undefined>();
  const log = once(open);
  return {
    tell(level, fields, message) {
      const correlationId = calls.getStore();
      const bound = correlationId === undefined ? fields : { correlationId, ...fields };
      void log().then((opened) => opened[level](bound, message));
    },
    inCall: (correlationId, run) => calls.run(correlationId, run),
  };
}
