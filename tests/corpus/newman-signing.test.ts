import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authCases, authCollection, authDifferences, SIGNED_AT, withoutSignature } from './newman-signing-cases.ts';
import { compareRecorded } from './wire-compare.ts';
import { type Recorder, startRecorder } from './wire-recorder.ts';
import { type SentById, sendWithKeyward, sendWithNewman } from './wire-senders.ts';

describe('what is signed is equal to newman as well', () => {
  const folder = mkdtempSync(join(tmpdir(), 'keyward-signing-'));
  let recorder: Recorder;
  let newman: SentById;
  let keyward: SentById;

  beforeAll(async () => {
    recorder = await startRecorder();
    const collection = authCollection();
    const values = [{ key: 'base', value: recorder.origin, enabled: true }];
    const environment = { name: 'signing', values, _postman_variable_scope: 'environment' };
    writeFileSync(join(folder, 'signing.postman_collection.json'), JSON.stringify(collection));
    writeFileSync(join(folder, 'signing.postman_environment.json'), JSON.stringify(environment));
    newman = await sendWithNewman({ collection, environment }, folder, recorder);
    keyward = await sendWithKeyward(folder, recorder, SIGNED_AT);
  }, 60_000);
  afterAll(async () => {
    await recorder.close();
    rmSync(folder, { recursive: true });
  });

  it.each(authCases.map(({ name }) => name))('%s', (name) => {
    const [left, right] = [newman.get(name), keyward.get(name)];
    if (!left || !right || 'failed' in left || 'failed' in right) throw new Error(JSON.stringify([left, right]));
    const differences = compareRecorded(left.recorded, right.recorded);
    const seen = differences.map(({ part, header, newman, keyward }) => [
      header ?? part,
      ...[newman, keyward].map(withoutSignature),
    ]);
    expect(seen).toEqual(authDifferences[name]?.differences ?? []);
  });

  it('every explained case is a case', () => {
    const names = authCases.map(({ name }) => name);
    expect(Object.keys(authDifferences).filter((name) => !names.includes(name))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
  });
});
