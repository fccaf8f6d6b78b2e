// Runs jobs of Postman's scripts in the built sandbox.
import type { ScriptCall, ScriptJob, ScriptOutcome, ScriptReply } from '../../../shared/script/job.ts';
import { builtSandbox as sandbox } from './built-sandbox.ts';
import { changedRequest, changes, echo, type Seen, viewOf } from './postman-jobs.ts';

export interface PostmanStand {
  /** `host` answers what scripts send and run; absent: what is sent comes back. */
  run(job: ScriptJob, host?: (call: ScriptCall) => ScriptReply): Promise<ScriptOutcome>;
  close(): Promise<void>;
}

export function createPostmanStand(): PostmanStand {
  return {
    async run(job, host = echoed) {
      const signal = new AbortController().signal;
      const ran = await sandbox.run(job, { timeMs: 20_000, host: async (call) => host(call), signal });
      if (!ran.ok) throw new Error(JSON.stringify(ran.failure));
      return ran.value;
    },
    close: () => sandbox.close(),
  };
}

function echoed(call: ScriptCall): ScriptReply {
  return call.kind === 'send' ? echo(viewOf(call.request)) : { ok: false, code: 'NOT_FOUND', message: call.request };
}

export function seen(job: ScriptJob, outcome: ScriptOutcome): Seen {
  const { tests, writes, error, next, skip, visualizer, request } = outcome;
  const layers: Record<string, Record<string, unknown>> = { local: {} };
  for (const layer of ['environment', 'collection', 'globals'] as const) {
    layers[layer] = Object.fromEntries((job.variables[layer] ?? []).map(({ name, value }) => [name, value]));
  }
  for (const { layer, name, value, json } of writes) {
    const values = layers[layer] ?? {};
    if (value === null) delete values[name];
    else values[name] = json === undefined ? value : (JSON.parse(json) as unknown);
  }
  return {
    tests,
    ...changes(layers),
    ...(!skip && changedRequest(job, request && viewOf(request))),
    ...(error && { error: error.name }),
    ...(next !== undefined && { next }),
    ...(skip && { skip }),
    ...(visualizer && { visualizer }),
  };
}
