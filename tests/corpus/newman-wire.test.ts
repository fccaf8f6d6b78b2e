import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareRecorded, type Difference } from './wire-compare.ts';
import { UPLOAD } from './wire-derive.ts';
import { wireDifferences } from './wire-differences.ts';
import { type DerivedCollection, type Draw, drawRequests, hasCorpora } from './wire-draw.ts';
import { type Recorder, startRecorder } from './wire-recorder.ts';
import { type Sent, sendWithKeyward, sendWithNewman } from './wire-senders.ts';

const corpora = resolve(import.meta.dirname, '../../../shared/corpora');
const present = hasCorpora(corpora);
if (!present) console.warn('../shared/corpora is missing: the comparison with newman is skipped');

// WIRE=all draws more, which takes twice the time, and also looks for explanations that nothing needs any more.
const all = process.env.WIRE === 'all';
const DRAWN = all ? 1_000 : 530;
const AT_LEAST = 500;
/** Collections under way at once, each of them at a server of its own: newman waits much of its time. */
const AT_ONCE = 4;

interface Pair {
  readonly id: string;
  readonly newman: Sent | undefined;
  readonly keyward: Sent | undefined;
}

describe.skipIf(!present)('on the wire equal to newman', () => {
  let recorders: readonly Recorder[];
  let draw: Draw;
  const pairs: Pair[] = [];

  beforeAll(async () => {
    recorders = await Promise.all(Array.from({ length: AT_ONCE }, startRecorder));
    const servers = recorders.map(({ origin }) => origin);
    draw = drawRequests(corpora, DRAWN, servers);
    const sendTo = async (recorder: Recorder) => {
      for (const derived of draw.derived) {
        if (derived.server === recorder.origin) pairs.push(...(await sendBoth(derived, recorder)));
      }
    };
    await Promise.all(recorders.map(sendTo));
  }, 120_000);
  afterAll(() => Promise.all(recorders?.map((recorder) => recorder.close()) ?? []));

  it(`sends at least ${AT_LEAST} requests, and says what it left out`, () => {
    const excluded = [...draw.excluded].map(([reason, count]) => `${count} × ${reason}`);
    console.info(`${pairs.length} of ${draw.available} requests sent; left out: ${excluded.join(', ')}`);
    expect(pairs.length).toBeGreaterThanOrEqual(AT_LEAST);
    expect(pairs.length + [...draw.excluded.values()].reduce((sum, count) => sum + count, 0)).toBe(DRAWN);
  });

  it('both clients send every one of them', () => {
    const failed = pairs.filter(({ newman, keyward }) => !isRecorded(newman) || !isRecorded(keyward));
    expect(failed).toEqual([]);
  });

  it('every difference is explained, and in a large draw every explanation is needed', () => {
    const differences = pairs.flatMap(({ id, newman, keyward }) =>
      isRecorded(newman) && isRecorded(keyward)
        ? compareRecorded(newman.recorded, keyward.recorded).map((difference) => ({ id, ...difference }))
        : [],
    );
    const explains = (difference: Difference) => wireDifferences.filter((row) => row.covers(difference));
    expect(differences.filter((difference) => explains(difference).length === 0)).toEqual([]);
    if (!all) return;
    const stale = wireDifferences.filter((row) => !differences.some((difference) => row.covers(difference)));
    expect(stale.map(({ what }) => what)).toEqual([]);
  });
});

async function sendBoth(derived: DerivedCollection, recorder: Recorder): Promise<readonly Pair[]> {
  const folder = mkdtempSync(join(tmpdir(), 'keyward-wire-'));
  try {
    writeFileSync(join(folder, 'wire.postman_collection.json'), JSON.stringify(derived.collection));
    writeFileSync(join(folder, 'wire.postman_environment.json'), JSON.stringify(derived.environment));
    writeFileSync(join(folder, UPLOAD), 'the file that is uploaded\n');
    const newman = await sendWithNewman(derived, folder, recorder);
    const keyward = await sendWithKeyward(folder, recorder);
    return derived.ids.map((id) => ({
      id: `${derived.source} ${id}`,
      newman: newman.get(id),
      keyward: keyward.get(id),
    }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function isRecorded(sent: Sent | undefined): sent is Extract<Sent, { recorded: unknown }> {
  return sent !== undefined && 'recorded' in sent;
}
