// Redaction against JSON.parse and against the usual way of redacting: parse, walk, write anew. All in this process, in turn, medians.
import { join } from 'node:path';
import { benchKnownValues } from './known-values.js';
import { median, root, timed } from './measure.js';

const RUNS = 9;

/** Prints the rows of the redactor; each is a ratio, so that a slow machine misses none of them. */
export async function benchRedaction(report) {
  const load = (path) => import(join(root, 'dist/shared', path));
  const { redactJson } = await load('redact/json/redact-json.js');
  const { createNameMatcher } = await load('redact/names.js');
  const tools = { redactJson, judge: createNameMatcher() };
  await benchRecords(report, tools);
  await benchDepth(report, tools);
  await benchKnownValues(report, recordsOf(25e6));
  await benchSmallAnswer(report, load);
}

/** 25 MB of records. */
async function benchRecords(report, { redactJson, judge }) {
  const text = recordsOf(25e6);
  const bytes = new TextEncoder().encode(text);
  const { parse, walk, names, fromBytes } = await inTurn({
    parse: () => JSON.parse(text),
    walk: () => JSON.stringify(redactWalk(JSON.parse(text), judge)),
    names: () => redactJson(bytes, { judge, text }),
    fromBytes: () => redactJson(bytes, { judge }),
  });
  report.row('25 MB of records: parse, walk, write / names by scanner', walk / names, 'x', '>= 5', walk / names >= 5);
  report.row('25 MB of records: JSON.parse / names by scanner', parse / names, 'x', '>= 2', parse / names >= 2);
  report.note(
    `JSON.parse ${parse.toFixed(0)} ms, with walk ${walk.toFixed(0)} ms; scanner ${names.toFixed(1)} ms, and ${fromBytes.toFixed(1)} ms where it has to decode the text too`,
  );
}

/** JSON that is nothing but depth, with a secret at its bottom. */
async function benchDepth(report, { redactJson, judge }) {
  const deep = `${'['.repeat(200_000)}{"password":"x"}${']'.repeat(200_000)}`;
  const bytes = new TextEncoder().encode(deep);
  const { parse, names } = await inTurn({ parse: () => JSON.parse(deep), names: () => redactJson(bytes, { judge }) });
  report.row('200,000 levels: names by scanner / JSON.parse', names / parse, 'x', '<= 20', names / parse <= 20);
}

/** The whole redaction of an answer of one kilobyte, its headers included. */
async function benchSmallAnswer(report, load) {
  const { redactExchange } = await load('redact/redact-exchange.js');
  const { createScrubber } = await load('redact/scrubber.js');
  const { markRaw } = await load('stages/stages.js');
  const secrets = ['bench-secret-7f3a91c0d5', 'Zm9vYmFyLWJhei1xdXV4', 'sk_test_51HqLyjWDarjtT1zdp7dc'];
  const scrubber = createScrubber(secrets.map((value, index) => ({ id: `s${index}`, value, leaf: true })));
  const input = {
    request: { method: 'GET', url: 'https://api.example.com/v1/items?page=2', headers: requestHeaders },
    raw: markRaw({
      status: 200,
      statusText: 'OK',
      headers: responseHeaders,
      trailers: [],
      body: new TextEncoder().encode(recordsOf(900)),
      timing: { totalMs: 1, firstByteMs: 1 },
    }),
    redirects: [],
    scrubber,
  };
  const times = [];
  for (let run = 0; run < 6_000; run += 1) times.push(await timed(() => void redactExchange(input)));
  const micros = median(times.slice(2_000)) * 1_000;
  report.row('an answer of 1 kB, its whole redaction', micros, 'µs', '<= 50', micros <= 50);
}

const requestHeaders = [
  ['accept', 'application/json'],
  ['authorization', 'Bearer {{vault:BENCH}}'],
  ['user-agent', 'keyward'],
];
const responseHeaders = [
  ['date', 'Tue, 01 Sep 2026 10:00:00 GMT'],
  ['content-type', 'application/json; charset=utf-8'],
  ['content-length', '1012'],
  ['connection', 'keep-alive'],
  ['cache-control', 'max-age=0, private, must-revalidate'],
  ['etag', 'W/"3f80f-1b6-3e1cb03b"'],
  ['x-request-id', '1b4e28ba-2fa1-11d2-883f-0016d3cca427'],
  ['vary', 'Accept-Encoding'],
];

/** Medians of each, run one after the other so that drift hits all. */
async function inTurn(runs) {
  const times = Object.fromEntries(Object.keys(runs).map((name) => [name, []]));
  for (let round = 0; round < RUNS; round += 1) {
    for (const [name, run] of Object.entries(runs)) times[name].push(await timed(() => void run()));
  }
  return Object.fromEntries(Object.entries(times).map(([name, values]) => [name, median(values)]));
}

/** JSON of records, at least so many characters long. */
export function recordsOf(chars) {
  const rows = [];
  let size = 0;
  for (let id = 0; size < chars; id += 1) {
    const row = JSON.stringify({
      id,
      name: `item ${id}`,
      email: `user${id}@example.com`,
      price: id * 1.25,
      active: id % 2 === 0,
      tags: ['alpha', 'beta'],
      created_at: '2026-01-01T00:00:00Z',
      address: { street: `${id} Main Street`, city: 'Springfield', zip: '12345' },
      description: 'A plain description of the record with several words in it, as people write them.',
    });
    rows.push(row);
    size += row.length + 1;
  }
  return `{"rows":[${rows.join(',')}]}`;
}

function redactWalk(value, judge) {
  if (Array.isArray(value)) return value.map((item) => redactWalk(item, judge));
  if (typeof value !== 'object' || value === null) return value;
  const copy = {};
  for (const [name, child] of Object.entries(value)) {
    const verdict = judge(name);
    copy[name] = verdict === 'secret' || verdict === 'likely' ? '[redacted]' : redactWalk(child, judge);
  }
  return copy;
}
