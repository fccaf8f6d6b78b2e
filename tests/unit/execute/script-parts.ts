import { createKeptScripting } from '../../../src/execute/kept-scripting.ts';
import type { ExecutionContext } from '../../../src/execute/ports.ts';
import { createSessionVariables } from '../../../src/execute/session-variables.ts';
import { builtSandbox as scripts } from '../sandbox/built-sandbox.ts';

/** What a context needs for scripts; no thread is started before the first script runs. */
export function scriptParts(): Pick<ExecutionContext, 'scripts' | 'session' | 'kept'> {
  return { scripts, session: createSessionVariables(), kept: createKeptScripting() };
}
