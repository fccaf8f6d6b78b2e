// Wherever a server sends a request, in whatever spelling: the target that must not be reached counts its connections.
import type { Socket } from 'node:net';
import { afterAll, describe, expect, it } from 'vitest';
import { createCourier } from '../../../src/courier/deliver.ts';
import type { Resolve } from '../../../src/network/pin.ts';
import { createSigner } from '../../../src/signer/sign.ts';
import urls from '../../vectors/urls.json' with { type: 'json' };
import { createRig, never } from '../network/loopback.ts';
import { keepsNothing, planTo, secretSource } from './stand.ts';

const rig = createRig();
afterAll(() => rig.closeAll());

const ANSWERED = 'answered';
const limits = { timeoutMs: 20_000, responseBytes: 1024, redirects: 3, caller: 'test' };

/** Spellings that stand for an inner address or a name that resolves to one, at the port of the inner server. */
function inward(port: number): string[] {
  const spelled = urls
    .filter(({ url, expected }) => (expected === 'reject' || expected === 'resolve') && !url.includes('8.8.8.8'))
    .map(({ url }) => (/:\d+\/?$|[#?]/.test(url) ? url : url.replace(/(?<=[^/:])\/?$/, `:${port}/`)));
  const beside = [
    `//127.0.0.1:${port}/`,
    `//localhost:${port}`,
    `///127.0.0.1:${port}/`,
    `/\\127.0.0.1:${port}/`,
    `\\\\127.0.0.1:${port}/`,
    `/\t/127.0.0.1:${port}/`,
    `http:\\\\127.0.0.1:${port}`,
    `http://8.8.8.8\\@127.0.0.1:${port}/`,
    `http://8.8.8.8@127.0.0.1:${port}/`,
    `http://user:word@localhost:${port}/`,
    `http://127.0.0.1:${port}#@8.8.8.8/`,
    `http://127.0.0.1:${port}?@8.8.8.8/`,
    `https://127.0.0.1:${port}/`,
    `http://evil.test:${port}/`,
    `http://evil.test.:${port}/`,
    `HTTP://EVIL.TEST:${port}`,
  ];
  return [...spelled, ...beside];
}

/** Sends `/N` on to the Nth target, in bytes that no HTTP library would write. */
async function signpost(targets: () => readonly string[]) {
  let line = '';
  return rig.raw(
    (socket: Socket) => {
      const index = /^GET \/(\d+) /.exec(line)?.[1];
      const location = index === undefined ? undefined : targets()[Number(index)];
      const head = location === undefined ? '200 OK' : `302 Found\r\nLocation: ${location}`;
      socket.end(Buffer.from(`HTTP/1.1 ${head}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`));
    },
    (first) => {
      line = first;
    },
  );
}

describe('P3: redirects inward', () => {
  it('P3: no spelling of an inner address, and no name that resolves to one, is followed there', async () => {
    const inside = await rig.http((_, response) => response.end('inside'), '127.0.0.1');
    const targets = inward(inside.port);
    const post = await signpost(() => targets);
    const asked: string[] = [];
    const resolve: Resolve = (host) => {
      asked.push(host);
      return Promise.resolve([{ address: '127.0.0.1', family: 4 }]);
    };
    const network = rig.network({ allow: [post.origin] }, resolve);
    const now = () => Date.now();
    const courier = createCourier({
      signer: createSigner({ secrets: secretSource({}), now }),
      network,
      captured: keepsNothing,
      now,
    });
    const outcomes: Record<string, number> = {};
    for (const index of targets.keys()) {
      const delivered = await courier.deliver(planTo({ to: `${post.origin}/${index}` }), limits, never);
      // Answered means: a target relative to the signpost itself.
      const outcome = delivered.ok ? ANSWERED : delivered.failure.code;
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    }
    expect(inside.connections()).toBe(0);
    expect(asked).toContain('evil.test');
    expect(
      Object.keys(outcomes)
        .filter((outcome) => outcome !== ANSWERED)
        .sort(),
    ).toEqual(['NETWORK/ADDRESS_DENIED', 'NETWORK/REDIRECT_DENIED', 'NETWORK/RESPONSE_INVALID']);
    expect(outcomes['NETWORK/ADDRESS_DENIED']).toBeGreaterThan(60);
    expect(outcomes[ANSWERED] ?? 0).toBeLessThan(targets.length / 8);
  });

  it('P3: what the operator opened for the collections is not open to a public server', async () => {
    // Only the signpost is public in the eyes of the network: it is reached through a proxy.
    const inside = await rig.http((_, response) => response.end('inside'), '127.0.0.1');
    const asked: string[] = [];
    const proxy = await rig.raw(
      (socket) => {
        socket.write('HTTP/1.1 200 Established\r\n\r\n');
        socket.once('data', () =>
          socket.end(
            `HTTP/1.1 302 Found\r\nLocation: ${inside.origin}/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`,
          ),
        );
      },
      (line) => asked.push(line),
    );
    const network = rig.network({ allow: [inside.origin], proxy: proxy.origin }, () =>
      Promise.resolve([{ address: '8.8.8.8', family: 4 }]),
    );
    const now = () => Date.now();
    const courier = createCourier({
      signer: createSigner({ secrets: secretSource({}), now }),
      network,
      captured: keepsNothing,
      now,
    });
    const delivered = await courier.deliver(planTo({ to: 'http://public.test/' }), limits, never);
    expect(delivered).toMatchObject({ ok: false, failure: { code: 'NETWORK/REDIRECT_DENIED' } });
    expect(asked).toEqual(['CONNECT 8.8.8.8:80 HTTP/1.1']);
    expect(inside.connections()).toBe(0);
  });
});
