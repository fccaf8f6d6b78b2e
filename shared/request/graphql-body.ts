import type { BodyTemplate } from '../collection/model.ts';
import { ok, type Result } from '../failure/result.ts';
import { renderTemplate, type Scope } from '../template/render.ts';
import type { Piece, Rendered } from '../template/template.ts';
import { escapeJsonString, planJsonText } from './json-text.ts';
import type { PlannedBody } from './plan.ts';

/**
 * The JSON of a GraphQL request (GraphQL over HTTP 5.4): query and operationName as strings, variables as the JSON text
 * that they are, left out where empty. Secrets inside the strings are escaped when they are opened.
 */
export function planGraphql(body: Extract<BodyTemplate, { kind: 'graphql' }>, scope: Scope): Result<PlannedBody> {
  const query = renderTemplate(body.query, scope);
  if (!query.ok) return query;
  const operation = body.operationName ? renderTemplate(body.operationName, scope) : undefined;
  if (operation && !operation.ok) return operation;
  const variables = renderTemplate(body.variables, scope);
  if (!variables.ok) return variables;
  const text: Piece[] = [
    { kind: 'text', text: '{"query":"' },
    ...jsonString(query.value),
    { kind: 'text', text: '"' },
    ...(operation ? member('operationName', operation.value) : []),
    ...(variables.value.length > 0
      ? [{ kind: 'text', text: ',"variables":' } as const, ...planJsonText(variables.value)]
      : []),
    { kind: 'text', text: '}' },
  ];
  return ok({ kind: 'text', text, contentType: 'application/json' });
}

function member(name: string, value: Rendered): Rendered {
  return [{ kind: 'text', text: `,"${name}":"` }, ...jsonString(value), { kind: 'text', text: '"' }];
}

function jsonString(rendered: Rendered): Rendered {
  return rendered.map((piece) =>
    piece.kind === 'text' ? { kind: 'text', text: escapeJsonString(piece.text) } : { ...piece, inside: 'json-string' },
  );
}
