// One variable set in every place that a format has: who wins, and who wins once the winner is taken away.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Variable } from '../../shared/collection/model.ts';
import { dialects } from '../../shared/dialects/dialects.ts';
import { createLibrary } from '../../shared/dialects/library.ts';
import { lexTemplate } from '../../shared/template/lex.ts';
import { precedence } from '../../shared/template/precedence.ts';
import { createScope, displayRendered, renderTemplate, type ScopeInput } from '../../shared/template/render.ts';

interface Row {
  readonly dialect: string;
  readonly environment: string;
  readonly variable?: string;
  readonly order: readonly string[];
  readonly files: Readonly<Record<string, unknown>>;
}

const table = JSON.parse(readFileSync(join(import.meta.dirname, '../vectors/precedence.json'), 'utf8')) as {
  readonly rows: readonly Row[];
};
const loaded = await Promise.all(dialects.map((dialect) => dialect.load()));

it.each(table.rows.map((row) => [row.dialect, row] as const))('variables of %s', (_, row) => {
  const name = row.variable ?? 'who';
  let input = scopeInputOf(row);
  const winners: string[] = [];
  for (let count = 0; count < row.order.length; count += 1) {
    const rendered = renderTemplate(lexTemplate(`{{${name}}}`), createScope(input));
    const winner = rendered.ok ? displayRendered(rendered.value) : rendered.failure.code;
    winners.push(winner);
    input = without(input, name, winner);
  }
  expect(winners).toEqual(row.order);
  const left = renderTemplate(lexTemplate(`{{${name}}}`), createScope(input));
  expect(left).toMatchObject({ failure: { code: 'TEMPLATE/VARIABLE_MISSING' } });
});

function scopeInputOf({ files, environment: wanted }: Row): ScopeInput {
  const library = createLibrary(loaded);
  for (const [file, content] of Object.entries(files)) {
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    expect(library.put(file, text), file).toEqual({ ok: true, value: 'taken' });
  }
  const { collections, environments } = library.documents();
  const [collection] = collections;
  const [entry] = collection?.requests ?? [];
  const chosen = environments.find(({ name, kind }) => kind === 'environment' && name === wanted);
  if (!collection || !entry) throw new Error('no request was read');
  const applies = environments.filter(({ collections: ids }) => ids?.includes(collection.id) ?? true);
  expect(wanted === '' || (chosen !== undefined && applies.includes(chosen))).toBe(true);
  return {
    environment: chosen?.variables ?? [],
    folders: entry.open().folderVariables,
    collection: collection.variables(),
    globals: applies.filter(({ kind }) => kind === 'globals').map(({ variables }) => variables),
    order: precedence[collection.dialect],
    handles: () => undefined,
    dynamic: () => undefined,
  };
}

/** The scope without the variable that has this value. */
function without(input: ScopeInput, name: string, value: string): ScopeInput {
  const keep = (list: readonly Variable[]): Variable[] =>
    list.filter((each) => each.name !== name || textOf(each) !== value);
  return {
    ...input,
    environment: keep(input.environment ?? []),
    folders: input.folders.map(keep),
    collection: keep(input.collection),
    globals: input.globals.map(keep),
  };
}

function textOf({ value }: Variable): string {
  return value.map((part) => (part.kind === 'text' ? part.text : '')).join('');
}
