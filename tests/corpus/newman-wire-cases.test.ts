import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareRecorded } from './wire-compare.ts';
import { UPLOAD } from './wire-derive.ts';
import { caseDifferences } from './wire-differences.ts';
import { type Recorder, startRecorder } from './wire-recorder.ts';
import { type SentById, sendWithKeyward, sendWithNewman } from './wire-senders.ts';

const collection = JSON.parse(readFileSync(join(import.meta.dirname, 'newman-wire-cases.json'), 'utf8'));
const names: readonly string[] = collection.item.map(({ name }: { name: string }) => name);

describe('what the corpora do not hold is equal to newman as well', () => {
  const folder = mkdtempSync(join(tmpdir(), 'keyward-wire-'));
  let recorder: Recorder;
  let newman: SentById;
  let keyward: SentById;

  beforeAll(async () => {
    recorder = await startRecorder();
    const { origin } = recorder;
    const values = [
      { key: 'base', value: origin, enabled: true },
      { key: 'bare', value: origin.slice('http://'.length), enabled: true },
      { key: 'word', value: 'from environment', enabled: true },
      { key: 'only', value: 'disabled', disabled: true },
      { key: 'shut', value: 'disabled', enabled: false },
    ];
    const environment = { name: 'wire', values, _postman_variable_scope: 'environment' };
    writeFileSync(join(folder, 'wire.postman_collection.json'), JSON.stringify(collection));
    writeFileSync(join(folder, 'wire.postman_environment.json'), JSON.stringify(environment));
    writeFileSync(join(folder, UPLOAD), 'the file that is uploaded\n');
    newman = await sendWithNewman({ collection, environment }, folder, recorder);
    keyward = await sendWithKeyward(folder, recorder);
  }, 60_000);
  afterAll(async () => {
    await recorder.close();
    rmSync(folder, { recursive: true });
  });

  it.each(names)('%s', (name) => {
    const [left, right] = [newman.get(name), keyward.get(name)];
    if (!left || !right || 'failed' in left || 'failed' in right) throw new Error(JSON.stringify([left, right]));
    const differences = compareRecorded(left.recorded, right.recorded);
    const seen = differences.map(({ part, header, newman, keyward }) => [header ?? part, newman, keyward]);
    expect(seen).toEqual(caseDifferences[name]?.differences ?? []);
  });
});

it('every explained case is a case', () => {
  expect(Object.keys(caseDifferences).filter((name) => !names.includes(name))).toEqual([]);
});

describe('the comparison', () => {
  const sent = { method: 'GET', target: '/a', headers: [['X-A', '1']], body: Buffer.from('b') } as const;
  it.each([
    ['method', { ...sent, method: 'POST' }],
    ['target', { ...sent, target: '/b' }],
    ['body', { ...sent, body: Buffer.from('c') }],
    ['x-a', { ...sent, headers: [['X-A', '2']] as const }],
    [
      'x-b',
      {
        ...sent,
        headers: [
          ['X-A', '1'],
          ['X-B', ''],
        ] as const,
      },
    ],
    [
      'user-agent',
      {
        ...sent,
        headers: [
          ['X-A', '1'],
          ['User-Agent', 'other'],
        ] as const,
      },
    ],
  ])('sees a planted difference of %s', (where, changed) => {
    expect(compareRecorded(sent, changed).map(({ part, header }) => header ?? part)).toEqual([where]);
  });
});
