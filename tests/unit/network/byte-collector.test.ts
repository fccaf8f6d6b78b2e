import { describe, expect, it } from 'vitest';
import { createByteCollector } from '../../../src/network/byte-collector.ts';
import { createRig, never, signedTo } from './loopback.ts';

const PIECES = 300_000;

describe('collecting bytes', () => {
  it.each([[[]], [[0]], [[1, 16_383]], [[16_384]], [[16_385, 1]], [[1, 40_000, 0, 3]]])(
    'of pieces %j gives them in order',
    (sizes) => {
      const collector = createByteCollector();
      const pieces = sizes.map((size, index) => Buffer.alloc(size, index + 1));
      for (const piece of pieces) collector.add(piece);
      expect(collector.length).toBe(sizes.reduce((sum, size) => sum + size, 0));
      expect(collector.bytes().equals(Buffer.concat(pieces))).toBe(true);
    },
  );

  it('P12: keeps no piece: what it was given may change', () => {
    const collector = createByteCollector();
    const piece = Buffer.from('a');
    collector.add(piece);
    piece[0] = 0;
    expect(collector.bytes().toString()).toBe('a');
  });

  it('P12: of one byte each costs their bytes, not their number', () => {
    const collector = createByteCollector();
    const before = memory();
    for (let count = 0; count < PIECES; count += 1) collector.add(Buffer.allocUnsafeSlow(1));
    globalThis.gc?.();
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
      expect(answer.ok && answer.value.body.length).toBe(PIECES);
      const over = await network.send(signedTo(pinned.value), { ...limits, responseBytes: PIECES - 1 }, never);
      expect(over).toMatchObject({ failure: { code: 'NETWORK/RESPONSE_TOO_LARGE' } });
    } finally {
      await rig.closeAll();
    }
  });
});

function memory(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
