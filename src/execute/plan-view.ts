// A planned request as it may be shown: every secret reads `[secret]`, and what stands under a sensitive name is redacted.
import type { RedactedText } from '../../shared/redact/marker.ts';
import { redactHeader, redactText, redactUrl } from '../../shared/redact/redact-fields.ts';
import type { PlannedBody } from '../../shared/request/plan.ts';
import type { Plan } from '../../shared/stages/stages.ts';
import { displayRendered } from '../../shared/template/render.ts';
import type { Rendered } from '../../shared/template/template.ts';

/** Redacts one text of a request before it stands among the others: nothing that it takes out is another's. */
type RedactOne = (text: string) => RedactedText;

export function shownUrl({ url }: Plan, redact?: RedactOne): string {
  const one = (text: string) => redact?.(text).text ?? text;
  const text = (rendered: Rendered | null) => (rendered === null ? '' : one(displayRendered(rendered)));
  const path = displayRendered(url.path).split('/').map(one).join('/');
  const query = url.query.map(({ name, value }) => `${text(name)}${value === null ? '' : `=${text(value)}`}`);
  return redactUrl(`${url.origin}${path}${query.length > 0 ? `?${query.join('&')}` : ''}`).text;
}

export function shownHeaders({ headers }: Plan): readonly { readonly name: string; readonly value: string }[] {
  return headers.map(({ name, value }) => ({ name, value: redactHeader(name, displayRendered(value)).text }));
}

/** Undefined where there is no body. Files show by name and size only. */
export function shownBody(body: PlannedBody, redact: RedactOne = redactText): string | undefined {
  const one = (rendered: Rendered) => redact(displayRendered(rendered)).text;
  switch (body.kind) {
    case 'none':
      return undefined;
    case 'text':
      return one(body.text);
    case 'urlencoded':
      return redactUrl(`?${body.fields.map(({ name, value }) => `${one(name)}=${one(value)}`).join('&')}`).text.slice(
        1,
      );
    case 'multipart':
      return body.parts.map((part) => shownPart(part, one)).join(', ');
    case 'bytes':
      return `${body.bytes.length} bytes`;
  }
}

type Part = Extract<PlannedBody, { kind: 'multipart' }>['parts'][number];

function shownPart(part: Part, one: (rendered: Rendered) => string): string {
  const name = one(part.name);
  if (part.kind === 'file') return `${name} (file ${part.fileName}, ${part.bytes.length} bytes)`;
  return redactUrl(`?${name}=${one(part.value)}`).text.slice(1);
}
