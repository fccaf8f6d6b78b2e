// What answers of any size cost the serving process, seen from outside: peak memory over its state before, and time. The API is a
// process of its own, so that neither its memory nor its work is counted.
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { command, startServer, temporaryFolder } from './measure.js';

const MIB = 1024 * 1024;
const MOST_GROWTH_MB = 64;
const SECRET = 'bench-secret-7f3a91c0d5';

const answers = [
  ['a streamed 1 GB body of JSON records', 'records'],
  ['a gzip bomb of 1 GB', 'gzip'],
  ['a br bomb of 1 GB', 'br'],
  ['the streamed body once more', 'records'],
  ['10,000 headers', 'headers'],
  ['a million headers of two bytes', 'short-headers', 'NETWORK/RESPONSE_INVALID'],
];

/** Measures a server with default limits over all of these answers, one after the other. */
export async function benchLargeAnswers(report) {
  const api = await startApi();
  const folder = temporaryFolder();
  const home = `${folder}/home`;
  writeWorkspace(folder, api.origin);
  await command(['secrets', 'set', 'BENCH', '--origin', api.origin, '--stdin'], { home, input: SECRET });
  await command(['trust', folder, '--yes'], { home });
  const server = startServer(folder, home);
  await server.initialize();
  const call = (name) => server.request('tools/call', { name: 'execute_request', arguments: { request_id: name } });
  for (let count = 0; count < 5; count += 1) await call('small');
  const measured = async (name) => {
    const before = memoryOf(server.child.pid, 'VmRSS');
    // Linux: from here on, the peak counts anew.
    writeFileSync(`/proc/${server.child.pid}/clear_refs`, '5');
    const startedAt = performance.now();
    const answer = await call(name);
    const tookMs = performance.now() - startedAt;
    const grown = memoryOf(server.child.pid, 'VmHWM') - before;
    return {
      grown,
      outcome: outcomeOf(answer),
      text: `${tookMs.toFixed(0)} ms; before ${before.toFixed(0)} MB; ${outcomeOf(answer)}`,
    };
  };
  for (const [what, name, expected = 'status 200'] of answers) {
    const { grown, outcome, text } = await measured(name);
    report.row(
      `${what}: peak memory over the state before`,
      grown,
      'MB',
      `<= ${MOST_GROWTH_MB}`,
      grown <= MOST_GROWTH_MB && outcome.includes(expected),
    );
    report.note(text);
  }
  const whole = await measured('whole');
  report.note(`a whole JSON body of 9 MB: ${whole.grown.toFixed(1)} MB; ${whole.text}`);
  await server.stop();
  api.stop();
}

function outcomeOf({ result }) {
  const { status, body } = result?.structuredContent ?? {};
  if (body === undefined) return JSON.parse(result?.content?.[0]?.text ?? '{}').code ?? 'no answer';
  return `status ${status}, body ${body.kind} of ${(body.bytes / MIB).toFixed(1)} MiB${body.truncated ? ', truncated' : ''}`;
}

function memoryOf(pid, field) {
  const kilobytes = new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes ?? Number.NaN) / 1024;
}

function writeWorkspace(folder, origin) {
  const { port } = new URL(origin);
  const names = new Set(['small', 'whole', ...answers.map(([, name]) => name)]);
  const item = Array.from(names).map((name) => ({
    name,
    request: {
      method: 'GET',
      url: { raw: `${origin}/${name}`, protocol: 'http', host: ['127', '0', '0', '1'], port, path: [name] },
      auth: { type: 'bearer', bearer: [{ key: 'token', value: '{{vault:BENCH}}' }] },
    },
  }));
  const schema = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json';
  writeFileSync(`${folder}/large.postman_collection.json`, JSON.stringify({ info: { name: 'Large', schema }, item }));
  writeFileSync(`${folder}/keyward.yaml`, `version: 1\nnetwork:\n  allow: ["${origin}"]\n`);
}

function startApi() {
  const child = spawn(process.execPath, [import.meta.filename, 'serve'], { stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((done) =>
    createInterface({ input: child.stdout }).once('line', (origin) => done({ origin, stop: () => child.kill() })),
  );
}

/** The API: each path one of the answers above. */
async function serve() {
  const { createServer } = await import('node:net');
  const { brotliCompressSync, gzipSync } = await import('node:zlib');
  const record = (id) =>
    JSON.stringify({
      id,
      name: `item ${id}`,
      email: `user${id}@example.com`,
      tags: ['a', 'b'],
      note: 'plain words of a row',
    });
  const records = `${Array.from({ length: 1_000 }, (_, id) => record(id)).join(',\n')},\n`;
  const zeros = Buffer.alloc(1_000_000_000);
  const packed = { gzip: gzipSync(zeros), br: brotliCompressSync(zeros, { params: { 1: 1 } }) };
  const head = (...lines) => `HTTP/1.1 200 OK\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\n`;
  const coded = (coding) => (socket) => {
    socket.write(
      head('content-type: text/plain', `content-encoding: ${coding}`, `content-length: ${packed[coding].length}`),
    );
    socket.end(packed[coding]);
  };
  const routes = {
    small: (socket) => socket.end(`${head('content-type: application/json', 'connection: close')}{"id":1}`),
    whole: (socket) => {
      const rows = Array.from({ length: 75 }, () => records)
        .join('')
        .slice(0, -2);
      socket.end(`${head('content-type: application/json', 'connection: close')}[${rows}]`);
    },
    gzip: coded('gzip'),
    br: coded('br'),
    headers: (socket) =>
      socket.end(`${head(...Array.from({ length: 10_000 }, (_, at) => `x-field-${at}: ${'v'.repeat(60)}`))}done`),
    'short-headers': (socket) => socket.end(`HTTP/1.1 200 OK\r\n${'a:\r\n'.repeat(1_000_000)}\r\n`),
    records(socket) {
      socket.write(`${head('content-type: application/json', 'connection: close')}[`);
      let sent = 0;
      const more = () => {
        while (!socket.destroyed && sent < 1_000_000_000) {
          sent += records.length;
          if (!socket.write(records)) return;
        }
        socket.end('{}]');
      };
      socket.on('drain', more);
      more();
    },
  };
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (chunk) => {
      const name = /^\w+ \/([\w-]*)/.exec(chunk.toString('latin1'))?.[1];
      (routes[name] ?? routes.small)(socket);
    });
  });
  server.listen(0, '127.0.0.1', () => process.stdout.write(`http://127.0.0.1:${server.address().port}\n`));
}

if (process.argv[2] === 'serve') await serve();
