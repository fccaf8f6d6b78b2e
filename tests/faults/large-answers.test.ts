// Answers that are too large, too slow, cut or damaged, from real servers as raw sockets. Each row: what the server does, what is
// left of its answer and why it is not all; the next call to the same server must work.
import type { Socket } from 'node:net';
import { brotliCompressSync, createGzip, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { limits } from '../../shared/limits.ts';
import type { Incomplete } from '../../shared/stages/stages.ts';
import type { SendLimits } from '../../src/network/send.ts';
import { createRig, never, signedTo } from '../unit/network/loopback.ts';

const rig = createRig();
afterAll(() => rig.closeAll());

const LIMIT = 64 * 1024;
const MIB = 1024 * 1024;
const small: SendLimits = { timeoutMs: 20_000, responseBytes: LIMIT };
const head = (...lines: string[]) => `HTTP/1.1 200 OK\r\n${lines.map((line) => `${line}\r\n`).join('')}\r\n`;
const chunked = head('transfer-encoding: chunked');
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

type Answer = (socket: Socket) => void;

async function reach(answer: Answer) {
  let isFirst = true;
  const server = await rig.raw((socket) => {
    if (!isFirst) return socket.end(`${head('content-length: 4', 'connection: close')}fine`);
    isFirst = false;
    return answer(socket);
  });
  const network = rig.network({ allow: [server.origin] });
  const pinned = await network.pin('http', '127.0.0.1', server.port, never);
  if (!pinned.ok) throw new Error(pinned.failure.code);
  const target = pinned.value;
  return {
    send: (more: Partial<SendLimits> = {}, method = 'GET') =>
      network.send(signedTo(target, { method }), { ...small, ...more }, never),
  };
}

/** Writes for ever, as fast as it is read; resolves once the connection is closed by the other side. */
function endless(start: string, piece: string | Buffer): { answer: Answer; closed: Promise<void> } {
  let closed = (): void => undefined;
  const done = new Promise<void>((resolve) => {
    closed = resolve;
  });
  const answer = (socket: Socket): void => {
    socket.once('close', closed).write(start);
    const more = (): void => {
      while (!socket.destroyed && socket.write(piece));
    };
    socket.on('drain', more);
    more();
  };
  return { answer, closed: done };
}

/** Client and server share the event loop: after some of its turns, the client has read what was written. */
function later(then: () => void, turns = 5): void {
  if (turns === 0) then();
  else setImmediate(() => later(then, turns - 1));
}

const whole = (start: string, body: string | Buffer): Answer => {
  return (socket) => {
    socket.write(start);
    socket.end(body);
  };
};
const coded = (coding: string, body: Buffer) =>
  whole(head(`content-encoding: ${coding}`, `content-length: ${body.length}`), body);

describe('P12: a body without end', () => {
  it.each([
    ['plain', head(), 'x'.repeat(16_384)],
    ['of a false length', head(`content-length: ${2 ** 40}`), 'x'.repeat(16_384)],
    ['in chunks', chunked, '4\r\nxxxx\r\n'.repeat(999)],
    ['that is binary', head('content-type: application/octet-stream'), Buffer.alloc(16_384, 'x')],
  ])('P12: %s is cut at the limit, and the connection closed', async (_, start, piece) => {
    const { answer, closed } = endless(start, piece);
    const { send } = await reach(answer);
    const cut = await send();
    expect(cut).toMatchObject({ ok: true, value: { status: 200, incomplete: 'size' } });
    expect(cut.ok && text(cut.value.body) === 'x'.repeat(LIMIT)).toBe(true);
    await closed;
    expect((await send()).ok).toBe(true);
  });

  it('P12: says how long the body was announced to be, where that is the length of what is shown', async () => {
    const cases: [Answer, number | undefined][] = [
      [endless(head('content-length: 1000000'), 'x'.repeat(16_384)).answer, 1_000_000],
      [endless(head('content-length: 1000000', 'content-encoding: zstd'), 'x'.repeat(16_384)).answer, undefined],
      [endless(head(), 'x'.repeat(16_384)).answer, undefined],
      [whole(head('content-length: 10'), 'x'.repeat(10)), undefined],
    ];
    for (const [answer, announced] of cases) {
      const { send } = await reach(answer);
      const cut = await send();
      expect(cut.ok && cut.value.announcedBytes).toBe(announced);
    }
  });

  it('P12: exactly the limit is whole, one byte more is not; encoded and decoded', async () => {
    const limit = { responseBytes: 1_000 };
    for (const [bytes, incomplete] of [
      [1_000, undefined],
      [1_001, 'size'],
    ] as const) {
      const body = 'x'.repeat(bytes);
      const cases = [
        whole(head(), body),
        whole(head(`content-length: ${bytes}`), body),
        whole(chunked, `${bytes.toString(16)}\r\n${body}\r\n0\r\n\r\n`),
        coded('gzip', gzipSync(body)),
        coded('deflate', deflateRawSync(body)),
        coded('br', brotliCompressSync(body)),
      ];
      for (const answer of cases) {
        const { send } = await reach(answer);
        const got = await send(limit);
        expect(got.ok && [got.value.body.length, got.value.incomplete]).toEqual([1_000, incomplete]);
      }
    }
  });
});

const zeros = Buffer.alloc(42 * MIB);
const noise = random(4_000);
const line = 'a line of a long text\n';
const plain = Buffer.from(line.repeat(200));
const twice = Buffer.concat([gzipSync(plain), gzipSync(plain)]);

/** What no compressor makes smaller; the same in every run. */
function random(length: number): Buffer {
  let state = 1;
  const next = (): number => {
    state = (state * 48_271) % 2_147_483_647;
    return state & 0xff;
  };
  return Buffer.from(Uint8Array.from({ length }, next));
}

type Row = [what: string, answer: Answer, body: Buffer, incomplete: Incomplete | undefined];

const codings: Row[] = [
  ['a gzip bomb', coded('gzip', gzipSync(zeros)), zeros.subarray(0, LIMIT), 'size'],
  ['a brotli bomb', coded('br', brotliCompressSync(zeros)), zeros.subarray(0, LIMIT), 'size'],
  ['a deflate bomb', coded('deflate', deflateSync(zeros)), zeros.subarray(0, LIMIT), 'size'],
  [
    'a bomb in a bomb in a bomb',
    coded('gzip, gzip, gzip', gzipSync(gzipSync(gzipSync(zeros)))),
    zeros.subarray(0, LIMIT),
    'size',
  ],
  [
    // The inner layer is over the limit in itself; what it gives until there counts.
    'a layer that is over the limit in the middle',
    coded('gzip, br', brotliCompressSync(gzipSync(Buffer.concat([plain, random(2 * LIMIT)])))),
    plain,
    'size',
  ],
  ['members one behind the other', coded('gzip', twice), Buffer.concat([plain, plain]), undefined],
  ['zeros behind the end', coded('gzip', Buffer.concat([gzipSync(plain), Buffer.alloc(99)])), plain, undefined],
  ['garbage behind the end', coded('gzip', Buffer.concat([gzipSync(plain), Buffer.from('garbage')])), plain, 'broken'],
  ['a gzip stream without its end', coded('gzip', gzipSync(plain).subarray(0, -9)), plain, 'broken'],
  ['a br stream without its end', coded('br', brotliCompressSync(noise).subarray(0, -1)), noise, 'broken'],
  ['a wrong checksum', coded('gzip', withByte(gzipSync(plain), -5)), plain, 'broken'],
  [
    'damage inside of two layers',
    coded('gzip, br', brotliCompressSync(withByte(gzipSync(plain), -5))),
    plain,
    'broken',
  ],
];

function withByte(bytes: Buffer, at: number): Buffer {
  const index = bytes.length + at;
  return Buffer.from(bytes.map((byte, place) => (place === index ? byte ^ 1 : byte)));
}

describe('P12: content codings', () => {
  it.each(codings)('P12: %s gives its beginning', async (_, answer, body, incomplete) => {
    const { send } = await reach(answer);
    const got = await send();
    if (!got.ok) throw new Error(got.failure.code);
    expect(got.value.incomplete).toBe(incomplete);
    const { length } = got.value.body;
    expect(length).toBeLessThanOrEqual(LIMIT);
    expect(Buffer.from(got.value.body.subarray(0, body.length)).equals(body.subarray(0, length))).toBe(true);
    // Of a stream that ends early a few bytes may be missing that stood before its end.
    expect(length).toBeGreaterThanOrEqual(body.length - 8);
    expect((await send()).ok).toBe(true);
  });

  it('P12: a bomb that never ends is downloaded up to the limit only', async () => {
    const gzip = createGzip({ level: 0 });
    gzip.write(random(LIMIT));
    const packed = await new Promise<Buffer>((resolve) => gzip.once('data', resolve));
    const { answer, closed } = endless(head('content-encoding: gzip'), packed);
    const { send } = await reach(answer);
    expect(await send()).toMatchObject({ value: { incomplete: 'size' } });
    await closed;
  });
});

describe('P12: an answer that does not end in time', () => {
  // All of them wait at once, so that each can wait long enough for a machine that does much else.
  const timeoutMs = 600;
  const events = 'data: 1\n\ndata: 2\n\n';
  const stream = head('content-type: text/event-stream; charset=utf-8');
  const cases: readonly (readonly [what: string, sent: string, body: string])[] = [
    ['a drip', `${head('content-length: 100')}some`, 'some'],
    ['chunks without end', `${chunked}4\r\nsome\r\n`, 'some'],
    ['a chunk that stops in the middle', `${chunked}400\r\nsome`, 'some'],
    ['nothing behind the header', head('content-length: 100'), ''],
    ['events', stream + events, events],
    ['events and the beginning of one', `${stream}${events}data: thi`, events],
    ['no event at all', stream, ''],
    ['the beginning of the first event', `${stream}data: thi`, 'data: thi'],
  ];

  it('P12: gives what came, and the next call works', async () => {
    const seen = cases.map(async ([what, sent]) => {
      const { send } = await reach((socket) => void socket.write(sent));
      const cut = await send({ timeoutMs });
      const came = cut.ok && [text(cut.value.body), cut.value.status, cut.value.incomplete];
      return [what, came, (await send()).ok];
    });
    expect(await Promise.all(seen)).toEqual(cases.map(([what, , body]) => [what, [body, 200, 'time'], true]));
  });

  it('P12: packed events come as far as they were flushed', async () => {
    const gzip = createGzip();
    gzip.write(`${events}data: thi`);
    const packed: Buffer[] = [];
    gzip.on('data', (piece: Buffer) => packed.push(piece));
    await new Promise<void>((flushed) => gzip.flush(() => flushed()));
    const start = head('content-type: text/event-stream', 'content-encoding: gzip');
    const cases: [Buffer, string][] = [
      [Buffer.concat(packed), events],
      [Buffer.concat(packed).subarray(0, 10), ''],
    ];
    const seen = cases.map(async ([sent]) => {
      const { send } = await reach((socket) => {
        socket.write(start);
        socket.write(sent);
      });
      const cut = await send({ timeoutMs });
      return cut.ok && [text(cut.value.body), cut.value.incomplete];
    });
    expect(await Promise.all(seen)).toEqual(cases.map(([, body]) => [body, 'time']));
  });

  it('P12: a signal that means time gives what came; one that means the caller gives nothing', async () => {
    for (const [reason, outcome] of [
      [new DOMException('late', 'TimeoutError'), { ok: true, value: { incomplete: 'time' } }],
      [undefined, { ok: false, failure: { code: 'NETWORK/CANCELLED' } }],
    ] as const) {
      const stop = new AbortController();
      const server = await rig.raw((socket) => {
        socket.write(`${head('content-length: 100')}some`, () => later(() => stop.abort(reason)));
      });
      const network = rig.network({ allow: [server.origin] });
      const pinned = await network.pin('http', '127.0.0.1', server.port, never);
      if (!pinned.ok) throw new Error(pinned.failure.code);
      expect(await network.send(signedTo(pinned.value), small, stop.signal)).toMatchObject(outcome);
    }
  });
});

describe('P12: a connection that ends early', () => {
  const rows: [what: string, answer: Answer, body: string][] = [
    ['before its length', whole(head('content-length: 100'), 'some'), 'some'],
    ['in a chunk', whole(chunked, '5\r\nab'), 'ab'],
    ['between chunks', whole(chunked, '4\r\nsome\r\n'), 'some'],
    ['with a chunk that is none', whole(chunked, '4\r\nsome\r\nzz\r\n'), 'some'],
    ['right behind the header', whole(head('content-length: 100'), ''), ''],
    [
      'by a reset',
      (socket) => socket.write(`${head('content-length: 100')}some`, () => later(() => socket.resetAndDestroy())),
      'some',
    ],
    [
      'by a reset, where there is no length',
      (socket) => socket.write(`${head()}some`, () => later(() => socket.resetAndDestroy())),
      'some',
    ],
  ];

  it.each(rows)('P12: %s gives what came, for methods that change data too', async (_, answer, body) => {
    for (const method of ['GET', 'POST']) {
      const { send } = await reach(answer);
      const cut = await send({}, method);
      expect(cut.ok && [text(cut.value.body), cut.value.status, cut.value.incomplete]).toEqual([body, 200, 'broken']);
      expect((await send()).ok).toBe(true);
    }
  });

  it('an end without a length is the whole body', async () => {
    const { send } = await reach(whole(head(), 'some'));
    const got = await send();
    expect(got.ok && [text(got.value.body), got.value.incomplete]).toEqual(['some', undefined]);
  });
});

describe('P12: headers', () => {
  const fields = (count: number) => Array.from({ length: count }, (_, index) => `x-field-${index}: ${'v'.repeat(60)}`);
  const ok = ['content-length: 4'];

  it.each([
    [limits.responseHeaders, undefined],
    [limits.responseHeaders + 1, 1],
    [10_000, 10_000 - limits.responseHeaders],
  ])('P12: of %i the first are kept, and those left out counted: %s', async (count, leftOut) => {
    const { send } = await reach(whole(head(...ok, ...fields(count - 1)), 'some'));
    const got = await send();
    expect(got.ok && [text(got.value.body), got.value.headersLeftOut]).toEqual(['some', leftOut]);
    expect(got.ok && got.value.headers.length).toBe(Math.min(count, limits.responseHeaders));
    expect(got.ok && got.value.headers[1]).toEqual(['x-field-0', 'v'.repeat(60)]);
  });

  it('P12: what says how to read the answer counts wherever it stands', async () => {
    const late = ['content-type: text/plain', 'content-encoding: gzip', 'location: /next', 'content-type: image/png'];
    const { send } = await reach(whole(head(...fields(2_000), ...late), gzipSync('some')));
    const got = await send();
    expect(got.ok && [text(got.value.body), got.value.headersLeftOut]).toEqual(['some', 1_001]);
    expect(got.ok && got.value.headers.slice(-3)).toEqual([
      ['content-type', 'text/plain'],
      ['content-encoding', 'gzip'],
      ['location', '/next'],
    ]);
  });

  it('P12: one of a megabyte is kept', async () => {
    const { send } = await reach(whole(head(...ok, `x-large: ${'v'.repeat(MIB)}`), 'some'));
    const got = await send();
    expect(got.ok && [text(got.value.body), got.value.headers[1]?.[1].length]).toEqual(['some', MIB]);
  });

  it.each([
    ['fields of two bytes', 'a:\r\n', 'NETWORK/RESPONSE_INVALID', limits.responseHeaderLines * 2],
    ['fields of a kilobyte', `a: ${'v'.repeat(1_024)}\r\n`, 'NETWORK/RESPONSE_TOO_LARGE', 4_000],
  ])('P12: %s beyond what can be held fail the call', async (_, field, code, count) => {
    const { send } = await reach((socket) => socket.write(`HTTP/1.1 200 OK\r\n${field.repeat(count)}`));
    expect(await send()).toMatchObject({ ok: false, failure: { code } });
    expect((await send()).ok).toBe(true);
  });

  const early = 'HTTP/1.1 103 Early Hints\r\nlink: </a>; rel=preload\r\n\r\n';
  const goOn = 'HTTP/1.1 100 Continue\r\n\r\n';
  const final = `${head(...ok)}some`;
  it.each([
    ['early hints', [early.repeat(100) + final]],
    ['that say to continue', [goOn.repeat(100) + final]],
    ['of both kinds', [goOn.repeat(50) + early.repeat(50) + final]],
    ['in pieces', [goOn.slice(0, 5), goOn.slice(5, 20), goOn.slice(20) + goOn + final.slice(0, 3), final.slice(3)]],
  ])('P12: a hundred interim answers are passed over: %s', async (_, pieces) => {
    const server = await rig.raw((socket) => {
      socket.on('data', () => write(socket));
      write(socket);
    });
    const write = (socket: Socket, at = 0): void => {
      socket.write(pieces[at] ?? '');
      if (at + 1 < pieces.length) later(() => write(socket, at + 1));
    };
    const network = rig.network({ allow: [server.origin] });
    const pinned = await network.pin('http', '127.0.0.1', server.port, never);
    if (!pinned.ok) throw new Error(pinned.failure.code);
    // The connection is used again: what is left out of one answer must not be counted for the next.
    for (let call = 0; call < 12; call += 1) {
      const got = await network.send(signedTo(pinned.value, { method: 'POST' }), small, never);
      expect(got.ok && [got.value.status, text(got.value.body), got.value.headers]).toEqual([
        200,
        'some',
        [['content-length', '4']],
      ]);
    }
  });

  it('P12: trailers are kept and counted like headers; without end they leave the body', async () => {
    const trailers = Array.from({ length: 2_500 }, (_, index) => `x-${index}: v\r\n`).join('');
    const many = await (await reach(whole(`${chunked}4\r\nsome\r\n0\r\n${trailers}\r\n`, ''))).send();
    expect(many.ok && [many.value.trailers.length, many.value.headersLeftOut]).toEqual([1_000, 1_500]);
    expect(many.ok && [text(many.value.body), many.value.incomplete]).toEqual(['some', undefined]);
    for (const field of ['a:\r\n'.repeat(4_096), `a: ${'v'.repeat(16_000)}\r\n`]) {
      const { answer, closed } = endless(`${chunked}4\r\nsome\r\n0\r\n`, field);
      const over = await (await reach(answer)).send();
      expect(over.ok && [text(over.value.body), over.value.incomplete]).toEqual(['some', 'broken']);
      await closed;
    }
  });
});

describe('P12: the body of a redirect', () => {
  const moved = (...lines: string[]) => head(...lines).replace('200 OK', '302 Found');

  it('P12: that will be followed is read up to its own limit', async () => {
    const { answer, closed } = endless(moved('location: /next'), 'x'.repeat(1_024));
    const { send } = await reach(answer);
    const cut = await send({ redirectBytes: 2_000 });
    expect(cut.ok && [cut.value.status, cut.value.body.length, cut.value.incomplete]).toEqual([302, 2_000, 'size']);
    await closed;
  });

  it('P12: that leads nowhere, or is no redirect, is read like any other', async () => {
    for (const start of [moved(), head('location: /next')]) {
      const { send } = await reach(whole(start, 'x'.repeat(3_000)));
      const got = await send({ redirectBytes: 2_000 });
      expect(got.ok && got.value.body.length).toBe(3_000);
    }
  });
});
