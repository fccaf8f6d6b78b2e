// A process that runs scripts for hostile-run.js, which measures it from outside. It says how each run ended, and for how long it could
// do nothing else.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createSandbox } from '../../dist/src/sandbox/sandbox.js';

const response = {
  status: 200,
  statusText: 'OK',
  headers: [{ name: 'content-type', value: 'application/json' }],
  body: '{"id":1}',
  kind: 'json',
  bytes: 8,
  totalMs: 5,
  url: 'https://api.example/',
};

const job = (source) => ({
  api: 'postman',
  phase: 'after',
  scripts: [{ source, label: 'test script of the request' }],
  assertions: [],
  nonce: 'k3v9x0q7m2a5t8w1',
  info: { requestId: 'r', requestName: 'Items', collectionName: 'Shop', folders: [], tags: [] },
  variables: {},
  precedence: ['local', 'environment', 'collection', 'globals'],
  request: {
    method: 'GET',
    url: { address: 'https://api.example/', query: [], pathVariables: [] },
    headers: [],
    body: { kind: 'none' },
    auth: { type: 'none', fields: {} },
  },
  response,
  sends: 20,
});

const sandbox = createSandbox({ workers: 1 });
const host = async () => ({ ok: true, response });

/** How late a timer of this thread comes: nobody else is served meanwhile. */
const pauses = monitorEventLoopDelay({ resolution: 1 });
pauses.enable();

async function answer({ source, runs = 1, timeMs = 1_000 }) {
  pauses.reset();
  let result;
  for (let run = 0; run < runs; run += 1)
    result = await sandbox.run(job(source), { timeMs, host, signal: new AbortController().signal });
  // A pause is known only when it is over.
  await new Promise((done) => setTimeout(done, 5));
  const pauseMs = pauses.max / 1e6;
  process.send(
    result.ok ? { ended: 'outcome', outcome: result.value, pauseMs } : { ended: result.failure.code, pauseMs },
  );
}

process.on('message', (asked) => void answer(asked));
process.on('disconnect', () => void sandbox.close());
