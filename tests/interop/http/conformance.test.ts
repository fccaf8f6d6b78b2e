// The specification's own conformance suite, over the product's HTTP stack, with a real key: first the product itself, then a
// test-only server in its place with everything that the suite looks for by name.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDesk, type Desk } from '../../cli/run-keyward.ts';
import { collection, item } from '../../unit/tools/stand.ts';
import { type Relay, startRelay } from './relay.ts';
import { type Suite, startSuite } from './run-conformance.ts';
import { type Fixtures, serveFixtures } from './serve-fixtures.ts';
import { createKey, type Served, serveOverHttp } from './served.ts';

const revisions = ['2025-11-25', '2026-07-28'] as const;

/** What needs no fixture, and so must pass on the product. */
const ofProduct: Readonly<Record<string, readonly string[]>> = {
  '2025-11-25': [
    'server-initialize',
    'ping',
    'tools-list',
    'resources-list',
    'prompts-list',
    'dns-rebinding-protection',
  ],
  '2026-07-28': [
    'tools-list',
    'resources-list',
    'prompts-list',
    'server-sse-multiple-streams',
    'sep-2164-resource-not-found',
    'dns-rebinding-protection',
    'caching',
    'http-header-validation',
  ],
};

/** Run without counting: added after the revision, or held back by the suite's own server. This one passes them. */
const beside: Readonly<Record<string, readonly string[]>> = {
  '2025-11-25': [],
  '2026-07-28': ['http-header-validation', 'http-custom-header-server-validation'],
};

let suite: Suite;

beforeAll(async () => {
  suite = await startSuite();
});

afterAll(() => suite.stop());

describe('the product', () => {
  let desk: Desk;
  let relay: Relay;
  let served: Served;

  beforeAll(async () => {
    desk = createDesk();
    relay = await startRelay();
    desk.save('shop.postman_collection.json', collection('Shop', [item('Read', 'GET', 'https://h/read')]));
    const key = await createKey(desk, 'conformance');
    const limits = { perKey: { perMinute: 10_000 }, perCaller: { perMinute: 10_000 } };
    desk.save('../home/http.yaml', JSON.stringify({ origins: [relay.origin], limits }));
    served = await serveOverHttp(desk);
    relay.forwardTo(served.origin, { Authorization: `Bearer ${key}` });
  });

  afterAll(async () => {
    await served.stop();
    await relay.close();
    desk.clear();
  });

  it.each(revisions)('passes what %s requires and needs no fixture', async (revision) => {
    const ran = await suite.run(
      `${relay.origin}/mcp`,
      ['--requirements', revision],
      `expected.product.${revision}.yaml`,
    );
    expect(ran.code, ran.said).toBe(0);
    expect(ran.passed).toEqual(expect.arrayContaining([...(ofProduct[revision] ?? [])]));
  });
});

describe('the HTTP stack', () => {
  let relay: Relay;
  let fixtures: Fixtures;

  beforeAll(async () => {
    relay = await startRelay();
    fixtures = await serveFixtures([relay.origin]);
    relay.forwardTo(fixtures.origin, { Authorization: `Bearer ${fixtures.key}` });
  });

  afterAll(async () => {
    await fixtures.close();
    await relay.close();
  });

  it.each(revisions)('carries what %s requires', async (revision) => {
    const ran = await suite.run(
      `${relay.origin}/mcp`,
      ['--requirements', revision],
      `expected.fixtures.${revision}.yaml`,
    );
    expect(ran.code, ran.said).toBe(0);
    expect(ran.passed).toEqual(expect.arrayContaining([...(beside[revision] ?? [])]));
  });

  it('may not be excused for what it passes', async () => {
    const ping = ['--scenario', 'ping', '--spec-version', '2025-11-25'];
    const ran = await suite.run(`${relay.origin}/mcp`, ping, 'expected.stale.yaml');
    expect(ran).toMatchObject({ code: 1, passed: ['ping'] });
  });
});
