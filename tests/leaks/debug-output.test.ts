// What Node and the native parts print of themselves when the environment asks them to: requests with their queries, variables of
// programs, statements of the database. The built command is run as a person would, with a secret in a query.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDesk, type Desk } from '../cli/run-keyward.ts';
import { leaksIn } from './spellings.ts';

const secret = 'Qx7live+Debug==94_zTw';

let desk: Desk;
let server: Server;
let requests = 0;

beforeAll(async () => {
  desk = createDesk();
  server = createServer((_, response) => {
    requests += 1;
    response.end('{}');
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const schema = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json';
  const item = [{ name: 'q', request: { method: 'GET', url: `${origin}/?key={{vault:KEY}}` } }];
  desk.save('api.postman_collection.json', { info: { name: 'Api', schema }, item });
  desk.save('keyward.yaml', JSON.stringify({ version: 1, network: { allow: [origin] } }));
  const from = ['--from', 'env:TEAM_KEY'];
  expect((await desk.keyward(['secrets', 'set', 'KEY', '--origin', origin, ...from])).code).toBe(0);
  expect((await desk.keyward(['trust', '--yes'])).code).toBe(0);
});

afterAll(() => {
  desk.clear();
  server.close();
});

const call = (env: Readonly<Record<string, string>>) =>
  desk.spawned(['call', 'q', '--json'], '', { TEAM_KEY: secret, ...env });

describe('debug output that the environment asks for', () => {
  it.each(['NODE_DEBUG', 'NODE_DEBUG_NATIVE'])('P1: with %s nothing is done, and nothing is shown', async (name) => {
    const before = requests;
    const { code, out, errors } = await call({ [name]: '*' });
    expect(leaksIn(Buffer.from(out + errors), secret)).toEqual([]);
    expect(errors).toContain(`error CONFIG/INVALID: The environment variable ${name} `);
    expect([code, out, requests]).toEqual([1, '', before]);
  });

  it('P1: the database prints no statement into what the client reads; an empty variable asks for nothing', async () => {
    const { code, out, errors } = await call({ NODE_DEBUG: '', RUST_LOG: 'trace' });
    expect(leaksIn(Buffer.from(out + errors), secret)).toEqual([]);
    expect(JSON.parse(out)).toMatchObject({ status: 200 });
    expect([code, requests]).toEqual([0, 1]);
  });
});
