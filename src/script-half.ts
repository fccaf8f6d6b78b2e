// Composes what scripts need: the sandbox, what they wrote, and what they made of requests that wait for a person.
import { availableParallelism } from 'node:os';
import { createKeptScripting } from './execute/kept-scripting.ts';
import type { ExecutionContext } from './execute/ports.ts';
import { createSessionVariables } from './execute/session-variables.ts';
import { createSandbox } from './sandbox/sandbox.ts';

export interface ScriptHalf extends Pick<ExecutionContext, 'scripts' | 'session' | 'kept'> {
  close(): Promise<void>;
}

/** With one, scripts that wait for a slow server would hold up all others. A thread is started only when it is wanted. */
const LEAST_WORKERS = 2;
const MOST_WORKERS = 4;

/** No thread is started before the first script. */
export function createScriptHalf(): ScriptHalf {
  const workers = Math.max(LEAST_WORKERS, Math.min(MOST_WORKERS, availableParallelism() - 1));
  const scripts = createSandbox({ workers });
  const kept = createKeptScripting();
  return {
    scripts,
    session: createSessionVariables(),
    kept,
    async close() {
      await kept.close();
      await scripts.close();
    },
  };
}
