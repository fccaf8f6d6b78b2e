// A network that another has taken the place of: what of it stays open, and how many are remembered.
import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { createOwnNetwork } from '../../../src/network/own-requests.ts';
import { createSuccession, type Replaceable } from '../../../src/network/replaceable.ts';
import { createRig, never, type Rig, roomy, signedTo } from './loopback.ts';
import { startHttpProxy } from './proxies.ts';

const rig: Rig = createRig();
afterEach(() => rig.closeAll());

const ORIGIN = 'http://127.0.0.1';

/** A server that says when a connection to it ended, and holds its answers back while it is told to. */
async function startServer() {
  const held: ServerResponse[] = [];
  const state = { holds: false };
  let ended = 0;
  let tell = (): void => undefined;
  const server = await rig.http((request, response) => {
    if (request.socket.listenerCount('close', counts) === 0) request.socket.on('close', counts);
    if (state.holds) held.push(response);
    else response.end('fine');
    tell();
  });
  function counts(): void {
    ended += 1;
    tell();
  }
  const until = async (isSo: () => boolean): Promise<void> => {
    while (!isSo()) await new Promise<void>((resolve) => (tell = resolve));
  };
  return {
    ...server,
    hold: () => (state.holds = true),
    let: () => {
      state.holds = false;
      for (const response of held.splice(0)) response.end('fine');
    },
    asked: () => until(() => held.length > 0),
    ended: (count: number) => until(() => ended >= count),
    endedNow: () => ended,
  };
}

async function callOver(network: ReturnType<Rig['network']>, port: number, session?: string): Promise<string> {
  const target = await network.pin('http', '127.0.0.1', port, never);
  if (!target.ok) return target.failure.code;
  const sent = await network.send(signedTo(target.value, session === undefined ? {} : { session }), roomy, never);
  return sent.ok ? new TextDecoder().decode(sent.value.body) : sent.failure.code;
}

describe('a network that is replaced', () => {
  it('P8: closes what is idle at once, a tunnel of its proxy as well', async () => {
    const server = await startServer();
    const proxy = await startHttpProxy();
    const policy = { allow: [`${ORIGIN}:${server.port}`] };
    const ways = [rig.network(policy), rig.network({ ...policy, proxy: `${ORIGIN}:${proxy.port}` })];
    for (const [index, network] of ways.entries()) {
      const networks = createSuccession();
      networks.follow(network);
      expect(await callOver(network, server.port)).toBe('fine');
      expect(network.isEmpty()).toBe(false);
      networks.follow(rig.network(policy));
      expect(network.isEmpty()).toBe(true);
      await server.ended(index + 1);
    }
    await proxy.close();
  });

  it('lets the calls under way end, and those that they lead to', async () => {
    const server = await startServer();
    const network = rig.network({ allow: [`${ORIGIN}:${server.port}`] });
    const networks = createSuccession();
    networks.follow(network);
    server.hold();
    const calls = [callOver(network, server.port), callOver(network, server.port, 'round')];
    await server.asked();
    networks.follow(rig.network({}));
    expect(network.isEmpty()).toBe(false);
    server.let();
    expect(await Promise.all(calls)).toEqual(['fine', 'fine']);
    await server.ended(1);
    expect(await callOver(network, server.port, 'round')).toBe('fine');
    expect(server.connections()).toBe(2);
    expect(server.endedNow()).toBe(1);
    network.endSession('round');
    await server.ended(2);
    expect(await callOver(network, server.port)).toBe('fine');
    await server.ended(3);
    expect(network.isEmpty()).toBe(true);
  });

  it('of requests of its own does the same', async () => {
    const server = await startServer();
    const own = createOwnNetwork({ policy: { allow: [], ca: [] }, now: () => performance.now() });
    const request = { origin: server.origin, method: 'GET', path: '/', headers: [], timeoutMs: 5_000, answerBytes: 10 };
    expect(await own.send(request, never)).toMatchObject({ ok: true });
    expect(own.isEmpty()).toBe(false);
    own.retire();
    await server.ended(1);
    expect(await own.send(request, never)).toMatchObject({ ok: true });
    await server.ended(2);
    expect(own.isEmpty()).toBe(true);
  });
});

describe('a succession', () => {
  it('P12: remembers the present one, the one before, and what still has connections; the end closes these', async () => {
    const closed: number[] = [];
    let busy = 3;
    const made = (number: number): Replaceable => ({
      retire: () => undefined,
      isEmpty: () => number !== busy,
      close: async () => void closed.push(number),
    });
    const networks = createSuccession();
    for (let number = 1; number <= 50; number += 1) networks.follow(made(number));
    await networks.close();
    expect(closed).toEqual([3, 49, 50]);
    busy = 0;
    await networks.close();
    expect(closed).toHaveLength(3);
  });
});
