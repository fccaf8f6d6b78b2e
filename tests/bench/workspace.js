// Workspaces of 20,000 requests: cold index, listing, search and a saved edit.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { median, root, startServer, temporaryFolder, timed } from './measure.js';

const corpora = join(root, '../shared/corpora');
const REQUESTS = 20_000;
const PER_FILE = 150;
const JSON_SETS = ['postman-adyen', 'postman-stripe', 'postman-newman', 'postman-sas', 'openapi', 'har'];
const WORDS =
  'account balance card charge customer dispute event invoice order payment payout plan price refund session'.split(
    ' ',
  );

/** All figures of the workspace; rows go into the report. */
export async function benchWorkspace(report) {
  const folder = temporaryFolder();
  const copied = JSON_SETS.filter((set) => existsSync(join(corpora, set)));
  for (const set of copied) cpSync(join(corpora, set), join(folder, set), { recursive: true });
  if (copied.length === 0) report.note('workspace: generated files only, ../shared/corpora is not here');
  generate(join(folder, 'generated'), REQUESTS - 4_000);
  await benchColdIndex(report, folder);
  await benchServer(report, folder);
  await benchBruno(report);
  await benchTwilio(report);
}

function generate(folder, requests) {
  mkdirSync(folder, { recursive: true });
  for (let file = 0; file * PER_FILE < requests; file += 1) {
    writeFileSync(join(folder, `c${file}.postman_collection.json`), JSON.stringify(collection(file), null, 1));
  }
}

function collection(file) {
  const item = Array.from({ length: PER_FILE }, (_, index) => {
    const [noun, other] = [WORDS[(file + index) % WORDS.length], WORDS[(file * 7 + index * 3) % WORDS.length]];
    return {
      name: `${['Create', 'Get', 'List', 'Update', 'Delete'][index % 5]} ${noun} ${other} ${file}-${index}`,
      request: {
        method: ['POST', 'GET', 'GET', 'PUT', 'DELETE'][index % 5],
        header: [
          { key: 'Content-Type', value: 'application/json' },
          { key: 'Idempotency-Key', value: '{{$guid}}' },
        ],
        url: {
          raw: `{{baseUrl}}/v1/${noun}s/:id/${other}s?limit=10&page={{page}}`,
          host: ['{{baseUrl}}'],
          path: ['v1', `${noun}s`, ':id', `${other}s`],
          query: [
            { key: 'limit', value: '10' },
            { key: 'page', value: '{{page}}' },
          ],
          variable: [{ key: 'id', value: '42' }],
        },
        description: `What one does with the ${noun} of a ${other}. See the guide for limits and paging of ${noun}s.`,
        body: { mode: 'raw', raw: JSON.stringify({ [noun]: { id: index, note: 'text '.repeat(20) } }) },
      },
      response: [
        {
          name: 'ok',
          code: 200,
          header: [],
          body: JSON.stringify({ data: Array(12).fill({ id: index, kind: noun }) }),
        },
      ],
    };
  });
  const schema = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json';
  return {
    info: { name: `Generated ${file}`, schema },
    item,
    variable: [{ key: 'baseUrl', value: 'https://api.example.com' }],
  };
}

/** Reading and indexing all JSON files, against JSON.parse of the same texts. */
async function benchColdIndex(report, folder) {
  const { openWorkspace } = await import(join(root, 'dist/src/workspace/open-workspace.js'));
  const opened = await openWorkspace({ roots: [folder], forbidden: [] });
  const collections = opened.value.collections();
  const jsonFiles = collections.map(({ file }) => file).filter((file) => /\.(?:json|har)$/.test(file));
  const texts = [...new Set(jsonFiles)].map((file) => readFileSync(join(folder, file), 'utf8').replace(/^\uFEFF/, ''));
  const parse = [];
  const load = [];
  for (let run = 0; run < 7; run += 1) {
    parse.push(await timed(() => void texts.map((text) => JSON.parse(text))));
    load.push(await timed(() => openWorkspace({ roots: [folder], include: [...new Set(jsonFiles)], forbidden: [] })));
  }
  const count = collections.reduce((sum, { requests }) => sum + requests.length, 0);
  const ratio = median(load) / median(parse);
  report.row(`cold index of ${count} requests / JSON.parse`, ratio, 'x', '<= 2.5', ratio <= 2.5);
  const bytes = texts.reduce((sum, text) => sum + text.length, 0);
  report.note(
    `${median(load).toFixed(0)} ms against ${median(parse).toFixed(0)} ms for ${texts.length} files, ${(bytes / 1e6).toFixed(0)} MB`,
  );
}

