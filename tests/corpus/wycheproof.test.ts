import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openBytes, sealBytes } from '../../src/vault/aead.ts';

const file = resolve(import.meta.dirname, '../../../shared/vectors/wycheproof/testvectors_v1/aes_gcm_test.json');
const present = existsSync(file);

interface Vectors {
  readonly numberOfTests: number;
  readonly testGroups: readonly {
    readonly keySize: number;
    readonly ivSize: number;
    readonly tagSize: number;
    readonly tests: readonly Vector[];
  }[];
}

interface Vector {
  readonly tcId: number;
  readonly comment: string;
  readonly key: string;
  readonly iv: string;
  readonly aad: string;
  readonly msg: string;
  readonly ct: string;
  readonly tag: string;
  readonly result: 'valid' | 'invalid';
}

const hex = (text: string) => Buffer.from(text, 'hex');

/** The one shape that the vault accepts; every other group must be refused, valid as it may be elsewhere. */
const isOurs = (group: Vectors['testGroups'][number]) =>
  group.keySize === 256 && group.ivSize === 96 && group.tagSize === 128;

function check(vector: Vector, ours: boolean): void {
  const sealed = { nonce: hex(vector.iv), ciphertext: hex(vector.ct), tag: hex(vector.tag) };
  const opened = openBytes(hex(vector.key), sealed, hex(vector.aad));
  const accepted = ours && vector.result === 'valid';
  expect(opened?.toString('hex'), `test ${vector.tcId}: ${vector.comment}`).toBe(accepted ? vector.msg : undefined);
  if (!accepted) return;
  const again = sealBytes(hex(vector.key), sealed.nonce, hex(vector.msg), hex(vector.aad));
  expect(Buffer.from(again.ciphertext).toString('hex')).toBe(vector.ct);
  expect(Buffer.from(again.tag).toString('hex')).toBe(vector.tag);
  for (let length = 0; length < sealed.tag.length; length += 1) {
    expect(
      openBytes(hex(vector.key), { ...sealed, tag: sealed.tag.subarray(0, length) }, hex(vector.aad)),
    ).toBeUndefined();
  }
}

describe.skipIf(!present)(
  `Wycheproof AES-GCM${present ? '' : ' (skipped: ../shared/vectors/wycheproof is not there)'}`,
  () => {
    it('P4: all 316 cases, of which 39 are of the accepted shape and valid', () => {
      const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vectors;
      let accepted = 0;
      let all = 0;
      for (const group of vectors.testGroups) {
        for (const vector of group.tests) {
          check(vector, isOurs(group));
          all += 1;
          if (isOurs(group) && vector.result === 'valid') accepted += 1;
        }
      }
      expect([all, accepted]).toEqual([vectors.numberOfTests, 39]);
    });
  },
);
