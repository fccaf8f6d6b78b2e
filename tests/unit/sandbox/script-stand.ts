// Runs one script in the built sandbox, with nothing around it.
import type { ScriptApi, ScriptJob, ScriptOutcome } from '../../../shared/script/job.ts';
import { createLiveText } from '../../../shared/script/live-text.ts';
import { builtSandbox as sandbox } from './built-sandbox.ts';

export const unguessable = 'k3v0p8q2w5e7r1t9';

export interface ScriptStand {
  /** What the script wrote with `keep(name, value)`, and the rest of its outcome. */
  run(
    script: string,
    api?: ScriptApi,
  ): Promise<{ readonly kept: Readonly<Record<string, string>>; readonly outcome: ScriptOutcome }>;
  close(): Promise<void>;
}

export function createScriptStand(): ScriptStand {
  return {
    async run(script, api = 'postman') {
      const set = api === 'bruno' ? 'bru.setVar' : 'pm.variables.set';
      const source = `const keep = (name, value) => ${set}(name, String(value));\n${script}`;
      const ran = await sandbox.run(jobOf(source, api), {
        timeMs: 20_000,
        host: async () => ({ ok: false, code: 'TEST', message: 'no host' }),
        signal: new AbortController().signal,
      });
      if (!ran.ok) throw new Error(ran.failure.code);
      const kept = Object.fromEntries(ran.value.writes.map(({ name, value }) => [name, value ?? '']));
      return { kept, outcome: ran.value };
    },
    close: () => sandbox.close(),
  };
}

function jobOf(source: string, api: ScriptApi): ScriptJob {
  return {
    api,
    phase: 'before',
    scripts: [{ source, label: 'script' }],
    assertions: [],
    nonce: createLiveText(unguessable).nonce,
    info: { requestId: 'r', requestName: 'r', collectionName: 'c', folders: [], tags: [] },
    variables: {},
    precedence: ['local'],
    request: {
      method: 'GET',
      url: { address: 'https://api.example.com/', query: [], pathVariables: [] },
      headers: [],
      body: { kind: 'none' },
      auth: { type: 'none', fields: {} },
    },
    sends: 0,
  };
}
