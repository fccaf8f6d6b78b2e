// Runs scripts in a process of their own and measures it from outside: wall time here, memory by /proc.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const MIB = 1024;
const NORMAL = 'pm.test("works", () => pm.expect(pm.response.json().id).to.equal(1));';

/** Whether the peak of a process's memory can be measured here. */
export const canMeasure = process.platform === 'linux';

/** A process that has run one normal script; what it grows by is counted from there. */
export async function startScripts() {
  const child = fork(join(import.meta.dirname, 'script-child.js'), {
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const said = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => said.push(String(chunk)));
  const ask = async (message) => {
    const answer = once(child, 'message');
    child.send(message);
    return (await answer)[0];
  };
  await ask({ source: NORMAL, runs: 5 });
  const before = memoryOf(child.pid, 'VmRSS');
  return {
    /** How it ended, after how long, how long its main thread was held up at most, and by how many MiB the process had grown at most. */
    async run(source, runs = 1, timeMs = undefined) {
      writeFileSync(`/proc/${child.pid}/clear_refs`, '5');
      const start = performance.now();
      const { ended, outcome, pauseMs } = await ask({ source, runs, timeMs });
      const ms = performance.now() - start;
      return { ended, outcome, ms, pauseMs, grownMib: (memoryOf(child.pid, 'VmHWM') - before) / MIB };
    },
    /** Whether a normal script runs as it should. */
    async isWell() {
      const { outcome } = await ask({ source: NORMAL });
      return outcome?.tests[0]?.status === 'passed';
    },
    rssMib: () => memoryOf(child.pid, 'VmRSS') / MIB,
    /** What the process wrote; nothing, if all is well. */
    said: () => said.join(''),
    async end() {
      child.disconnect();
      await once(child, 'exit');
    },
  };
}

function memoryOf(pid, field) {
  return Number(new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}
