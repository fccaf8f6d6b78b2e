// The product's listener, gate and SDK handler, with the fixture server where the product's own would be: what the conformance suite
// finds about the transport holds for the product.
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { statedHttp } from '../../../shared/config/stated-http.ts';
import { failure } from '../../../shared/failure/failure.ts';
import { err } from '../../../shared/failure/result.ts';
import { gateLimits } from '../../../shared/http-limits.ts';
import { createAccess } from '../../../src/access/create-access.ts';
import { createKeyStore } from '../../../src/access/key-store.ts';
import { createHandler } from '../../../src/server/http/sdk.ts';
import { serveSdk } from '../../../src/server/http/serve-http.ts';
import { createState } from '../../../src/state/open-state.ts';
import { createFixtureServer } from './fixture-server.ts';

export interface Fixtures {
  readonly origin: string;
  readonly key: string;
  close(): Promise<void>;
}

/** Serves the fixtures on loopback to one key, and to pages of these origins. */
export async function serveFixtures(origins: readonly string[]): Promise<Fixtures> {
  const home = mkdtempSync(join(tmpdir(), 'keyward-fixtures-'));
  const state = createState(home);
  const now = () => Date.now();
  const made = createKeyStore({ state, now }).create({ name: 'fixtures', scopes: [] });
  if (!made.ok) throw new Error(made.failure.code);
  const settings = { ...statedHttp({ listen: 0 }, undefined), origins };
  const ended = new AbortController();
  const access = createAccess({ state, now, limits: settings.limits });
  const app = {
    version: '0.0.0',
    sealingKey: randomBytes(32),
    settings,
    access,
    proxies: { ranges: [], unix: false, forwardedBy: 'x-forwarded-for' as const },
    times: gateLimits,
    open: async () => err(failure('INTERNAL/BUG')),
    now,
    randomId: () => randomUUID(),
    signal: ended.signal,
  };
  const service = await serveSdk(
    app,
    createHandler(app, (_scope, era) => createFixtureServer({ era })),
  );
  if (!service.ok) throw new Error(service.failure.code);
  return {
    origin: new URL(service.value.url).origin,
    key: made.value.key,
    async close() {
      ended.abort();
      await service.value.ended;
      access.close();
      state.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
