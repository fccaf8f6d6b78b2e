import dns from 'node:dns';
import { linkSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { createServer as createNetServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest';
import type { HttpSettings } from '../../../../shared/config/http-settings.ts';
import { whyUnsafe } from '../../../../src/server/http/safe-to-listen.ts';
import { createShop } from '../../tools/shop.ts';
import type { Stand } from '../../tools/stand.ts';
import { message, messageIn, serveStand, tryServe } from './http-stand.ts';

let stand: Stand;
let folder: string;

beforeEach(async () => {
  stand = await createShop();
  folder = mkdtempSync(join(tmpdir(), 'keyward-socket-'));
});
afterEach(async () => {
  await stand.close();
  rmSync(folder, { recursive: true });
});

/** TLS is for addresses: with a certificate that is none a server that wanted it would not start. */
const onSocket = (socket: string) => ({ settings: { listen: { socket }, tls: { cert: 'x', key: 'x' } } });

function post(socketPath: string): Promise<string> {
  const { headers, body } = message('initialize', 'tools/list');
  return new Promise((resolve, reject) => {
    const sent = request(
      { socketPath, path: '/mcp', method: 'POST', headers: { ...headers, Host: 'localhost' } },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        answer.on('end', () => resolve(text));
      },
    );
    sent.once('error', reject);
    sent.end(body);
  });
}

describe('a socket of the file system', () => {
  it('is the owner’s alone, and goes with the server', async () => {
    const socket = join(folder, 's');
    const http = await serveStand(stand, onSocket(socket));
    expect(statSync(socket).mode & 0o777).toBe(0o600);
    expect(http.url).toBe(`unix:${socket}`);
    expect(messageIn(await post(socket)).result.tools).toHaveLength(10);
    await http.stop();
    expect(() => statSync(socket)).toThrow('ENOENT');
  });

  it('that was left behind is replaced', async () => {
    const socket = join(folder, 's');
    // A server that dies leaves the file: a link to it survives its end.
    const dead = createNetServer().listen(join(folder, 'dead'));
    await new Promise((resolve) => dead.once('listening', resolve));
    linkSync(join(folder, 'dead'), socket);
    await new Promise((resolve) => dead.close(resolve));
    const http = await serveStand(stand, onSocket(socket));
    expect(messageIn(await post(socket)).result.tools).toHaveLength(10);
    await http.stop();
  });

  it('that was left behind is replaced by one of two', async () => {
    const socket = join(folder, 's');
    const dead = createNetServer().listen(join(folder, 'dead'));
    await new Promise((resolve) => dead.once('listening', resolve));
    linkSync(join(folder, 'dead'), socket);
    await new Promise((resolve) => dead.close(resolve));
    const both = await Promise.all([tryServe(stand, onSocket(socket)), tryServe(stand, onSocket(socket))]);
    expect(both.map(({ ok }) => ok).sort()).toEqual([false, true]);
    expect(messageIn(await post(socket)).result.tools).toHaveLength(10);
    for (const each of both) if (each.ok) await each.value.stop();
  });

  it('that somebody listens at is left alone', async () => {
    const socket = join(folder, 's');
    const other = createServer((_, response) => response.end('other')).listen(socket);
    await new Promise((resolve) => other.once('listening', resolve));
    expect(await tryServe(stand, onSocket(socket))).toMatchObject({ failure: { code: 'NETWORK/CANNOT_LISTEN' } });
    expect(await post(socket)).toBe('other');
    await new Promise((resolve) => other.close(resolve));
  });

  it('a file that is none is left alone', async () => {
    const socket = join(folder, 's');
    writeFileSync(socket, 'precious');
    expect(await tryServe(stand, onSocket(socket))).toMatchObject({ failure: { code: 'NETWORK/CANNOT_LISTEN' } });
    expect(statSync(socket).size).toBe('precious'.length);
  });
});

it('a port that is taken is told', async () => {
  const http = await serveStand(stand);
  const again = await tryServe(stand, { settings: { listen: { host: '127.0.0.1', port: http.port } } });
  expect(again).toMatchObject({
    failure: { code: 'NETWORK/CANNOT_LISTEN', facts: { address: `127.0.0.1:${http.port}`, reason: 'EADDRINUSE' } },
  });
  await http.stop();
});

const asksForAll = (word: unknown) => typeof word === 'object' && word !== null && 'all' in word && word.all === true;

describe('a name of this machine', () => {
  it.each([
    ['127.0.0.1', true],
    ['0.0.0.0', false],
  ])('that resolves to %s: %s', async (address, taken) => {
    // The system's own, which Node asks.
    const lookup = vi.spyOn(dns, 'lookup') as MockInstance<(...asked: unknown[]) => void>;
    lookup.mockImplementation((...asked) => {
      const told = asked.at(-1);
      if (typeof told !== 'function') return;
      // Newer versions of Node ask for all addresses.
      if (asked.some(asksForAll)) told(null, [{ address, family: 4 }]);
      else told(null, address, 4);
    });
    const served = await tryServe(stand, { settings: { listen: { host: 'kw.localhost', port: 0 } } });
    lookup.mockRestore();
    expect(served.ok).toBe(taken);
    if (served.ok) await served.value.stop();
    else expect(served.failure.code).toBe('NETWORK/CANNOT_LISTEN');
  });
});

describe('whether it is safe to listen', () => {
  const local = { host: '127.0.0.1', port: 1 };
  const all = { host: '0.0.0.0', port: 1 };
  const hosts = ['keyward.example'];
  const tls = { cert: '', key: '' };
  const issuer = { issuer: 'https://i.example', audience: [], algorithms: [], scopeClaim: 'scope', scopePrefix: '' };
  const cloudflareAccess = { team: '', audience: '', granted: { key: '', tools: [], unsafe: false } };

  it.each<[string, Partial<HttpSettings>, hasKeys: boolean, 'refused' | 'warned' | undefined]>([
    ['loopback with a key', { listen: local }, true, undefined],
    ['loopback without one', { listen: local }, false, 'warned'],
    ['loopback with an issuer', { listen: local, oauth: [issuer] }, false, undefined],
    ['another loopback address', { listen: { host: '127.9.9.9', port: 1 } }, true, undefined],
    ['IPv6 loopback', { listen: { host: '::1', port: 1 } }, true, undefined],
    ['localhost', { listen: { host: 'localhost', port: 1 } }, true, undefined],
    ['a socket', { listen: { socket: '/s' } }, true, undefined],
    ['all addresses, all there', { listen: all, hosts, tls }, true, undefined],
    ['all addresses behind a proxy', { listen: all, hosts, trustedProxies: ['10.0.0.0/8'] }, true, undefined],
    ['all addresses with Cloudflare Access', { listen: all, hosts, tls, cloudflareAccess }, false, undefined],
    ['all addresses without a key', { listen: all, hosts, tls }, false, 'refused'],
    ['all addresses without hosts', { listen: all, tls }, true, 'refused'],
    ['all addresses without TLS', { listen: all, hosts }, true, 'refused'],
    ['all IPv6 addresses', { listen: { host: '::', port: 1 } }, true, 'refused'],
    ['the address after loopback', { listen: { host: '128.0.0.0', port: 1 } }, true, 'refused'],
    ['a name', { listen: { host: 'keyward.example', port: 1 } }, true, 'refused'],
    ['a name that begins so', { listen: { host: 'localhost.example', port: 1 } }, true, 'refused'],
  ])('%s', (_, settings, hasKeys, kind) => {
    const defaults = { listen: local, hosts: [], trustedProxies: [], oauth: [] };
    expect(whyUnsafe({ ...defaults, ...settings }, hasKeys)?.kind).toBe(kind);
  });
});
