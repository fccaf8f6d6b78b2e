#!/usr/bin/env node
import { fileURLToPath } from 'node:url';

// Node reads these before any code runs, and none can undo it: requests with their queries and the environment of programs would be
// printed. Starting anew without them would itself print this environment, and lose what file descriptors hold.
const asked = ['NODE_DEBUG', 'NODE_DEBUG_NATIVE'].find((name) => process.env[name]);
if (asked) {
  process.stderr.write(
    `error CONFIG/INVALID: The environment variable ${asked} makes Node print requests and variables, secrets among them.\n` +
      '  fix: Start Keyward without it.\n',
  );
  process.exitCode = 1;
} else {
  // With it the database would print its statements to standard output, between the messages to the client.
  delete process.env.RUST_LOG;
  const { main } = await import('../dist/keyward/main.js');
  await main(fileURLToPath(import.meta.url));
}
