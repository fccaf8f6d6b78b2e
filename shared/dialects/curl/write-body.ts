import type { BodyTemplate, PartTemplate, RequestTemplate } from '../../collection/model.ts';
import { mediaTypeOf } from '../../request/media-types.ts';
import { encodeComponent } from '../../request/percent-encode.ts';
import { languageTypes, methodsWithoutBody } from '../../request/plan-body.ts';
import { templateText } from '../../template/lex.ts';
import type { Template } from '../../template/template.ts';
import { type Argument, text } from './argument.ts';

const JSON_TYPE = 'application/json';

/** The options that give the request its body; none for a method that carries none. */
export function writeBody(template: RequestTemplate, lose: (what: string) => void): Argument[] {
  const { body, method, settings } = template;
  if (body.kind === 'none') return [];
  if (methodsWithoutBody.has(method) && !settings.disableBodyPruning) {
    lose('A body that is not sent with this method is left out.');
    return [];
  }
  if (isUpload(template)) return [['--upload-file', body.kind === 'file' ? body.path : []]];
  return [...typeArguments(template), ...bodyArguments(body, lose)];
}

/** A file that is sent as `-T` sends it: without a content type, to a URL that names it already. */
function isUpload({ body, method, settings, url }: RequestTemplate): boolean {
  const removed = settings.disabledSystemHeaders?.includes('content-type') ?? false;
  return body.kind === 'file' && method === 'PUT' && removed && /[^/]\/+[^/]+$/.test(templateText(url.address));
}

/** curl would call every body a form. */
function typeArguments({ body, headers, settings }: RequestTemplate): Argument[] {
  const stated = headers.some(({ name, enabled }) => enabled && templateText(name).toLowerCase() === 'content-type');
  const removed = settings.disabledSystemHeaders?.some((name) => name.toLowerCase() === 'content-type') ?? false;
  const type = stated || removed ? undefined : typeOf(body);
  return type === undefined ? [] : [['--header', text(`Content-Type: ${type}`)]];
}

function typeOf(body: BodyTemplate): string | undefined {
  if (body.kind === 'raw') return languageTypes.get(body.language ?? 'text') ?? 'text/plain';
  if (body.kind === 'graphql') return JSON_TYPE;
  return body.kind === 'file' ? mediaTypeOf(templateText(body.path)) : undefined;
}

function bodyArguments(body: BodyTemplate, lose: (what: string) => void): Argument[] {
  switch (body.kind) {
    case 'none':
      return [];
    case 'raw':
      return [['--data-raw', body.text]];
    case 'file':
      return [['--data-binary', [...text('@'), ...body.path]]];
    case 'urlencoded':
      return body.fields
        .filter(({ enabled }) => enabled)
        .map(({ name, value }): Argument => ['--data-urlencode', [...encoded(name), ...text('='), ...value]]);
    case 'multipart':
      return body.parts.filter(({ enabled }) => enabled).flatMap((part) => partArguments(part, lose));
    case 'graphql':
      lose('A GraphQL body is written as the JSON that is sent.');
      return [['--data-raw', graphqlText(body)]];
  }
}

/** curl encodes the value alone. */
function encoded(name: Template): Template {
  return name.map((part) => (part.kind === 'text' ? { kind: 'text', text: encodeComponent(part.text) } : part));
}

function graphqlText({ query, variables, operationName }: Extract<BodyTemplate, { kind: 'graphql' }>): Template {
  const empty = templateText(variables).trim() === '';
  return [
    ...text('{"query":"'),
    ...inJson(query),
    ...text('"'),
    ...(operationName ? [...text(',"operationName":"'), ...inJson(operationName), ...text('"')] : []),
    ...(empty ? [] : [...text(',"variables":'), ...variables]),
    ...text('}'),
  ];
}

function inJson(template: Template): Template {
  return template.map((part) =>
    part.kind === 'text' ? { kind: 'text', text: JSON.stringify(part.text).slice(1, -1) } : part,
  );
}

function partArguments(part: PartTemplate, lose: (what: string) => void): Argument[] {
  if (
    templateText(part.name)
      .replace(/\{\{[^{}]*\}\}/g, '')
      .includes('=')
  ) {
    lose('A form part with "=" in its name is left out.');
    return [];
  }
  const name = [...part.name, ...text('=')];
  const type = part.contentType ? [...text(';type='), ...part.contentType] : [];
  if (part.kind === 'text') {
    if (type.length === 0) return [['--form-string', [...name, ...part.value]]];
    return [['--form', [...name, ...quoted(part.value), ...type]]];
  }
  if (part.paths.length === 0) lose('A form part whose file nobody chose is left out.');
  const fileName = part.fileName ? [...text(';filename='), ...quoted(part.fileName)] : [];
  return part.paths.map((path): Argument => ['--form', [...name, ...text('@'), ...quoted(path), ...type, ...fileName]]);
}

/** A value in curl's own quotes, so that `;`, `,` and what it starts with mean nothing. */
function quoted(template: Template): Template {
  const inside = template.map((part) =>
    part.kind === 'text' ? { ...part, text: part.text.replace(/[\\"]/g, '\\$&') } : part,
  );
  return [...text('"'), ...inside, ...text('"')];
}
