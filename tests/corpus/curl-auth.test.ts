// The same commands by curl and by Keyward, to servers that check what they are sent.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseChallenges } from '../../src/signer/schemes/challenge.ts';
import { type AuthServer, digestServer, ntlmServer, type Seen } from '../unit/courier/rounds-servers.ts';
import { createCurl, createKeyward, type Keyward, type SendText } from './curl-senders.ts';
import type { Recorder } from './wire-recorder.ts';

const features = curlFeatures();

function curlFeatures(): readonly string[] {
  try {
    const shown = execFileSync('curl', ['--disable', '--version'], { encoding: 'utf8' });
    return ['curl', ...(/^Features: (.*)$/m.exec(shown)?.[1] ?? '').split(' ')];
  } catch {
    return [];
  }
}

const digest = (more: Parameters<typeof digestServer>[0]) => () => digestServer(more);
const user = `-u 'Mufasa:Circle of Life'`;
const body = `-H 'Content-Type: text/plain' --data-raw 'a body, ü'`;

type Case = [what: string, options: string, server: () => AuthServer];

// Debian's curl hashes what it calls SHA-512-256 with SHA-256, and to a server that tells its time it gives no integrity code.
const digests: Case[] = [
  ['MD5', `--digest ${user}`, digest({ algorithm: 'MD5' })],
  ['no algorithm', `--digest ${user}`, digest({})],
  ['no protection', `--digest ${user}`, digest({ algorithm: 'MD5', qop: '' })],
  ['MD5-sess', `--digest ${user}`, digest({ algorithm: 'MD5-sess' })],
  ['SHA-256 with a hash for the name', `--digest ${user}`, digest({ algorithm: 'SHA-256', more: ', userhash=true' })],
  ['a body', `--digest ${user} ${body}`, digest({ algorithm: 'MD5' })],
  ['a nonce that was too old', `--digest ${user}`, digest({ algorithm: 'MD5', stale: 1 })],
  ['a wrong password', `--digest -u Mufasa:x`, digest({ algorithm: 'MD5' })],
  [
    'a name beyond ASCII',
    `--digest -u 'Jäsøn:ü'`,
    digest({ algorithm: 'MD5', user: { username: 'Jäsøn', password: 'ü' } }),
  ],
  ['HEAD', `--digest -I ${user}`, digest({ algorithm: 'MD5' })],
];
const ntlms: Case[] = [
  ['a user and a domain', `--ntlm -u 'Domain\\User:Password'`, () => ntlmServer()],
  ['no domain', `--ntlm -u User:Password`, () => ntlmServer()],
  ['a body', `--ntlm -u User:Password ${body}`, () => ntlmServer()],
  ['a wrong password', `--ntlm -u User:x`, () => ntlmServer()],
];

let server: AuthServer = digestServer();
const listening = createServer((request, response) => server.listener(request, response));
const folder = mkdtempSync(join(tmpdir(), 'keyward-curl-auth-'));
let origin = '';
let byCurl: SendText;
let keyward: Keyward;

beforeAll(async () => {
  await new Promise<void>((done) => listening.listen(0, '127.0.0.1', done));
  origin = `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;
  const recorder: Recorder = { origin, take: () => [], close: () => Promise.resolve() };
  byCurl = createCurl(folder, recorder);
  keyward = createKeyward(folder, recorder);
});
afterAll(async () => {
  await keyward.close();
  listening.closeAllConnections();
  listening.close();
  rmSync(folder, { recursive: true });
});

async function both(options: string, start: () => AuthServer): Promise<readonly [curl: Seen[], keyward: Seen[]]> {
  const text = `curl '${origin}/a?b=c' ${options}\n`;
  server = start();
  const { seen: first } = server;
  await byCurl('auth.sh', text);
  server = start();
  await keyward.send('auth.sh', text);
  return [first, server.seen];
}

const end = (seen: readonly Seen[]) => {
  const last = seen.at(-1);
  return last && { method: last.method, path: last.path, body: last.body, brought: last.brought };
};
const brought = (seen: readonly Seen[]) => seen.map((one) => one.brought);

describe.skipIf(!features.includes('curl'))('curl --digest (skipped where curl is missing)', () => {
  it.each(digests)('%s', async (_, options, start) => {
    const [curl, own] = await both(options, start);
    expect(curl.length).toBeGreaterThan(1);
    expect(brought(own)).toEqual(brought(curl));
    expect(end(own)).toEqual(end(curl));
    const [left, right] = [curl, own].map((seen) => {
      const params =
        parseChallenges([seen.at(-1)?.headers.authorization ?? ''])[0]?.params ?? new Map<string, string>();
      return Object.fromEntries(
        [...params].map(([name, value]) => [name, /^(?:cnonce|response)$/.test(name) ? '' : value]),
      );
    });
    expect(right).toEqual(left);
  });
});

describe.skipIf(!features.includes('NTLM'))('curl --ntlm (skipped where curl is missing or has no NTLM)', () => {
  it.each(ntlms)('%s', async (_, options, start) => {
    const [curl, own] = await both(options, start);
    expect(curl.length).toBeGreaterThan(1);
    // curl, which was told to, begins with the first message; Keyward asks first, as Postman does.
    expect(brought(own)).toEqual(['nothing', ...brought(curl)]);
    expect(end(own)).toEqual(end(curl));
  });
});
