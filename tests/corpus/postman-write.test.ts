import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Collection } from '../../shared/collection/model.ts';
import type { Dialect } from '../../shared/dialects/dialect.ts';
import { postman } from '../../shared/dialects/postman/postman.ts';
import { postmanV3 } from '../../shared/dialects/postman-v3/postman-v3.ts';
import { reveal } from '../../shared/secret/reveal.ts';
import { inputsOf } from '../dialects/inputs.ts';
import { readFiles, roundTrip } from '../dialects/round-trip.ts';
import { full, sample } from './sample.ts';
import { compareRecorded } from './wire-compare.ts';
import { UPLOAD } from './wire-derive.ts';
import { type Recorder, startRecorder } from './wire-recorder.ts';
import { type SentById, sendWithNewman } from './wire-senders.ts';

const corpora = resolve(import.meta.dirname, '../../../shared/corpora');
const schemaFile = join(corpora, 'postman-schemas/bundled/collection.v2.1.0.json');
const present = existsSync(schemaFile);
if (!present) console.log('corpus tests skipped: the folder ../shared/corpora is not there');

const read = (file: string): string => readFileSync(file, 'utf8');

/** Collections of the larger sets: every so many is enough, all of them take half a minute. */
const MANY = 20;
const EVERY = 8;
const MANY_REQUESTS = 200;

/** Of a collection with very many requests every third. */
function withFewer(collection: Collection): Collection {
  const { requests } = collection;
  if (full || requests.length <= MANY_REQUESTS) return collection;
  return { ...collection, requests: requests.filter((_, index) => index % 3 === 0) };
}

const sets: readonly (readonly [string, Dialect, (file: string) => boolean])[] = [
  ...['adyen', 'brightspace', 'newman', 'sas', 'schemas', 'stripe'].map(
    (name) => [`postman-${name}`, postman, (file: string) => file.endsWith('.json')] as const,
  ),
  ['postman-v3-pypnm', postmanV3, (file) => file.endsWith('.yaml')],
];

describe.skipIf(!present)('what is written', () => {
  const validate = new Ajv({ strict: false, validateFormats: false }).compile(
    JSON.parse(present ? read(schemaFile) : '{}'),
  );
  /** Problems of a collection's round trip: none. */
  const problemsOf = (collection: Collection): readonly unknown[] => {
    const { written, again, changed } = roundTrip(collection, []);
    const valid = validate(JSON.parse(written.files[0]?.text ?? ''));
    return [
      ...changed,
      ...(valid ? [] : (validate.errors ?? [])),
      ...(again.files[0]?.text === written.files[0]?.text ? [] : ['the second writing differs']),
    ];
  };

  it.each(sets)(
    'of %s validates against the schema and means the same when it is read again',
    (set, dialect, wanted) => {
      const names = readdirSync(join(corpora, set), { recursive: true }).map((name) =>
        String(name).replaceAll('\\', '/'),
      );
      const files = names.filter(wanted).sort();
      const { collections } = readFiles(dialect, new Map(files.map((name) => [name, read(join(corpora, set, name))])));
      const every = collections.length <= MANY ? 1 : EVERY;
      const chosen = sample(collections, every, ({ file }) => read(join(corpora, set, file)));
      expect(chosen.length).toBeGreaterThan(0);
      for (const collection of chosen.map(withFewer))
        expect([collection.file, problemsOf(collection)]).toEqual([collection.file, []]);
    },
  );

  it.each([postman, postmanV3])('of every golden case of $name validates against the schema', (dialect) => {
    const cases = join(import.meta.dirname, '../dialects', dialect.name);
    for (const name of readdirSync(cases)) {
      const { collections } = readFiles(dialect, inputsOf(join(cases, name)));
      for (const collection of collections) expect([name, problemsOf(collection)]).toEqual([name, []]);
    }
  });
});

describe('newman runs what is written', () => {
  const folder = mkdtempSync(join(tmpdir(), 'keyward-write-'));
  const original = JSON.parse(read(join(import.meta.dirname, 'newman-wire-cases.json')));
  const names: readonly string[] = original.item.map(({ name }: { name: string }) => name);
  let recorder: Recorder;
  let expected: SentById;
  let sent: SentById;

  beforeAll(async () => {
    recorder = await startRecorder();
    const values = [
      { key: 'base', value: recorder.origin, enabled: true },
      { key: 'bare', value: recorder.origin.slice('http://'.length), enabled: true },
      { key: 'word', value: 'from environment', enabled: true },
      { key: 'shut', value: 'disabled', enabled: false },
    ];
    const files = new Map([
      ['wire.postman_collection.json', JSON.stringify(original)],
      ['wire.postman_environment.json', JSON.stringify({ name: 'wire', values })],
    ]);
    writeFileSync(join(folder, UPLOAD), 'the file that is uploaded\n');
    const { collections, environments } = readFiles(postman, files);
    const [collection] = collections;
    if (!collection) throw new Error('no collection');
    const { written, secrets } = roundTrip(collection, environments);
    const [copy, environment] = written.files.map(({ text }) => JSON.parse(text));
    // As the vault would: each handle gives what stood in its place.
    const vault = secrets.map(({ name, values: [value] }) => ({ key: `vault:${name}`, value: value && reveal(value) }));
    environment.values.push(...vault);
    expected = await sendWithNewman({ collection: original, environment: { name: 'wire', values } }, folder, recorder);
    sent = await sendWithNewman({ collection: copy, environment }, folder, recorder);
  }, 60_000);
  afterAll(async () => {
    await recorder.close();
    rmSync(folder, { recursive: true });
  });

  it.each(names)('%s', (name) => {
    const [left, right] = [expected.get(name), sent.get(name)];
    if (!left || !right || 'failed' in left || 'failed' in right) throw new Error(JSON.stringify([left, right]));
    expect(compareRecorded(left.recorded, right.recorded)).toEqual([]);
  });
});
