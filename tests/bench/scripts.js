// What scripts cost: one test script on a warm call, and a folder of 200 requests with a test script each, beside newman and bru.
import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import newman from 'newman';
import { bareEnvironment, command, median, root, startApi, startServer, temporaryFolder, timed } from './measure.js';

const BLOCKS = 8;
const CALLS = 25;
const REQUESTS = 200;
const ROUNDS = 3;
const bruCli = join(root, 'node_modules/@usebruno/cli/bin/bru.js');

const TESTS = 2;
const POSTMAN_TEST = [
  'const body = pm.response.json();',
  "pm.test('status is 200', () => pm.response.to.have.status(200));",
  "pm.test('has items', () => pm.expect(body.items).to.be.an('array').with.lengthOf(24));",
  "pm.environment.set('last', body.items[0].id);",
];
const BRUNO_TEST = [
  'const body = res.getBody();',
  "test('status is 200', () => expect(res.getStatus()).to.equal(200));",
  "test('has items', () => expect(body.items).to.be.an('array').with.lengthOf(24));",
  "bru.setVar('last', body.items[0].id);",
];

export async function benchScripts(report) {
  const api = await startApi();
  await benchOneScript(report, api.origin);
  await benchManyScripts(report, api.origin);
  api.close();
}

/** The same request with a test script and without; call by call in turn, so that drift hits both. */
async function benchOneScript(report, origin) {
  const folder = temporaryFolder();
  writePostman(folder, origin, [postmanItem('Plain', origin, []), postmanItem('Tested', origin, POSTMAN_TEST)]);
  const home = await trust(folder);
  const server = await openServer(folder, home);
  const plain = () => execute(server, 'Plain', 0);
  const tested = () => execute(server, 'Tested', TESTS);
  const first = await timed(tested);
  const [without, having] = [[], []];
  for (let call = 0; call < 4 * CALLS; call += 1) {
    await plain();
    await tested();
  }
  for (let call = 0; call < BLOCKS * CALLS; call += 1) {
    without.push(await timed(plain));
    having.push(await timed(tested));
  }
  await server.stop();
  const added = median(having) - median(without);
  report.row('what a test script adds to a warm execute_request', added, 'ms', '<= 3 ms', added <= 3);
  report.note(
    `${median(having).toFixed(2)} ms, without ${median(without).toFixed(2)} ms; ${having.length} calls of each; the first script ${first.toFixed(0)} ms`,
  );
}

/**
 * The same requests and tests, in turn. newman as a library that is loaded, beside a server that is started, each warmed by one
 * round; bru, which is a command alone, beside a server from its start to its end.
 */
async function benchManyScripts(report, origin) {
  const names = Array.from({ length: REQUESTS }, (_, index) => `Request ${index + 1}`);
  const [postman, bruno] = [temporaryFolder(), temporaryFolder()];
  const items = names.map((name) => postmanItem(name, origin, POSTMAN_TEST));
  const collection = writePostman(postman, origin, items);
  writeBruno(bruno, origin, names);
  const [postmanHome, brunoHome] = [await trust(postman), await trust(bruno)];
  const server = await openServer(postman, postmanHome);
  const runs = {
    ours: () => callAll(server, names),
    newman: () => runNewman(collection),
    whole: () => runOurs(bruno, brunoHome, names),
    bru: () => runBru(bruno),
  };
  const times = { ours: [], newman: [], whole: [], bru: [] };
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [name, run] of Object.entries(runs)) {
      // A run of bru takes 20 seconds: one is enough for a ratio that far off.
      if (name === 'bru' && round !== 1) continue;
      const time = await timed(run);
      if (round > 0) times[name].push(time);
    }
  }
  await server.stop();
  const [ours, newmans, whole, bru] = Object.values(times).map(median);
  const [share, bruShare] = [ours / newmans, whole / bru];
  report.row(`${REQUESTS} requests with a test script / newman, loaded`, share, 'x', '<= 0.33', share <= 1 / 3);
  report.row(`${REQUESTS} requests with a test script / bru, safe mode`, bruShare, 'x', '<= 0.067', bruShare <= 1 / 15);
  report.note(
    `${ours.toFixed(0)} ms, newman ${newmans.toFixed(0)} ms; in .bru with the start of the process ${whole.toFixed(0)} ms, bru ${bru.toFixed(0)} ms`,
  );
}

async function callAll(server, names) {
  for (const name of names) await execute(server, name, TESTS);
}

async function runOurs(folder, home, names) {
  const server = await openServer(folder, home);
  await callAll(server, names);
  await server.stop();
}

function runNewman(collection) {
  return new Promise((done, fail) => {
    newman.run({ collection, silent: true, reporters: [] }, (error, summary) =>
      error || summary.run.failures.length > 0 ? fail(error ?? new Error('newman failed')) : done(),
    );
  });
}

/** Fails where bru does, which it does where a test fails. */
function runBru(cwd) {
  return new Promise((done, fail) => {
    const options = { cwd, env: bareEnvironment(), stdio: 'ignore' };
    const child = spawn(process.execPath, [bruCli, 'run', '-r', '--sandbox', 'safe'], options);
    child.once('close', (code) => (code === 0 ? done() : fail(new Error(`bru: exit ${code}`))));
  });
}

async function trust(folder) {
  const home = temporaryFolder();
  await command(['trust', folder, '--yes'], { home });
  return home;
}

async function openServer(folder, home) {
  const server = startServer(folder, home, bareEnvironment());
  await server.initialize();
  return server;
}

/** One call; fails unless so many tests were made and all of them passed. */
async function execute(server, name, tests) {
  const answer = await server.request('tools/call', { name: 'execute_request', arguments: { request_id: name } });
  const result = answer.result?.structuredContent;
  const passed = result?.tests?.filter(({ status }) => status === 'passed').length;
  if (result?.status === 200 && passed === tests && result.tests.length === tests) return;
  throw new Error(`the call failed: ${JSON.stringify(answer).slice(0, 600)}`);
}

function postmanItem(name, origin, exec) {
  const event = exec.length === 0 ? [] : [{ listen: 'test', script: { type: 'text/javascript', exec } }];
  return { name, event, request: { method: 'GET', url: `${origin}/items?page=1` } };
}

function writePostman(folder, origin, item) {
  const schema = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json';
  const collection = { info: { name: 'Bench', schema }, item };
  writeFileSync(join(folder, 'bench.postman_collection.json'), JSON.stringify(collection));
  allow(folder, origin);
  return collection;
}

function writeBruno(folder, origin, names) {
  const marker = JSON.stringify({ version: '1', name: 'Bench', type: 'collection' });
  const requests = join(folder, 'requests');
  mkdirSync(requests);
  writeFileSync(join(folder, 'bruno.json'), marker);
  names.forEach((name, index) => {
    const meta = `meta {\n  name: ${name}\n  type: http\n  seq: ${index + 1}\n}\n`;
    const get = `get {\n  url: ${origin}/items?page=1\n  body: none\n  auth: none\n}\n`;
    const tests = `tests {\n${BRUNO_TEST.map((line) => `  ${line}\n`).join('')}}\n`;
    writeFileSync(join(requests, `${name}.bru`), [meta, get, tests].join('\n'));
  });
  allow(folder, origin);
}

function allow(folder, origin) {
  writeFileSync(join(folder, 'keyward.yaml'), `version: 1\nnetwork:\n  allow: ["${origin}"]\n`);
}
