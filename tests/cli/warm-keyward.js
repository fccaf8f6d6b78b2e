// Runs the built command again and again in one process, each time with its own arguments, folder, environment and streams, so
// that a test of twenty commands does not wait for twenty starts of Node. What depends on the process itself (signals, logs,
// start and end) is tested with a process of its own.
import { Readable } from 'node:stream';
import { main } from '../../dist/keyward/main.js';

process.on('message', (asked) => void run(asked));
process.send('ready');

async function run({ entry, args, cwd, env, input }) {
  const out = [];
  const errors = [];
  const restore = [capture(process.stdout, out), capture(process.stderr, errors)];
  process.chdir(cwd);
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, env);
  process.argv = [process.execPath, entry, ...args];
  process.exitCode = undefined;
  Object.defineProperty(process, 'stdin', { value: Readable.from([Buffer.from(input)]), configurable: true });
  await main(entry);
  for (const undo of restore) undo();
  process.send({ code: process.exitCode ?? 0, out: text(out), errors: text(errors) });
}

function capture(stream, chunks) {
  const { write } = stream;
  stream.write = (chunk, encoding, done) => {
    chunks.push(Buffer.from(chunk, typeof encoding === 'string' ? encoding : 'utf8'));
    const callback = typeof encoding === 'function' ? encoding : done;
    if (callback) setImmediate(callback);
    return true;
  };
  return () => {
    stream.removeAllListeners('error');
    stream.write = write;
  };
}

function text(chunks) {
  return Buffer.concat(chunks).toString();
}
