// Calls over HTTP with every check on: against the SDK's own handler, against a bare proxy, and with ten thousand keys.
import { fork, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import { putRow } from '../../dist/src/access/key-row.js';
import { createState } from '../../dist/src/state/open-state.js';
import { readTrustMac } from '../../dist/src/state/trust-key.js';
import { command, environment, keyward, median, root, startApi, temporaryFolder, writeWorkspace } from './measure.js';

const SECRET = 'bench-secret-7f3a91c0d5';
const CALLERS = 8;
const ROUNDS = 9;
const CALLS = 400;
/** A server goes on for days: both are measured once their code is compiled, which a few thousand calls see to. */
const WARMING_CALLS = 4_000;
const FEW_KEYS = 10;
const MANY_KEYS = 10_000;
const READY = /Serving MCP over HTTP at (\S+);/;

export async function benchHttp(report) {
  const api = await startApi();
  const [ours, few, many] = await Promise.all([
    startKeyward(api),
    startKeyward(api, FEW_KEYS),
    startKeyward(api, MANY_KEYS),
  ]);
  const [bare, proxy] = await Promise.all([startPeer('tools'), startPeer('proxy', api.origin)]);
  await benchHandler(report, ours, bare);
  await benchProxy(report, ours, proxy, api);
  await benchKeys(report, few, many);
  await Promise.all([ours, few, many, bare, proxy].map((each) => each.stop()));
  api.close();
}

/** Throughput with several callers at once, each with its connection, in turn; the client is part of it. */
async function benchHandler(report, ours, bare) {
  const args = { environment_id: 'Local' };
  const mine = createCalls(ours, 'get_environment', args, CALLERS);
  const theirs = createCalls(bare, 'get_environment', args, CALLERS);
  await mine.burst(WARMING_CALLS);
  await theirs.burst(WARMING_CALLS);
  const bursts = { mine: [], theirs: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    bursts.mine.push(await mine.burst(CALLS));
    bursts.theirs.push(await theirs.burst(CALLS));
  }
  const rate = (list) => median(list.map((each) => each.rate));
  const ratio = rate(bursts.mine) / rate(bursts.theirs);
  report.row('HTTP get_environment, calls a second over a bare handler', ratio, 'x', '>= 2', ratio >= 2);
  for (const [name, list] of [
    ['keyward', bursts.mine],
    ['bare SDK handler', bursts.theirs],
  ]) {
    const times = list.flatMap((each) => each.times);
    report.note(
      `${name}: ${rate(list).toFixed(0)} calls a second with ${CALLERS} callers; p50 ${quantile(times, 0.5)} ms, p99 ${quantile(times, 0.99)} ms`,
    );
  }
  await mine.close();
  await theirs.close();
}

/** One call after the other: what the gate, the journal, signing and redaction cost above forwarding. */
async function benchProxy(report, ours, proxy, api) {
  const mine = createCalls(ours, 'execute_request', { request_id: 'Items' }, 1);
  const agent = new Agent({ connections: 1 });
  const forwarded = async () => (await request(`${proxy.url}/items?page=1`, { dispatcher: agent })).body.text();
  const times = { mine: [], theirs: [] };
  await mine.burst(300);
  for (let call = 0; call < 300; call += 1) await forwarded();
  for (let round = 0; round < ROUNDS; round += 1) {
    times.mine.push(...(await mine.burst(100)).times);
    for (let call = 0; call < 100; call += 1) {
      const start = performance.now();
      await forwarded();
      times.theirs.push(performance.now() - start);
    }
  }
  const [our, their] = [median(times.mine), median(times.theirs)];
  report.note(
    `HTTP execute_request ${our.toFixed(2)} ms, a bare undici proxy ${their.toFixed(2)} ms: ${(our - their).toFixed(2)} ms more, ${(our / their).toFixed(1)} x; answer of ${api.bytes} bytes`,
  );
  await mine.close();
  await agent.close();
}

async function benchKeys(report, few, many) {
  const args = { environment_id: 'Local' };
  const [withFew, withMany] = [few, many].map((server) => createCalls(server, 'get_environment', args, 1));
  const times = { few: [], many: [] };
  await withFew.burst(CALLS);
  await withMany.burst(CALLS);
  for (let round = 0; round < ROUNDS; round += 1) {
    times.few.push(...(await withFew.burst(200)).times);
    times.many.push(...(await withMany.burst(200)).times);
  }
  const more = median(times.many) - median(times.few);
  report.row(`HTTP call, ${MANY_KEYS} keys over ${FEW_KEYS}`, more, 'ms', '<= 0.2 ms', more <= 0.2);
  report.note(`${median(times.few).toFixed(2)} ms and ${median(times.many).toFixed(2)} ms`);
  await withFew.close();
  await withMany.close();
}

const META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
  'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1' },
};

