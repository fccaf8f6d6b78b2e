// What `npm test` looks at before it runs a test. Each check has a script of its own in package.json; here those that need nothing of
// each other run beside each other, and what each says is shown when it ends.
import { spawn } from 'node:child_process';

const failed = [];

/** Runs scripts of package.json one after the other, until one fails. */
async function inTurn(...names) {
  for (const name of names) {
    if ((await run(name)) === 0) continue;
    failed.push(name);
    return;
  }
}

function run(name) {
  const child = spawn('npm', ['run', '--silent', name], {
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  });
  const said = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => said.push(chunk));
  return new Promise((ended) => {
    child.once('error', (error) => said.push(Buffer.from(`${error.message}\n`)));
    child.once('close', (code) => {
      process.stdout.write(`${code === 0 ? 'passed' : 'FAILED'}: ${name}\n${Buffer.concat(said)}`);
      ended(code);
    });
  });
}

// Rules about types read what the compiler wrote.
await Promise.all([inTurn('check:types', 'check:typed'), inTurn('check:style'), inTurn('check:unused')]);
if (failed.length > 0) {
  process.stderr.write(`\nfailed: ${failed.join(', ')}\n`);
  process.exitCode = 1;
}
