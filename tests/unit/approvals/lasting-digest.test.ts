// What an answer holds for must be the same after a restart, also where a secret stands in a file.
import { expect, it } from 'vitest';
import { seal } from '../../../shared/secret/seal.ts';
import { openOperatorApprovals } from '../../../src/approvals/open-operator-approvals.ts';
import { createSealedHalf } from '../../../src/sealed-half.ts';
import { must, temporaryHome, temporaryState } from '../state/temporary-home.ts';

const digestOf = async (home: string, value: string) => {
  const half = createSealedHalf(
    Date.now,
    () => undefined,
    () => undefined,
    home,
  );
  return (await half.aboutSealed()).sealedDigest(seal(value));
};

it('P8: the digest of a sealed value outlives the process where a server asked for approvals, and differs by data folder', async () => {
  const [home, other] = [temporaryHome(), temporaryHome()];
  expect(await digestOf(home, 'swordfish')).not.toBe(await digestOf(home, 'swordfish'));
  for (const each of [home, other])
    must(openOperatorApprovals({ state: temporaryState(each), now: Date.now, waitMs: 0, onAsked: () => undefined }));
  const first = await digestOf(home, 'swordfish');
  expect(await digestOf(home, 'swordfish')).toBe(first);
  expect(await digestOf(home, 'swordfisH')).not.toBe(first);
  expect(await digestOf(other, 'swordfish')).not.toBe(first);
});
