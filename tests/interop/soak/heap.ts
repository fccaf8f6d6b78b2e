// The memory that a running server holds on to, read through Node's inspector after a collection of garbage: what the process has of the
// system tells growth from a heap that was given room no better than a guess.
import { WebSocket } from 'undici';
import type { Served } from '../http/served.ts';

/** To start the server with, so that `readHeap` finds its inspector on a port that is free. */
export const INSPECTED = { NODE_OPTIONS: '--inspect-port=0' } as const;

const LISTENING = /Debugger listening on (ws:\S+)/;
const POLL_MS = 20;
const MOST_POLLS = 500;

export interface Heap {
  /** Bytes that are still in use after a full collection: objects, and buffers outside of the heap. */
  held(): Promise<number>;
  close(): void;
}

/** Connects to the inspector of a server that runs; not for Windows, where no signal starts one. */
export async function readHeap({ pid, errors }: Pick<Served, 'pid' | 'errors'>): Promise<Heap> {
  process.kill(pid, 'SIGUSR1');
  const socket = new WebSocket(await listening(errors));
  const answers = new Map<number, (result: { readonly result?: { readonly value?: unknown } }) => void>();
  socket.addEventListener('message', ({ data }) => {
    const { id, result } = JSON.parse(String(data));
    answers.get(id)?.(result);
    answers.delete(id);
  });
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve);
    socket.addEventListener('error', reject);
  });
  let last = 0;
  const ask = (method: string, params = {}) =>
    new Promise<{ readonly result?: { readonly value?: unknown } }>((resolve) => {
      last += 1;
      answers.set(last, resolve);
      socket.send(JSON.stringify({ id: last, method, params }));
    });
  return {
    async held() {
      await ask('HeapProfiler.collectGarbage');
      const expression = 'process.memoryUsage().heapUsed + process.memoryUsage().external';
      const { result } = await ask('Runtime.evaluate', { expression });
      return Number(result?.value);
    },
    close: () => socket.close(),
  };
}

async function listening(errors: () => string): Promise<string> {
  for (let polls = 0; polls < MOST_POLLS; polls += 1) {
    const [, address] = LISTENING.exec(errors()) ?? [];
    if (address !== undefined) return address;
    await new Promise((resolve) => {
      setTimeout(resolve, POLL_MS);
    });
  }
  throw new Error('the server shows no inspector');
}
