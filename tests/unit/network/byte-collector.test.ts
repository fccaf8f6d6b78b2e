import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { createByteCollector } from '../../../src/network/byte-collector.ts';
import { createRig, never, signedTo } from './loopback.ts';

const PIECES = 300_000;
const ROOMY = 1024 * 1024;

// What other tests of this process left behind must not count.
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

describe('collecting bytes', () => {
  it.each([[[]], [[0]], [[1, 16_383]], [[16_384]], [[16_385, 1]], [[1, 40_000, 0, 3]]])(
    'of pieces %j gives them in order',
    (sizes) => {
      for (const expected of [0, 1, 20_000, ROOMY]) {
        const collector = createByteCollector(ROOMY, expected);
        const pieces = sizes.map((size, index) => Buffer.alloc(size, index + 1));
        for (const piece of pieces) expect(collector.add(piece)).toBe(true);
        expect(collector.length).toBe(sizes.reduce((sum, size) => sum + size, 0));
        expect(collector.bytes().equals(Buffer.concat(pieces))).toBe(true);
      }
    },
  );

  it.each([
    [0, [0], true],
    [0, [1], false],
    [10, [10], true],
    [10, [11], false],
    [10, [4, 6, 0], true],
    [10, [4, 6, 1], false],
    [40_000, [39_999, 1], true],
    [40_000, [39_999, 2], false],
  ])('P12: of at most %i bytes takes %j whole: %s', (most, sizes, whole) => {
    const collector = createByteCollector(most, 1_000_000_000);
    expect(sizes.map((size) => collector.add(Buffer.alloc(size, 7))).every(Boolean)).toBe(whole);
    expect(collector.bytes()).toHaveLength(
      Math.min(
        most,
        sizes.reduce((sum, size) => sum + size, 0),
      ),
    );
  });

  it('P12: keeps no piece: what it was given may change', () => {
    const collector = createByteCollector(ROOMY);
    const piece = Buffer.from('a');
    collector.add(piece);
    piece[0] = 0;
    expect(collector.bytes().toString()).toBe('a');
  });

  it('P12: of one byte each costs their bytes, not their number', () => {
    const collector = createByteCollector(PIECES);
    collectGarbage();
    const before = memory();
    for (let count = 0; count < PIECES; count += 1) collector.add(Buffer.allocUnsafeSlow(1));
    collectGarbage();
    expect(collector.length).toBe(PIECES);
    // A kept Buffer costs some hundred bytes; the bound is a tenth of that.
    expect(memory() - before).toBeLessThan(PIECES * 100);
  });
});

describe('an answer in chunks of one byte', () => {
  it('P12: comes whole', async () => {
    const rig = createRig();
    try {
      const server = await rig.raw((socket) => {
        socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n');
        socket.write('1\r\na\r\n'.repeat(PIECES));
        socket.write('0\r\n\r\n');
      });
      const network = rig.network({ allow: [server.origin] });
      const pinned = await network.pin('http', '127.0.0.1', server.port, never);
      if (!pinned.ok) throw new Error(pinned.failure.code);
      const limits = { timeoutMs: 60_000, responseBytes: PIECES };
      const answer = await network.send(signedTo(pinned.value), limits, never);
      expect(answer.ok && [answer.value.body.length, answer.value.incomplete]).toEqual([PIECES, undefined]);
      const over = await network.send(signedTo(pinned.value), { ...limits, responseBytes: PIECES - 1 }, never);
      expect(over.ok && [over.value.body.length, over.value.incomplete]).toEqual([PIECES - 1, 'size']);
    } finally {
      await rig.closeAll();
    }
  });
});

function memory(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