/** The least client of the modern era: one tool call again and again, over as many connections as callers. */
function createCalls({ url, key }, name, args, callers) {
  const dispatcher = new Agent({ connections: callers });
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': 'tools/call',
    'mcp-name': name,
    ...(key && { authorization: `Bearer ${key}` }),
  };
  const params = { name, arguments: args, _meta: META };
  const call = async (id) => {
    const body = JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params });
    const answer = await request(url, { method: 'POST', dispatcher, headers, body });
    const { result } = await answer.body.json();
    if (answer.statusCode !== 200 || !result?.structuredContent)
      throw new Error(`${name} failed: ${answer.statusCode}`);
  };
  return {
    /** Calls a second, and how long each call took in milliseconds. */
    async burst(calls) {
      const times = [];
      let next = 0;
      const start = performance.now();
      await Promise.all(
        Array.from({ length: callers }, async () => {
          while (next < calls) {
            const at = performance.now();
            next += 1;
            await call(next);
            times.push(performance.now() - at);
          }
        }),
      );
      return { rate: (times.length / (performance.now() - start)) * 1_000, times };
    },
    close: () => dispatcher.close(),
  };
}

/** The built command with a workspace, a key, and so many keys beside. The limits are wide, but they are counted. */
async function startKeyward(api, keys = 1) {
  const [folder, home] = [temporaryFolder(), temporaryFolder()];
  writeWorkspace(folder, api.origin);
  const variables = [{ key: 'base', value: api.origin, enabled: true }];
  writeFileSync(join(folder, 'local.postman_environment.json'), JSON.stringify({ name: 'Local', values: variables }));
  await command(['secrets', 'set', 'BENCH', '--origin', api.origin, '--stdin'], { home, input: SECRET });
  await command(['trust', folder, '--yes'], { home });
  const key = await createKey(home);
  addKeys(home, keys - 1);
  const rate = { perMinute: 1_000_000, bytesPerMinute: 1_000_000_000_000, concurrent: 64 };
  const limits = { perKey: rate, perCaller: rate, global: rate, perOrigin: { perMinute: 1_000_000 } };
  writeFileSync(join(home, 'http.yaml'), JSON.stringify({ limits }), { mode: 0o600 });
  const child = spawn(process.execPath, [keyward, 'serve', folder, '--home', home, '--http', '0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: environment(),
  });
  const url = await printed(child, child.stderr, READY);
  return { url, key, stop: () => ended(child, () => child.kill('SIGTERM')) };
}

async function createKey(home) {
  const args = [keyward, 'access', 'create', 'bench', '--json', '--home', home];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'], env: environment() });
  return printed(child, child.stdout, /"key":\s*"([^"]+)"/);
}

/** In one transaction: one by one, each of them would wait for the disk. */
function addKeys(home, count) {
  const state = createState(home);
  const mac = readTrustMac(home);
  if (!mac.ok) throw new Error(mac.failure.code);
  const added = state.write((sql) => {
    for (let index = 0; index < count; index += 1) {
      const digest = createHash('sha256').update(`secret ${index}`).digest();
      const [keyId, callerId] = ['k', 'c'].map((start) => `${start}${index}`.padEnd(12, '0'));
      putRow(
        sql,
        {
          keyId,
          callerId,
          name: `key ${index}`,
          scopes: '[]',
          digest,
          createdAt: 1,
          expiresAt: undefined,
          revokedAt: undefined,
        },
        mac.value,
      );
    }
    return { ok: true, value: undefined };
  });
  if (!added.ok) throw new Error(added.failure.code);
  state.close();
}

async function startPeer(...args) {
  const child = fork(join(root, 'tests/bench/bare-handler.js'), args, { stdio: 'inherit' });
  const { port } = await new Promise((done) => child.once('message', done));
  const path = args[0] === 'proxy' ? '' : '/mcp';
  return { url: `http://127.0.0.1:${port}${path}`, stop: () => ended(child, () => child.disconnect()) };
}

function printed(child, stream, pattern) {
  return new Promise((done, fail) => {
    let text = '';
    stream.on('data', (chunk) => {
      text += chunk;
      const match = pattern.exec(text);
      if (match) done(match[1]);
    });
    child.once('close', (code) => fail(new Error(`exit ${code}: ${text}`)));
  });
}

function ended(child, end) {
  return new Promise((done) => {
    child.once('exit', done);
    end();
  });
}

function quantile(times, part) {
  const sorted = [...times].sort((a, b) => a - b);
  return (sorted[Math.floor(sorted.length * part)] ?? Number.NaN).toFixed(2);
}