/** The same workspace behind a server: listing, search, a saved edit, and that the start does not wait for any of it. */
async function benchServer(report, folder) {
  const home = join(temporaryFolder(), 'home');
  const start = performance.now();
  const server = startServer(folder, home);
  await server.initialize();
  await server.request('tools/list', {});
  const listed = performance.now() - start;
  const first = await timed(() => call(server, {}));
  const cold = await timed(() => call(server, { query: 'refund dispute' }));
  const queries = [
    'refund',
    'list invoices',
    'Get card session 3-1',
    'paymnt',
    'customer',
    'v1/orders',
    'post payout',
    'generated 12',
    'balnce plan',
  ];
  await repeat(100, (run) => call(server, { query: queries[run % queries.length] }));
  const list = await repeat(200, () => call(server, {}));
  const search = await repeat(300, (run) => call(server, { query: queries[run % queries.length] }));
  report.row('list_requests over 20,000 requests, p50', median(list), 'ms', '<= 5 ms', median(list) <= 5);
  report.row('list_requests with a query, p50', median(search), 'ms', '<= 5 ms', median(search) <= 5);
  report.note(
    `tools/list after ${listed.toFixed(0)} ms from the start; the first list_requests then took ${first.toFixed(0)} ms, the first search ${cold.toFixed(0)} ms`,
  );
  const edits = [];
  for (let run = 0; run < 11; run += 1) edits.push(await visibleAfter(server, folder, run));
  report.row('a saved edit is visible after', median(edits), 'ms', '<= 150 ms', median(edits) <= 150);
  report.note(`slowest of ${edits.length} edits: ${Math.max(...edits).toFixed(0)} ms`);
  await server.stop();
}

async function call(server, args) {
  const answer = await server.request('tools/call', { name: 'list_requests', arguments: args });
  if (!answer.result?.structuredContent?.requests) throw new Error(JSON.stringify(answer).slice(0, 400));
  return answer.result.structuredContent.requests;
}

async function repeat(times, run) {
  const all = [];
  for (let index = 0; index < times; index += 1) all.push(await timed(() => run(index)));
  return all;
}

/** Milliseconds from the end of a save until a list shows the new name. */
async function visibleAfter(server, folder, run) {
  const path = join(folder, 'generated', `c${run}.postman_collection.json`);
  const changed = JSON.parse(readFileSync(path, 'utf8'));
  const name = `Renamed ${run} by an edit`;
  changed.item[0].name = name;
  writeFileSync(path, JSON.stringify(changed, null, 1));
  const saved = performance.now();
  while (performance.now() - saved < 5_000) {
    const found = await call(server, { collection_id: `Generated ${run}`, limit: 1 });
    if (found[0]?.name === name) return performance.now() - saved;
  }
  throw new Error('an edit was not seen within five seconds');
}

/** Each .bru file of Bruno's own collections read whole, against the official parser. */
async function benchBruno(report) {
  const folder = join(corpora, 'bruno-tests');
  if (!existsSync(folder)) return report.note('.bru: skipped, ../shared/corpora is not here');
  const { bruno } = await import(join(root, 'dist/shared/dialects/bruno/bruno.js'));
  const { lookAt } = await import(join(root, 'dist/shared/dialects/look.js'));
  const { default: lang } = await import('@usebruno/lang');
  const names = readdirSync(folder, { recursive: true }).map(String);
  const isRequest = (name) => name.endsWith('.bru') && !/environments\/|(?:collection|folder)\.bru$/.test(name);
  const files = names.filter(isRequest).map((name) => [name, readFileSync(join(folder, name), 'utf8')]);
  const readable = files.filter(([, text]) => canParse(lang, text));
  const theirs = [];
  const ours = [];
  // The first rounds compile; they are not counted, of either.
  for (let run = -5; run < 9; run += 1) {
    if (run === 0) theirs.length = ours.length = 0;
    theirs.push(await timed(() => readable.forEach(([, text]) => void lang.bruToJsonV2(text))));
    ours.push(
      await timed(() => {
        const reader = bruno.createReader();
        for (const [name, text] of readable) reader.put(lookAt(name, text));
        for (const { requests } of reader.documents().collections) for (const request of requests) request.open();
      }),
    );
  }
  const faster = median(theirs) / median(ours);
  report.row('.bru files read and opened, times faster than @usebruno/lang', faster, 'x', '>= 15', faster >= 15);
  const each = (all) => ((1_000 * median(all)) / readable.length).toFixed(0);
  report.note(`${each(ours)} µs a file against ${each(theirs)} µs, ${readable.length} files`);
}

function canParse(lang, text) {
  try {
    lang.bruToJsonV2(text);
    return true;
  } catch {
    return false;
  }
}

/** The largest Twilio specification listed, against JSON.parse of it. */
async function benchTwilio(report) {
  const path = join(corpora, 'openapi/twilio-oai/spec/json/twilio_api_v2010.json');
  if (!existsSync(path)) return report.note('Twilio: skipped, ../shared/corpora is not here');
  const { openapi } = await import(join(root, 'dist/shared/dialects/openapi/openapi.js'));
  const { lookAt } = await import(join(root, 'dist/shared/dialects/look.js'));
  const text = readFileSync(path, 'utf8');
  const parse = [];
  const list = [];
  let count = 0;
  for (let run = 0; run < 15; run += 1) {
    parse.push(await timed(() => void JSON.parse(text)));
    list.push(
      await timed(() => {
        const reader = openapi.createReader();
        const look = lookAt('twilio.json', text);
        if (!openapi.recognise(look)) throw new Error('not recognised');
        reader.put(look);
        count = reader.documents().collections[0].requests.length;
      }),
    );
  }
  const ratio = median(list) / median(parse);
  report.row(`largest Twilio specification (${count} operations) / JSON.parse`, ratio, 'x', '<= 3', ratio <= 3);
}
