// Damaged files of every dialect: whatever they hold, they load or fail with a code, and what loads can be opened and planned.
// `npm run fuzz` damages 10,000 files a dialect, and watches time and memory.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Collection, Environment } from '../../shared/collection/model.ts';
import { dialects } from '../../shared/dialects/dialects.ts';
import { createLibrary } from '../../shared/dialects/library.ts';
import { lookAt } from '../../shared/dialects/look.ts';
import { scopeInput } from '../../shared/request/plan-request.ts';
import { templatesOf } from '../../shared/request/scope-secrets.ts';
import { createScope, renderTemplate } from '../../shared/template/render.ts';
import { inputsOf } from './inputs.ts';
import { mutate, seeded } from './mutate.ts';

const LONG = Number(process.env.FUZZ ?? 0);
const COUNT = LONG || 80;
const MAX_OPENED = 40;
const MIB = 1024 * 1024;

const loaded = await Promise.all(dialects.map((dialect) => dialect.load()));

for (const dialect of loaded) {
  it(`P12: ${COUNT} damaged files of ${dialect.name} crash nothing`, { timeout: 600_000 }, async () => {
    const random = seeded(20_261_122);
    const folder = join(import.meta.dirname, dialect.name);
    const cases = readdirSync(folder).map((name) => inputsOf(join(folder, name)));
    let slowest = { ms: 0, text: '' };
    const before = process.memoryUsage().heapUsed;
    let heap = before;
    for (let count = 0; count < COUNT; count += 1) {
      // What a WeakRef was asked for stays alive until the turn of the event loop ends.
      if (count % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
      const files = cases[count % cases.length] ?? new Map<string, string>();
      const chosen = [...files.keys()][Math.floor(random() * files.size)] ?? '';
      const damaged = mutate(files.get(chosen) ?? '', random);
      const start = performance.now();
      // Straight into its reader, because a damaged file may not be recognised any more.
      const reader = dialect.createReader();
      for (const [file, text] of files) {
        const put = reader.put(lookAt(file, file === chosen ? damaged : text));
        if (!put.ok) expect(put.failure.code).toMatch(/^COLLECTION\//);
      }
      const { collections, environments } = reader.documents();
      for (const collection of collections) useAll(collection, environments);
      createLibrary(loaded).put(chosen, damaged);
      const ms = performance.now() - start;
      if (ms > slowest.ms) slowest = { ms, text: damaged };
      // Asking takes a tenth of all the time.
      if (LONG > 0) heap = Math.max(heap, process.memoryUsage().heapUsed);
    }
    if (LONG === 0) return;
    process.stdout.write(
      `${dialect.name}: slowest ${slowest.ms.toFixed(0)} ms, heap +${((heap - before) / MIB).toFixed(0)} MB\n`,
    );
    expect(slowest.ms, slowest.text.slice(0, 2_000)).toBeLessThan(1_000);
    expect((heap - before) / MIB).toBeLessThan(200);
  });
}

/** What listing, describing and planning do with a collection. */
function useAll(collection: Collection, environments: readonly Environment[]): void {
  collection.variables();
  for (const entry of collection.requests.slice(0, MAX_OPENED)) {
    const template = entry.open();
    entry.locate('');
    const input = { found: { collection, entry, template }, globals: [], handles: () => undefined, dynamic: () => '1' };
    const [environment] = environments;
    const scope = createScope(scopeInput({ ...input, ...(environment && { environment }) }));
    for (const each of templatesOf(template)) renderTemplate(each, scope);
  }
}
