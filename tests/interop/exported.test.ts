// What keyward export writes, run by the clients it is written for: they send what Keyward itself sends.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { allowing, type Echo, startEcho } from '../cli/harbour.ts';
import { createDesk, type Desk } from '../cli/run-keyward.ts';

/** As much of newman as is used; it has no types of its own. */
interface Newman {
  run(options: object, done: (error: Error | null) => void): unknown;
}

const requireHere = createRequire(import.meta.url);
const VALUE = 'kw_test-exported-51aa08be';
const schema = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json';
const names = ['List', 'One', 'Search', 'Create', 'Form'];

let desk: Desk;
let echo: Echo;
let sent: readonly unknown[];

beforeAll(async () => {
  desk = createDesk();
  echo = await startEcho();
  desk.save('api/fleet.postman_collection.json', {
    info: { name: 'Fleet', schema },
    auth: { type: 'bearer', bearer: [{ key: 'token', value: VALUE }] },
    variable: [
      { key: 'baseUrl', value: echo.origin },
      { key: 'id', value: '7' },
    ],
    item: [
      {
        name: 'Ships',
        item: [get('List', '{{baseUrl}}/ships?limit=10&page=1'), get('One', '{{baseUrl}}/ships/{{id}}')],
      },
      get('Search', '{{baseUrl}}/search?q=a%20b'),
      {
        name: 'Create',
        request: {
          method: 'POST',
          url: '{{baseUrl}}/ships',
          body: { mode: 'raw', raw: '{"id":7}', options: { raw: { language: 'json' } } },
        },
      },
      {
        name: 'Form',
        request: {
          method: 'POST',
          url: '{{baseUrl}}/form',
          body: { mode: 'urlencoded', urlencoded: [{ key: 'a', value: '1' }] },
        },
      },
    ],
  });
  desk.save('api/keyward.yaml', allowing(echo.origin));
  expect(await desk.keyward(['trust', 'api', '--yes'])).toMatchObject({ code: 0 });
  for (const name of names) {
    expect(await desk.keyward(['call', name, '--yes', '--workspace', 'api'])).toMatchObject({ code: 0 });
  }
  sent = taken();
  expect(sent).toHaveLength(names.length);
}, 60_000);

afterAll(async () => {
  await echo.close();
  desk.clear();
});

it('newman runs the exported Postman collection', async () => {
  await exported('postman');
  const collection = join(desk.workspace, 'postman/Fleet.postman_collection.json');
  const globals = { values: [{ key: 'vault:Fleet.token', value: VALUE, enabled: true }] };
  const newman = requireHere('newman') as Newman;
  await new Promise<void>((resolve, reject) => {
    newman.run({ collection, globals, silent: true, reporters: [] }, (error) => (error ? reject(error) : resolve()));
  });
  expect(taken()).toEqual(sent);
}, 60_000);

it('bru runs the exported Bruno folder', async () => {
  await exported('bruno');
  const bru = join(dirname(requireHere.resolve('@usebruno/cli/package.json')), 'bin/bru.js');
  const env = { PATH: process.env.PATH, HOME: desk.home, 'Fleet.token': VALUE };
  const child = spawn(process.execPath, [bru, 'run', '-r'], { cwd: join(desk.workspace, 'bruno'), env, stdio: 'pipe' });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const code = await new Promise((resolve) => child.once('close', resolve));
  expect([code, code === 0 ? '' : said]).toEqual([0, '']);
  expect(taken()).toEqual(sent);
}, 60_000);

async function exported(format: string): Promise<void> {
  const done = await desk.keyward(['export', 'Fleet', '--format', format, '--to', format, '--workspace', 'api']);
  expect(done).toMatchObject({ code: 0 });
}

/** What the server was sent since the last time, whatever the order. */
function taken(): readonly unknown[] {
  return echo.requests.splice(0).sort((a, b) => (`${a.method} ${a.url}` < `${b.method} ${b.url}` ? -1 : 1));
}

function get(name: string, url: string): object {
  return { name, request: { method: 'GET', url } };
}
