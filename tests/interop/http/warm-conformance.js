// Runs the conformance suite again and again in one process, each time anew but for what it imports: loading that takes as long as
// a run. The suite is a command, so it is given its words, and what it writes and would exit with is sent back.
const [, , suite] = process.argv;
let runs = 0;

process.on('message', (words) => void run(words));
process.send('ready');

async function run(words) {
  const out = [];
  const restore = [capture(process.stdout, out), capture(process.stderr, out)];
  process.argv = [process.execPath, suite, ...words];
  const { exit } = process;
  // It goes on behind its exit; only the first counts.
  const code = new Promise((resolve) => {
    process.exit = resolve;
  }).then((first) => ({ code: first, out: out.join('') }));
  runs += 1;
  await import(`${suite}?${runs}`);
  const ended = await code;
  process.exit = exit;
  for (const undo of restore) undo();
  process.send(ended);
}

function capture(stream, chunks) {
  const { write } = stream;
  stream.write = (chunk) => {
    chunks.push(String(chunk));
    return true;
  };
  return () => {
    stream.write = write;
  };
}
