import { ok, type Result } from '../failure/result.ts';
import { renderedText, renderTemplate, type Scope } from '../template/render.ts';
import type { Rendered, Template } from '../template/template.ts';
import { misplacedSecret } from './misplaced-secret.ts';

/** Renders a template where no secret may stand. Failures: those of rendering, SECRET/PLACE_NOT_ALLOWED with the place. */
export function renderPlain(template: Template, scope: Scope, place: string): Result<string> {
  const rendered = renderTemplate(template, scope);
  return rendered.ok ? plainText(rendered.value, place) : rendered;
}

/** The text of what was rendered for a place where no secret may stand. Failure: SECRET/PLACE_NOT_ALLOWED with the place. */
export function plainText(rendered: Rendered, place: string): Result<string> {
  const text = renderedText(rendered);
  const secret = rendered.find((piece) => piece.kind !== 'text');
  return text === undefined && secret ? misplacedSecret(secret, place) : ok(text ?? '');
}
