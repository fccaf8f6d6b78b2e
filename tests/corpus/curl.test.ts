import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { curl } from '../../shared/dialects/curl/curl.ts';
import { lookAt } from '../../shared/dialects/look.ts';
import { differences } from './curl-differences.ts';
import { createCurl, createKeyward } from './curl-senders.ts';
import { compareRecorded } from './wire-compare.ts';
import { type Recorded, startRecorder } from './wire-recorder.ts';

const folder = resolve(import.meta.dirname, '../../../shared/corpora/curl/test/fixtures/curl_commands');
const files = existsSync(folder) ? readdirSync(folder) : [];
const hasCurl = spawnSync('curl', ['--version']).status === 0;
if (files.length === 0) console.log('corpus tests skipped: the folder ../shared/corpora is not there');
else if (!hasCurl) console.log('the comparison with curl skipped: there is no curl');

/** Requests of a command beyond the first: its further URLs. */
const MORE_URLS: Readonly<Record<string, number>> = {
  'multiple_urls.sh': 3,
  'url_query.sh': 3,
  'url_query_reads_file.sh': 3,
};

describe.skipIf(files.length === 0)('the curl commands', () => {
  it('P9: loads every file, with a request for each URL of each command', () => {
    const counts = files.map((file) => {
      const text = readFileSync(join(folder, file), 'utf8');
      const reader = curl.createReader();
      const look = lookAt(file, text);
      expect([file, curl.recognise(look), reader.put(look).ok]).toEqual([file, true, true]);
      const [collection] = reader.documents().collections;
      expect([file, collection?.problems]).toEqual([file, []]);
      for (const entry of collection?.requests ?? []) {
        expect(entry.open().method).toBe(entry.method);
        const { line = 0, column = 0 } = entry.locate(text);
        expect(text.split('\n')[line - 1]?.slice(column - 1)).toMatch(/^curl /);
      }
      return [file, collection?.requests.length];
    });
    const commands = (file: string) =>
      readFileSync(join(folder, file), 'utf8').match(/^(?:.*\| )?curl |\| curl /gm)?.length ?? 0;
    expect(counts).toEqual(files.map((file) => [file, independent(commands(file), file)]));
    expect(files).toHaveLength(108);
  });
});

/** pipelines.sh has two curl commands on two of its three lines. */
function independent(commands: number, file: string): number {
  const text = readFileSync(join(folder, file), 'utf8');
  return file === 'pipelines.sh' ? (text.match(/\bcurl /g)?.length ?? 0) : commands + (MORE_URLS[file] ?? 0);
}

const ATTACHED = [
  ...[
    'add_params.xml',
    'cookie.txt',
    'cookies.txt',
    'file.txt',
    'image.jpg',
    'input_redirected_file.txt',
    'myfile.jpg',
  ],
  ...['my_file.txt', 'NewDoc.pdf', 'new_file', 'sample.sparql', '47.htz', 'test/fixtures/curl_commands/delete.sh'],
];

it('every explained file is one of the corpus', () => {
  if (files.length > 0) expect(Object.keys(differences).filter((file) => !files.includes(file))).toEqual([]);
});

describe.skipIf(files.length === 0 || !hasCurl)('what goes over the wire is what curl sends', () => {
  const work = mkdtempSync(join(tmpdir(), 'keyward-curl-'));
  const sent = new Map<string, readonly [curl: readonly Recorded[], keyward: readonly Recorded[]]>();

  beforeAll(async () => {
    for (const name of ATTACHED) {
      mkdirSync(dirname(join(work, name)), { recursive: true });
      writeFileSync(join(work, name), `content of ${name}`);
    }
    const waiting = [...files];
    await Promise.all(Array.from({ length: AT_ONCE }, () => sendThem(work, waiting, sent)));
  }, 60_000);
  afterAll(() => rmSync(work, { recursive: true }));

  it.each(files)('%s', (file) => {
    const [left, right] = sent.get(file) ?? expect.fail('it was not sent');
    const seen = Array.from({ length: Math.max(left.length, right.length) }, (_, index) =>
      compare(left[index], right[index]),
    );
    expect(seen.flat()).toEqual(differences[file]?.parts ?? []);
  });
});

/** Commands under way at once, each of them at a server of its own: most of their time goes into waiting for curl. */
const AT_ONCE = 4;

/** Sends what is still waiting, one after another, with both clients. */
async function sendThem(
  work: string,
  waiting: string[],
  sent: Map<string, readonly [curl: readonly Recorded[], keyward: readonly Recorded[]]>,
): Promise<void> {
  const recorder = await startRecorder();
  const sendCurl = createCurl(work, recorder);
  const keyward = createKeyward(work, recorder);
  for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
    const text = readFileSync(join(folder, file), 'utf8').replace(HOSTS, recorder.origin.slice('http://'.length));
    sent.set(file, [await sendCurl(file, text), await keyward.send(file, text)]);
  }
  await keyward.close();
  await recorder.close();
}

const HOSTS = /localhost(?::(?:28139|8888))?|httpbin\.org/g;

function compare(left: Recorded | undefined, right: Recorded | undefined): readonly string[] {
  if (!left || !right) return [left ? 'only curl sends it' : 'only Keyward sends it'];
  return compareRecorded(withoutOwn(left), withoutOwn(right)).map(({ part, header }) => header ?? part);
}

/** Without what a client says of itself and its connection, and the length of a form, which its delimiter is a part of. */
function withoutOwn(recorded: Recorded): Recorded {
  const isForm = recorded.headers.some(([, value]) => value.startsWith('multipart/form-data; boundary='));
  const own = ([name, value]: readonly [string, string]) =>
    (/^user-agent$/i.test(name) && /^curl\//.test(value)) ||
    (/^accept-encoding$/i.test(name) && value.includes('zstd')) ||
    /^(?:connection|expect)$/i.test(name) ||
    (isForm && /^content-length$/i.test(name));
  return { ...recorded, headers: recorded.headers.filter((header) => !own(header)) };
}
