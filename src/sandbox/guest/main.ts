// The guest: what is evaluated once in the sandbox, and then runs one job after the other, each from the same beginning.
import type { ScriptApi, ScriptJob } from '../../../shared/script/job.ts';
import { installBruno } from './bruno/install-bruno.ts';
import { createExecution, type Execution } from './execution.ts';
import { installInsomnia } from './insomnia/install-insomnia.ts';
import { createModules } from './modules.ts';
import { installPostman } from './postman/install-postman.ts';
import type { Guest, Host, Run } from './run.ts';

const installers: Readonly<Record<ScriptApi, (run: Run, globals: Record<string, unknown>) => void>> = {
  postman: installPostman,
  bruno: installBruno,
  insomnia: installInsomnia,
};

/** The machine evaluates this once, before the snapshot is taken; each `start` begins a run. */
export function createGuest(host: Host): Guest {
  let execution: Execution | undefined;
  return {
    start(jobText) {
      const job = JSON.parse(jobText) as ScriptJob;
      execution = createExecution(host, job, { createModules, install: installers[job.api] });
      execution.begin();
    },
    resume: (kind, id, text) => execution?.resume(kind, id, text),
    rejected: (reason) => execution?.rejected(reason),
  };
}
