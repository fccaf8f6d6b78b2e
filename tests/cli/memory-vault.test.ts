// A vault in memory ends with its command: whatever would store into it is refused, before anybody is asked for anything.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDesk, type Desk } from './run-keyward.ts';

const VALUE = 'kw_test/memory+9c2f1e77';
const ORIGIN = 'https://api.example.com';
const WORDS = 'six words that nobody knows';

const auth = { type: 'oauth2', oauth2: [{ key: 'grant_type', value: 'authorization_code', type: 'string' }] };
const collection = {
  info: { name: 'API', schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json' },
  item: [
    {
      name: 'Get',
      request: { method: 'GET', url: ORIGIN, header: [{ key: 'Authorization', value: `Bearer ${VALUE}` }] },
    },
    { name: 'Log in', request: { method: 'GET', url: ORIGIN, auth } },
  ],
};

describe('P5: a vault in memory', () => {
  const env = { KEYWARD_KEY_SOURCE: 'memory' };
  let desk: Desk;

  beforeAll(() => {
    desk = createDesk();
    desk.save('api.postman_collection.json', collection);
    desk.save('.env', `OTHER_TOKEN=${VALUE}`);
  });
  afterAll(() => desk.clear());

  it('can be looked at', async () => {
    expect(await desk.keyward(['secrets', 'list'], '', env)).toMatchObject({ code: 0 });
  });

  const rows: readonly (readonly string[])[] = [
    ['secrets', 'set', 'NEW', '--origin', ORIGIN, '--stdin'],
    ['secrets', 'set', 'NEW', '--origin', ORIGIN, '--stdin', '--key-source', 'memory'],
    ['secrets', 'rotate', 'TOKEN', '--stdin'],
    ['secrets', 'bind', 'TOKEN', '--method', 'GET', '--yes'],
    ['secrets', 'delete', 'TOKEN', '--yes'],
    ['secrets', 'import', '.env', '--yes', '--origin', ORIGIN],
    ['import', '.', '--to', 'out', '--seal'],
    ['login', 'Log in'],
    ['vault', 'restore', 'backup', '--stdin'],
    ['vault', 'rekey', '--to', 'key-file'],
  ];
  it.each(rows.map((args) => ({ args })))('takes nothing by $args', async ({ args }) => {
    const done = await desk.keyward(args, WORDS, env);
    expect(done).toMatchObject({ code: 1, out: '' });
    expect(done.errors).toMatch(/error VAULT\/KEY_UNAVAILABLE: .*would end with this command/);
    expect(existsSync(join(desk.workspace, 'out'))).toBe(false);
    expect(readdirSync(desk.home).filter((name) => name.startsWith('vault'))).toEqual([]);
  });
});
