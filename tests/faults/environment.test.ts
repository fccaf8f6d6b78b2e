// The built command in an environment that would send its requests elsewhere. Every server counts.
import { spawn } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allowing } from '../cli/harbour.ts';
import { command, createDesk, type Desk } from '../cli/run-keyward.ts';
import { createRig, type Loopback } from '../unit/network/loopback.ts';
import { collection, item } from '../unit/tools/stand.ts';

const rig = createRig();
let desk: Desk;
let allowed: Loopback;
let denied: Loopback;
let trap: Loopback;

/** Whatever any library is known to read, in both cases. */
function trapped(): Record<string, string> {
  const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'GLOBAL_AGENT_HTTP_PROXY', 'NPM_CONFIG_PROXY'];
  const proxies: Record<string, string> = {};
  for (const name of names) {
    proxies[name] = trap.origin;
    proxies[name.toLowerCase()] = trap.origin;
  }
  const opening = { NODE_USE_ENV_PROXY: '1', NO_PROXY: '', no_proxy: '', NODE_TLS_REJECT_UNAUTHORIZED: '0' };
  return { ...proxies, ...opening, KEYWARD_ALLOW: '*', KEYWARD_NETWORK_ALLOW: denied.origin };
}

async function callTrapped(request: string): Promise<string> {
  const env = { PATH: process.env.PATH ?? '', KEYWARD_HOME: desk.home, KEYWARD_KEY_SOURCE: 'key-file', ...trapped() };
  const child = spawn(process.execPath, [command, 'call', request], { cwd: desk.workspace, env, stdio: 'pipe' });
  let out = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  child.stdin.end();
  const code = await new Promise((ended) => child.once('close', ended));
  return code === 0 ? out.trim() : (/error ([A-Z]+\/[A-Z_]+)/.exec(errors)?.[1] ?? errors);
}

beforeAll(async () => {
  desk = createDesk();
  const answer = (text: string) => rig.http((_, response) => response.end(text));
  [allowed, denied, trap] = await Promise.all([answer('allowed'), answer('denied'), answer('trap')]);
  const requests = [
    item('Allowed', 'GET', `${allowed.origin}/x`),
    item('Denied', 'GET', `http://localhost:${denied.port}/x`),
  ];
  desk.save('api.postman_collection.json', collection('Api', requests));
  desk.save('keyward.yaml', allowing(allowed.origin));
  await desk.keyward(['trust', '--yes']);
});
afterAll(async () => {
  desk.clear();
  await rig.closeAll();
});

describe('P3: the environment of the process', () => {
  it('P3: neither proxy variables nor any other reroute or open a request', async () => {
    const outcomes = await Promise.all([callTrapped('Allowed'), callTrapped('Denied')]);
    expect(outcomes).toEqual(['allowed', 'NETWORK/ADDRESS_DENIED']);
    expect([allowed.connections(), denied.connections(), trap.connections()]).toEqual([1, 0, 0]);
  });
});
