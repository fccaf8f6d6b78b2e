// Where secrets stand in a plan. A place that is missing here would be neither checked nor opened, so it would fail at
// writing: the openers know only the pieces found here.

import type { Rendered, SecretPiece } from '../template/template.ts';
import type { PlanFields, PlannedBody } from './plan.ts';

/** Every secret piece that a plan would send, in the order of the request. */
export function secretPieces(plan: PlanFields): SecretPiece[] {
  return [
    plan.url.path,
    ...plan.url.query.flatMap(({ name, value }) => [name ?? [], value ?? []]),
    ...plan.headers.map(({ value }) => value),
    ...bodyTexts(plan.body),
    ...Object.values(plan.auth.fields),
  ].flatMap(secretsOf);
}

/** Whether any secret stands in a body. */
export function bodyHasSecret(body: PlannedBody): boolean {
  return bodyTexts(body).some((text) => secretsOf(text).length > 0);
}

/** The secret pieces of one rendered text. */
export function secretsOf(rendered: Rendered): SecretPiece[] {
  return rendered.filter((piece): piece is SecretPiece => piece.kind !== 'text');
}

function bodyTexts(body: PlannedBody): readonly Rendered[] {
  switch (body.kind) {
    case 'none':
    case 'bytes':
      return [];
    case 'text':
      return [body.text];
    case 'urlencoded':
      return body.fields.flatMap(({ name, value }) => [name, value]);
    case 'multipart':
      return body.parts.flatMap((part) => (part.kind === 'text' ? [part.name, part.value] : [part.name]));
  }
}
