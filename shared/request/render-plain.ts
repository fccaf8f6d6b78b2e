import { ok, type Result } from '../failure/result.ts';
import { renderedText, renderTemplate, type Scope } from '../template/render.ts';
import type { Template } from '../template/template.ts';
import { misplacedSecret } from './misplaced-secret.ts';

/** Renders a template where no secret may stand. Failures: those of rendering, SECRET/PLACE_NOT_ALLOWED with the place. */
export function renderPlain(template: Template, scope: Scope, place: string): Result<string> {
  const rendered = renderTemplate(template, scope);
  if (!rendered.ok) return rendered;
  const text = renderedText(rendered.value);
  const secret = rendered.value.find((piece) => piece.kind !== 'text');
  return text === undefined && secret ? misplacedSecret(secret, place) : ok(text ?? '');
}
