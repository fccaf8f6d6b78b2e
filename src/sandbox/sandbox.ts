// Runs scripts of other people in threads of their own, inside a machine with its own memory; only JSON text crosses.
import { promises } from 'node:fs';
import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { limits } from '../../shared/limits.ts';
import type { ScriptJob, ScriptRequest } from '../../shared/script/job.ts';
import { readScriptOutcome } from '../../shared/script/outcome.ts';
import type { ScriptRunner } from '../execute/ports.ts';
import { readImage } from './image-file.ts';
import type { FixedSources, ThreadData } from './messages.ts';
import { createPool } from './pool.ts';

export interface Sandbox extends ScriptRunner {
  /** Ends the threads, and with them what runs. */
  close(): Promise<void>;
}

export interface SandboxOptions {
  /** Threads that may run at once. */
  readonly workers: number;
  /** The built thread and its image, by their absolute paths; absent: those beside this file. */
  readonly files?: SandboxFiles;
  /** Clock and randomness of scripts; absent: the process's own. */
  readonly fixed?: FixedSources;
}

export interface SandboxFiles {
  readonly worker: string;
  readonly image: string;
}

export function createSandbox({ workers, files = builtFiles(), fixed }: SandboxOptions): Sandbox {
  const load = async (): Promise<ThreadData> => {
    const { header, memory, module } = readImage(await promises.readFile(files.image));
    return { header, memory, module: await WebAssembly.compile(module), ...(fixed && { fixed }) };
  };
  const pool = createPool({ threads: workers, worker: files.worker, load });
  return {
    warm: () => pool.warm(),
    async run(job, options) {
      const size = checkSize(job);
      if (!size.ok) return size;
      const text = JSON.stringify(job);
      // Of so many bytes there is room for a script beside them, whatever characters they are.
      if (Buffer.byteLength(text) > limits.scriptJobBytes) return tooLarge(ALL_GIVEN, limits.scriptJobBytes);
      const outcome = await pool.run({ text, calls: job.sends, options });
      return outcome.ok ? readScriptOutcome(outcome.value) : outcome;
    },
    load: () => pool.load(),
    close: () => pool.close(),
  };
}

function builtFiles(): SandboxFiles {
  const folder = import.meta.dirname;
  return { worker: `${folder}/worker.js`, image: `${folder}/image.bin` };
}

const ALL_GIVEN = 'The JSON text of all that the scripts are given, in UTF-8,';

function checkSize(job: ScriptJob): Result<void> {
  const source = job.scripts.reduce((sum, { source: { length } }) => sum + length, 0);
  if (source > limits.scriptSourceChars) return tooLarge('The source of the scripts', limits.scriptSourceChars);
  const sent = bodyChars(job.request);
  if (sent > limits.scriptBodyChars) return tooLarge('The body of the request', limits.scriptBodyChars);
  const received = job.response?.body.length ?? 0;
  return received > limits.scriptBodyChars ? tooLarge('The body of the answer', limits.scriptBodyChars) : ok(undefined);
}

function tooLarge(what: string, limit: number): Result<never> {
  return err(failure('SCRIPT/TOO_LARGE', { what, limit }));
}

function bodyChars({ body }: ScriptRequest): number {
  return body.kind === 'none' || body.kind === 'file' ? 0 : JSON.stringify(body).length;
}
