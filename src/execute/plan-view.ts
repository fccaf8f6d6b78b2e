// A planned request as it may be shown: every secret reads `[secret]`, and what stands under a sensitive name is redacted.
import { redactHeader, redactText, redactUrl } from '../../shared/redact/redact-fields.ts';
import type { PlannedBody } from '../../shared/request/plan.ts';
import type { Plan } from '../../shared/stages/stages.ts';
import { displayRendered } from '../../shared/template/render.ts';
import type { Rendered } from '../../shared/template/template.ts';

export function shownUrl({ url }: Plan): string {
  const text = (rendered: Rendered | null) => (rendered === null ? '' : displayRendered(rendered));
  const query = url.query.map(({ name, value }) => `${text(name)}${value === null ? '' : `=${text(value)}`}`);
  return redactUrl(`${url.origin}${text(url.path)}${query.length > 0 ? `?${query.join('&')}` : ''}`).text;
}

export function shownHeaders({ headers }: Plan): readonly { readonly name: string; readonly value: string }[] {
  return headers.map(({ name, value }) => ({ name, value: redactHeader(name, displayRendered(value)).text }));
}

/** Undefined where there is no body. Files show by name and size only. */
export function shownBody(body: PlannedBody): string | undefined {
  switch (body.kind) {
    case 'none':
      return undefined;
    case 'text':
      return redactText(displayRendered(body.text)).text;
    case 'urlencoded':
      return redactUrl(
        `?${body.fields.map(({ name, value }) => `${displayRendered(name)}=${displayRendered(value)}`).join('&')}`,
      ).text.slice(1);
    case 'multipart':
      return body.parts.map(shownPart).join(', ');
    case 'bytes':
      return `${body.bytes.length} bytes`;
  }
}

type Part = Extract<PlannedBody, { kind: 'multipart' }>['parts'][number];

function shownPart(part: Part): string {
  const name = displayRendered(part.name);
  if (part.kind === 'file') return `${name} (file ${part.fileName}, ${part.bytes.length} bytes)`;
  return redactUrl(`?${name}=${displayRendered(part.value)}`).text.slice(1);
}
