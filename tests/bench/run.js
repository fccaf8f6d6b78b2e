// `npm run bench`: each figure is a ratio against a peer or the bare operation, measured in this run.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import newman from 'newman';
import { request } from 'undici';
import { benchCustody } from './custody.js';
import { benchHttp } from './http.js';
import { benchLargeAnswers } from './large-answers.js';
import {
  bareEnvironment,
  command,
  createReport,
  environment,
  median,
  root,
  startApi,
  startServer,
  temporaryFolder,
  timed,
  writeWorkspace,
} from './measure.js';
import { benchRedaction } from './redaction.js';
import { benchSandbox } from './sandbox.js';
import { benchScripts } from './scripts.js';
import { benchSigning } from './signing.js';
import { benchWorkspace } from './workspace.js';

const SECRET = 'bench-secret-7f3a91c0d5';
const report = createReport();

await benchStart();
await benchExecute();
await benchHttp(report);
await benchWorkspace(report);
await benchLargeAnswers(report);
await benchRedaction(report);
await benchCustody(report);
await benchSigning(report);
await benchSandbox(report);
await benchScripts(report);
process.stdout.write(report.misses.length === 0 ? '\nevery target met\n' : `\nmissed: ${report.misses.join(', ')}\n`);
process.exitCode = report.misses.length === 0 ? 0 : 1;

/** Start to the answer of the first tools/list, against the start of Node alone in the same environment; in turn, medians. */
async function benchStart() {
  const ratio = await startRatio(environment());
  report.row('start to first tools/list / node -e 0', ratio, 'x', '<= 4.5', ratio <= 4.5);
  const bare = await startRatio(bareEnvironment());
  report.note(`in an environment without other variables ${bare.toFixed(2)} x`);
}

async function startRatio(env) {
  const folder = temporaryFolder();
  const home = join(folder, 'home');
  const bare = [];
  const sdk = [];
  const first = [];
  const importSdk = ['--input-type=module', '-e', "import '@modelcontextprotocol/server/stdio'"];
  for (let run = 0; run < 15; run += 1) {
    bare.push(await timed(() => spawnSync(process.execPath, ['-e', '0'], { env })));
    sdk.push(await timed(() => spawnSync(process.execPath, importSdk, { env, cwd: root })));
    let server;
    first.push(
      await timed(async () => {
        server = startServer(folder, home, env);
        await server.initialize();
        await server.request('tools/list', {});
      }),
    );
    await server.stop();
  }
  const [ours, theirs, alone] = [first, sdk, bare].map((values) => median(values).toFixed(0));
  report.note(`${ours} ms; importing the MCP SDK alone ${theirs} ms; node -e 0 ${alone} ms`);
  return median(first) / median(bare);
}

/** A warm execute_request through a real stdio connection, against bare undici and newman in this process. */
async function benchExecute() {
  const api = await startApi();
  const folder = temporaryFolder();
  const home = join(folder, 'home');
  const collection = writeWorkspace(folder, api.origin);
  await command(['secrets', 'set', 'BENCH', '--origin', api.origin, '--stdin'], { home, input: SECRET });
  await command(['trust', folder, '--yes'], { home });
  const server = startServer(folder, home);
  await server.initialize();
  const call = () => server.request('tools/call', { name: 'execute_request', arguments: { request_id: 'Items' } });
  const answer = await call();
  if (answer.result?.structuredContent?.status !== 200)
    throw new Error(`the call failed: ${JSON.stringify(answer).slice(0, 600)}`);
  const bareCall = async () => (await request(`${api.origin}/items?page=1`)).body.text();
  const peer = newmanCall(collection);
  // Each in blocks of its own, so that none is measured on what another left in the caches; in turn, so that drift hits all.
  await block(600, call);
  await block(600, bareCall);
  await block(10, peer);
  const ours = [];
  const bare = [];
  const theirs = [];
  for (let round = 0; round < 8; round += 1) {
    ours.push(...(await block(100, call)));
    bare.push(...(await block(100, bareCall)));
    theirs.push(...(await block(10, peer)));
  }
  const over = median(ours) - median(bare);
  const faster = median(theirs) / median(ours);
  report.row('warm execute_request over bare undici.request', over, 'ms', '<= 3 ms', over <= 3);
  report.row('warm execute_request, times faster than newman in-process', faster, 'x', '>= 15', faster >= 15);
  report.note(
    `${median(ours).toFixed(2)} ms over stdio; undici ${median(bare).toFixed(2)} ms; newman ${median(theirs).toFixed(1)} ms; answer of ${api.bytes} bytes`,
  );
  const rss =
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.child.pid}/status`, 'utf8'))?.[1] ?? Number.NaN) / 1024;
  report.note(`RSS after ${ours.length} calls: ${rss.toFixed(0)} MB`);
  await server.stop();
  await benchIdle(folder, home);
  api.close();
}

async function block(calls, run) {
  const times = [];
  for (let call = 0; call < calls; call += 1) times.push(await timed(run));
  return times;
}

/** Memory of a server that has listed its tools and its collections and then waits. */
async function benchIdle(folder, home) {
  const server = startServer(folder, home);
  await server.initialize();
  await server.request('tools/list', {});
  await server.request('tools/call', { name: 'list_collections', arguments: {} });
  const rss =
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.child.pid}/status`, 'utf8'))?.[1] ?? Number.NaN) / 1024;
  report.row('idle RSS after tools/list and list_collections', rss, 'MB', '<= 120', rss <= 120);
  await server.stop();
}

function newmanCall(collection) {
  const plain = JSON.parse(JSON.stringify(collection).replaceAll('{{vault:BENCH}}', SECRET));
  return () =>
    new Promise((done, fail) => {
      newman.run({ collection: plain, silent: true, reporters: [] }, (error, summary) =>
        error || summary.run.failures.length > 0 ? fail(error ?? new Error('newman failed')) : done(),
      );
    });
}
