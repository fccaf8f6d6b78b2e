// The search for known values: against JSON.parse, on hostile text, and over a stream of a gigabyte. Ratios of processor time within one
// process, because the machine may have others on it.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { root } from './measure.js';

const load = (path) => import(join(root, 'dist/shared/redact', path));

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const nextNumber = numbers(7);

/** Fifty secrets of 26 characters, of one kind. */
export const fiftySecrets = Array.from({ length: 50 }, (_, index) => {
  const letters = Array.from({ length: 18 }, () => LETTERS[nextNumber() % LETTERS.length]);
  return { id: `s${index}`, value: `sk_live_${letters.join('')}`, leaf: true };
});

/** Numbers that look random and are the same in every run. */
function numbers(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return state >>> 20;
  };
}

/** Prints the rows of the scrubber; `records` is a large JSON text. */
export async function benchKnownValues(report, records) {
  const { createScrubber } = await load('scrubber.js');
  const { createNameMatcher } = await load('names.js');
  const { redactJson } = await load('json/redact-json.js');
  const scrubber = createScrubber(fiftySecrets);
  const judge = createNameMatcher();
  const bytes = new TextEncoder().encode(records);
  const [parse, find, both] = leastOf(5, [
    () => JSON.parse(records),
    () => scrubber.find(bytes),
    () => redactJson(bytes, { judge, text: records, find: (each) => scrubber.find(each) }),
  ]);
  report.row(
    '25 MB of records: 50 secrets in all forms / JSON.parse',
    find / parse,
    'x',
    '<= 0.5',
    find / parse <= 0.5,
  );
  report.row('25 MB of records: names and 50 secrets / JSON.parse', both / parse, 'x', '<= 1', both / parse <= 1);

  const small = records.slice(0, 1_000);
  const times = (count, run) => () => {
    for (let index = 0; index < count; index += 1) run();
  };
  const [scrub, make] = leastOf(20, [
    times(500, () => scrubber.scrub(small)),
    times(100, () => createScrubber(fiftySecrets.slice(0, 1)).scrub('x')),
  ]);
  report.row('1 kB: 50 secrets in all forms', (scrub / 500) * 1_000, 'µs', '<= 10', scrub / 500 <= 0.01);
  report.row('a scrubber for one secret, made and used', (make / 100) * 1_000, 'µs', '<= 50', make / 100 <= 0.05);
  benchHostile(report, scrubber);
  const grown = Number(execFileSync(process.execPath, [import.meta.filename, 'stream']).toString());
  report.row('a stream of 1 GB: memory added', grown, 'MB', '<= 64', grown <= 64);
}

const BYTES = 1_000_000;

function benchHostile(report, scrubber) {
  const ratioOf = (text) => {
    const bytes = new TextEncoder().encode(text);
    const json = JSON.stringify(text);
    const [find, parse, scan] = leastOf(5, [() => scrubber.find(bytes), () => JSON.parse(json), () => sumOf(bytes)]);
    return find / Math.max(parse, scan);
  };
  const { packed, ...texts } = hostileTexts();
  const ratios = Object.entries(texts).map(([name, text]) => ({ name, ratio: ratioOf(text) }));
  const worst = ratios.reduce((most, each) => (each.ratio > most.ratio ? each : most));
  report.row(`1 MB, hostile, the worst (${worst.name}) / byte scan`, worst.ratio, 'x', '<= 20', worst.ratio <= 20);
  // The search looks at it twice: at the digits, and at the noise that they unpack to.
  const twice = ratioOf(packed);
  report.row('1 MB of base64 of gzip of noise / byte scan', twice, 'x', '<= 60', twice <= 60);
}

function hostileTexts() {
  const fill = (piece) => piece.repeat(Math.ceil(BYTES / piece.length)).slice(0, BYTES);
  const base64 = (bytes) => Buffer.from(bytes).toString('base64');
  const [{ value }] = fiftySecrets;
  let nested = fill('text ').slice(0, BYTES / 4);
  while (nested.length < BYTES * 0.75) nested = base64(nested);
  const noise = Uint8Array.from({ length: BYTES * 0.75 }, numbers(1));
  const pieces = { backslashes: '\\', percents: '%', escapes: '%41', references: '&#x41;', names: '&aaaaaaaa' };
  const marks = { tags: '<a', equals: '=41', units: '\\u0041', lines: '\ndata:', masks: '***', bullets: '•' };
  const runs = { base64: 'ABCDabcd0123+/xyz', zeros: 'QUFB', hex: '41', gzip: 'H4sIAAAAAAAA', tokens: 'eyJhIjoi.' };
  const near = {
    tails: `${value.slice(8)} `,
    heads: value.slice(0, 25),
    secrets: `${value} `,
    encoded: `${base64(value)} `,
  };
  const texts = { ...pieces, ...marks, ...runs, ...near };
  return {
    ...Object.fromEntries(Object.entries(texts).map(([name, piece]) => [name, fill(piece)])),
    nested: nested.slice(0, BYTES),
    packed: base64(gzipSync(noise)).slice(0, BYTES),
  };
}

function sumOf(bytes) {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 1) sum = (sum * 31 + bytes[at]) | 0;
  return sum;
}

/** The least milliseconds of processor time of each, run one after the other. */
function leastOf(rounds, runs) {
  const least = runs.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, run] of runs.entries()) {
      const start = process.cpuUsage();
      const from = performance.now();
      run();
      const wall = performance.now() - from;
      const { user, system } = process.cpuUsage(start);
      least[index] = Math.min(least[index], (user + system) / 1_000, wall);
    }
  }
  return least;
}

/** In a process of its own: megabytes that searching a gigabyte adds to what was held before. */
async function streamGigabyte() {
  const { createKnowledge } = await load('known/knowledge.js');
  const { createKnownSearch } = await load('known/known-search.js');
  const search = createKnownSearch(createKnowledge(fiftySecrets), 2);
  const piece = new TextEncoder().encode(
    `{"id":1,"name":"item","note":"line\\n${'QUJDREVG'.repeat(40)} é"},`.repeat(150),
  );
  const before = process.memoryUsage().rss;
  search.start({ left: Number.MAX_SAFE_INTEGER });
  let most = before;
  for (let bytes = 0; bytes < 1e9; bytes += piece.length) {
    search.push(piece);
    search.take();
    most = Math.max(most, process.memoryUsage.rss());
  }
  search.end();
  process.stdout.write(`${(most - before) / 1_048_576}\n`);
}

if (process.argv[2] === 'stream') await streamGigabyte();
