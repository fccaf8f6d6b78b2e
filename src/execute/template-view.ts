// A request as its file states it, for display: references unfilled, secrets as `[secret]` or a SecretRef.
import type {
  AuthTemplate,
  BodyTemplate,
  Field,
  QueryField,
  RequestTemplate,
  UrlTemplate,
} from '../../shared/collection/model.ts';
import { redactUrl } from '../../shared/redact/redact-fields.ts';
import { redactProse } from '../../shared/redact/redact-prose.ts';
import { templateText } from '../../shared/template/lex.ts';
import type { Template } from '../../shared/template/template.ts';

/** The URL template on one line, enabled query included, redacted. */
export function urlText({ address, query, fragment }: UrlTemplate): string {
  const enabled = query.filter((field) => field.enabled);
  const search = enabled.map(({ name, value }) => `${text(name)}${value === null ? '' : `=${text(value)}`}`).join('&');
  const end = fragment === undefined ? '' : `#${templateText(fragment)}`;
  return redactUrl(`${templateText(address)}${search === '' ? '' : `?${search}`}${end}`).text;
}

export function fieldView({ name, value, enabled, description }: Field | QueryField) {
  const view = { name: name && templateText(name), value: value && templateText(value), enabled };
  return description === undefined ? view : { ...view, description: redactProse(description).text };
}

export function bodyView(body: BodyTemplate) {
  switch (body.kind) {
    case 'none':
      return { kind: body.kind };
    case 'raw':
      return { kind: body.kind, text: templateText(body.text), ...(body.language && { language: body.language }) };
    case 'urlencoded':
      return { kind: body.kind, fields: body.fields.map(fieldView) };
    case 'file':
      return { kind: body.kind, files: [templateText(body.path)] };
    case 'graphql':
      return { kind: body.kind, query: templateText(body.query), variables: templateText(body.variables) };
    case 'multipart':
      return {
        kind: body.kind,
        fields: body.parts.flatMap((part) => (part.kind === 'text' ? [fieldView(part)] : [])),
        files: body.parts.flatMap((part) => (part.kind === 'file' ? part.paths.map(templateText) : [])),
      };
  }
}

/** Every template of a request that rendering it would touch; disabled fields are left out. */
export function templatesOf({ url, headers, body, auth }: RequestTemplate): readonly Template[] {
  const fields = [...url.query, ...url.pathVariables, ...headers].filter(({ enabled }) => enabled);
  const placed = fields.flatMap(({ name, value }) => [name ?? [], value ?? []]);
  return [url.address, url.fragment ?? [], ...placed, ...bodyTemplates(body), ...authTemplates(auth)];
}

function authTemplates({ fields }: AuthTemplate): readonly Template[] {
  return Object.values(fields);
}

function bodyTemplates(body: BodyTemplate): readonly Template[] {
  switch (body.kind) {
    case 'none':
      return [];
    case 'raw':
      return [body.text];
    case 'file':
      return [body.path];
    case 'graphql':
      return [body.query, body.variables, body.operationName ?? []];
    case 'urlencoded':
      return body.fields.filter(({ enabled }) => enabled).flatMap(({ name, value }) => [name, value]);
    case 'multipart':
      return body.parts
        .filter(({ enabled }) => enabled)
        .flatMap((part) => (part.kind === 'text' ? [part.name, part.value] : [part.name, ...part.paths]));
  }
}

function text(template: Template | null): string {
  return template === null ? '' : templateText(template);
}
