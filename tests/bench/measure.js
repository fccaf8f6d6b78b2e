// What the benchmarks share: medians, one printed row a target, a fresh workspace and a client over stdio.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

export const root = resolve(import.meta.dirname, '../..');
export const keyward = join(root, 'bin/keyward.js');

/** Median of numbers. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Milliseconds that `run` takes. */
export async function timed(run) {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

/** Prints one result beside its target and remembers a miss. */
export function createReport() {
  const misses = [];
  return {
    row(name, value, unit, target, holds) {
      if (!holds) misses.push(name);
      process.stdout.write(
        `${holds ? 'ok  ' : 'MISS'}  ${name.padEnd(58)} ${value.toFixed(2)} ${unit}  (target ${target})\n`,
      );
    },
    note: (text) => process.stdout.write(`      ${text}\n`),
    misses,
  };
}

const folders = [];
process.once('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A temporary folder that goes when the process does. */
export function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'keyward-bench-'));
  folders.push(folder);
  return folder;
}

/** A loopback server with one JSON answer of about two kilobytes. */
export async function startApi() {
  const items = Array.from({ length: 24 }, (_, id) => ({
    id,
    name: `item ${id}`,
    price: id * 1.25,
    tags: ['a', 'b'],
    created: '2026-01-01',
  }));
  const answer = JSON.stringify({ items, page: 1, total: 24 });
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(200, { 'content-type': 'application/json' }).end(answer);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return { origin: `http://127.0.0.1:${server.address().port}`, bytes: answer.length, close: () => server.close() };
}

/** Runs a keyward command to its end. */
export function command(args, { home, input = '' }) {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [keyward, ...args, '--home', home], {
      stdio: ['pipe', 'ignore', 'pipe'],
      env: environment(),
    });
    let errors = '';
    child.stderr.on('data', (chunk) => (errors += chunk));
    child.on('close', (code) =>
      code === 0 ? done() : fail(new Error(`keyward ${args.join(' ')}: exit ${code}\n${errors}`)),
    );
    child.stdin.end(input);
  });
}

/** The environment of a child: this one, with a key file as key source. */
export function environment() {
  return { ...process.env, KEYWARD_KEY_SOURCE: 'key-file' };
}

/** The least environment: what a variable such as NODE_EXTRA_CA_CERTS costs every start of Node is not in it. */
export function bareEnvironment() {
  return { PATH: process.env.PATH, HOME: process.env.HOME, KEYWARD_KEY_SOURCE: 'key-file' };
}

/** A server over stdio and the smallest client that can drive it. */
export function startServer(folder, home, env = environment()) {
  const child = spawn(process.execPath, [keyward, 'serve', folder, '--home', home], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env,
  });
  const waiting = new Map();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const message = JSON.parse(line);
    waiting.get(message.id)?.(message);
    waiting.delete(message.id);
  });
  let next = 1;
  const send = (message) => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  const request = (method, params) =>
    new Promise((done) => {
      const id = next++;
      waiting.set(id, done);
      send({ id, method, params });
    });
  return {
    child,
    request,
    async initialize() {
      await request('initialize', {
        protocolVersion: '2025-06-18',
        capabilities: {},
        clientInfo: { name: 'bench', version: '1' },
      });
      send({ method: 'notifications/initialized' });
    },
    stop: () =>
      new Promise((done) => {
        child.once('close', done);
        child.stdin.end();
      }),
  };
}

/** A workspace of one collection with one GET and one handle in its auth. */
export function writeWorkspace(folder, origin) {
  const url = {
    raw: `${origin}/items?page=1`,
    protocol: 'http',
    host: ['127', '0', '0', '1'],
    port: new URL(origin).port,
    path: ['items'],
    query: [{ key: 'page', value: '1' }],
  };
  const collection = {
    info: { name: 'Bench', schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json' },
    item: [
      {
        name: 'Items',
        request: { method: 'GET', url, auth: { type: 'bearer', bearer: [{ key: 'token', value: '{{vault:BENCH}}' }] } },
      },
    ],
  };
  writeFileSync(join(folder, 'bench.postman_collection.json'), JSON.stringify(collection));
  writeFileSync(join(folder, 'keyward.yaml'), `version: 1\nnetwork:\n  allow: ["${origin}"]\n`);
  return collection;
}
