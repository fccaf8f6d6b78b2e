// The thread that runs scripts: one machine, one run at a time. It ends when anything is odd, and another takes its place.
import { parentPort, workerData } from 'node:worker_threads';
import { openMachine } from './machine.ts';
import type { FromThread, ThreadData, ToThread } from './messages.ts';
import { createScriptRun, type ScriptRun } from './script-run.ts';
import { createSources } from './sources.ts';

const port = parentPort;
if (port) {
  const { module, header, memory, fixed } = workerData as ThreadData;
  const tell = (message: FromThread): void => port.postMessage(message);
  const sources = await createSources(fixed);
  let run: ScriptRun | undefined;
  const machine = await openMachine(module, header, new Uint8Array(memory), {
    ...sources,
    call: (text) => run?.call(text) ?? 0,
    timer: (id, ms) => run?.timer(id, ms),
    clearTimer: (id) => run?.clearTimer(id),
    done: (text) => run?.done(text),
    isOver: () => run?.isOver() ?? true,
  });
  /** The answer goes out before the memory is taken back: nobody waits for that. */
  const tellAndRestore = (message: FromThread): void => {
    tell(message);
    if (message.kind !== 'done') return;
    run = undefined;
    tell(machine.restore() ? { kind: 'ready' } : { kind: 'failed', why: 'crashed' });
  };
  port.on('message', (message: ToThread) => {
    if (message.kind === 'reply') run?.reply(message.id, message.text);
    else {
      run = createScriptRun(sources, message, tellAndRestore);
      run.begin(machine, message.job);
    }
  });
  tell({ kind: 'ready' });
}
