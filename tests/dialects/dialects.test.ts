// Every folder <dialect>/<case>/ holds one input and the model that it becomes. UPDATE=1 rewrites the models.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Collection } from '../../shared/collection/model.ts';
import { dialects } from '../../shared/dialects/dialects.ts';

const here = import.meta.dirname;

for (const dialect of dialects) {
  describe(dialect.name, () => {
    for (const name of readdirSync(join(here, dialect.name))) {
      const folder = join(here, dialect.name, name);
      const input = readdirSync(folder).find((file) => file.startsWith('input.')) ?? '';

      it(`P1: reads ${name} as its golden model, secrets sealed`, () => {
        const text = readFileSync(join(folder, input), 'utf8');
        expect(dialect.recognise(text, input)).toBe('mine');
        const parsed = dialect.parse(text, input);
        const document = parsed.ok ? parsed.value : undefined;
        const model: unknown = JSON.parse(
          JSON.stringify(document?.kind === 'collection' ? spread(document.collection, text) : (document ?? parsed)),
        );
        const golden = join(folder, 'model.json');
        if (process.env.UPDATE) writeFileSync(golden, `${JSON.stringify(model, null, 2)}\n`);
        expect(model).toEqual(JSON.parse(readFileSync(golden, 'utf8')));
        expect(JSON.stringify(model)).not.toContain('SECRET-');
      });
    }
  });
}

function spread(collection: Collection, text: string): unknown {
  return {
    ...collection,
    variables: collection.variables(),
    requests: collection.requests.map((entry) => ({ ...entry, at: entry.locate(text), template: entry.open() })),
  };
}
