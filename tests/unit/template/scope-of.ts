import type { Variable } from '../../../shared/collection/model.ts';
import type { HandleInfo, HandleLookup } from '../../../shared/secret/secret-ref.ts';
import { lexSealed, lexTemplate } from '../../../shared/template/lex.ts';
import { precedence } from '../../../shared/template/precedence.ts';
import { createScope, type Scope, type ScopeInput } from '../../../shared/template/render.ts';
import type { Piece, Rendered } from '../../../shared/template/template.ts';

export type VariableRow = readonly [name: string, value: string, flags?: string];

export function variable([name, value, flags = '']: VariableRow): Variable {
  const secret = flags.includes('sealed');
  return { name, value: secret ? lexSealed(value) : lexTemplate(value), enabled: !flags.includes('off'), secret };
}

export const variables = (rows: readonly VariableRow[] = []): readonly Variable[] => rows.map(variable);

export function handle(name: string, origins: readonly string[] = [], pathAllowed = false): HandleInfo {
  return { id: `id-${name}`, name, origins, pathAllowed, createdAt: 0, updatedAt: 0, useCount: 0 };
}

export function lookupIn(handles: readonly HandleInfo[]): HandleLookup {
  return (nameOrId) => handles.find(({ id, name }) => id === nameOrId || name === nameOrId);
}

export function scopeOf(input: Partial<ScopeInput>): Scope {
  return createScope({
    folders: [],
    collection: [],
    globals: [],
    order: precedence.postman,
    handles: () => undefined,
    dynamic: (name) => (name === '$guid' || name === '$randomInt' ? `dynamic ${name}` : undefined),
    ...input,
  });
}

/** Secrets as `[secret]`, handles as `[handle NAME]`, computations as `[operation of …, …]`. */
export function shown(rendered: Rendered): string {
  return rendered.map(shownPiece).join('');
}

function shownPiece(piece: Piece): string {
  switch (piece.kind) {
    case 'text':
      return piece.text;
    case 'inline':
      return '[secret]';
    case 'handle':
      return `[handle ${piece.name}]`;
    case 'derived':
      return `[${piece.operation.name} of ${piece.inputs.map(shown).join(', ')}]`;
  }
}
