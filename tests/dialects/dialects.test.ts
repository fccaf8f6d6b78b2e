// Every folder <dialect>/<case>/ holds an `input.*` file or an `input` folder, and the model that it becomes. UPDATE=1 rewrites
// the models.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Collection } from '../../shared/collection/model.ts';
import { dialects } from '../../shared/dialects/dialects.ts';
import { lookAt } from '../../shared/dialects/look.ts';
import { inputsOf } from './inputs.ts';

const here = import.meta.dirname;

for (const { name, load } of dialects) {
  const dialect = await load();
  describe(name, () => {
    for (const each of readdirSync(join(here, name))) {
      const folder = join(here, name, each);

      it(`P1: reads ${each} as its golden model, secrets sealed`, () => {
        const reader = dialect.createReader();
        const failures: unknown[] = [];
        const texts = inputsOf(folder);
        for (const [file, text] of texts) {
          const look = lookAt(file, text);
          expect([file, dialect.recognise(look)]).toEqual([file, true]);
          const put = reader.put(look);
          if (!put.ok) failures.push(put.failure);
        }
        const { collections, environments, problems } = reader.documents();
        const model: unknown = JSON.parse(
          JSON.stringify({
            collections: collections.map((collection) => spread(collection, texts)),
            environments,
            problems: [...failures, ...problems],
          }),
        );
        const golden = join(folder, 'model.json');
        if (process.env.UPDATE) writeFileSync(golden, `${JSON.stringify(model, null, 2)}\n`);
        expect(model).toEqual(JSON.parse(readFileSync(golden, 'utf8')));
        expect(JSON.stringify(model)).not.toContain('SECRET-');
      });
    }
  });
}

function spread(collection: Collection, texts: ReadonlyMap<string, string>): unknown {
  return {
    ...collection,
    variables: collection.variables(),
    requests: collection.requests.map((entry) => ({
      ...entry,
      at: entry.locate(texts.get(entry.file ?? collection.file) ?? ''),
      template: entry.open(),
    })),
  };
}
