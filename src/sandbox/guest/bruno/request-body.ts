// The body of a request as Bruno shows it (JSON parsed where the content type says so, forms as lists until they are sent), and what
// a script sets as one.
import type { ScriptBody, ScriptField, ScriptPart } from '../../../../shared/script/job.ts';
import type { MutableRequest, Run } from '../run.ts';
import { textOf } from './given.ts';
import type { RequestHeaders } from './request-headers.ts';

type MutableBody = MutableRequest['body'];

export interface BodyOptions {
  readonly raw?: boolean;
}

/** What `req.getBody()` gives. */
export function readBody(run: Run, headers: RequestHeaders, options: BodyOptions): unknown {
  const shown = shownBody(run.request.body, run.job.phase === 'after');
  if (options.raw || typeof shown !== 'string' || !typeOf(run.request, headers).includes('json')) return shown;
  try {
    return JSON.parse(shown);
  } catch {
    return shown;
  }
}

/** The content type that is stated, or else that of the kind of body. */
function typeOf({ body }: MutableRequest, headers: RequestHeaders): string {
  const stated = headers.contentType();
  if (stated !== '') return stated;
  if (body.kind === 'raw') return body.language === 'json' ? 'application/json' : '';
  return KINDS[body.kind] ?? '';
}

const KINDS: Readonly<Record<string, string>> = {
  urlencoded: 'application/x-www-form-urlencoded',
  multipart: 'multipart/form-data',
  graphql: 'application/json',
};

function shownBody(body: ScriptBody, isSent: boolean): unknown {
  switch (body.kind) {
    case 'none':
    case 'file':
      return undefined;
    case 'raw':
      return body.text;
    case 'urlencoded':
      return isSent
        ? formText(body.fields)
        : body.fields.filter(({ enabled }) => enabled).map((field) => ({ ...field }));
    case 'multipart':
      return body.parts.filter(({ enabled }) => enabled).map(shownPart);
    case 'graphql':
      return { query: body.query, variables: isSent ? parsed(body.variables) : body.variables };
  }
}

function shownPart(part: ScriptPart): Record<string, unknown> {
  return part.kind === 'text'
    ? { name: part.name, value: part.value, type: 'text', enabled: true }
    : { name: part.name, value: [...part.paths], type: 'file', enabled: true };
}

function formText(fields: readonly ScriptField[]): string {
  return fields
    .filter(({ enabled }) => enabled)
    .map(({ name, value }) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Puts what a script gave to `req.setBody` into the request. An object without a content type is JSON, as axios sends it. */
export function writeBody(request: MutableRequest, headers: RequestHeaders, data: unknown, options: BodyOptions): void {
  const type = typeOf(request, headers);
  if (data === null || data === undefined) request.body = { kind: 'none' };
  else if (typeof data !== 'object') request.body = rawBody(request.body, textOf(data));
  else if (!options.raw && type.includes('urlencoded')) request.body = { kind: 'urlencoded', fields: formFields(data) };
  else if (!options.raw && type.includes('multipart')) request.body = { kind: 'multipart', parts: formParts(data) };
  else {
    request.body = rawBody(request.body, JSON.stringify(data), 'json');
    if (headers.contentType() === '') headers.set('content-type', 'application/json');
  }
}

function rawBody(body: MutableBody, text: string, otherwise?: string): MutableBody {
  const language = body.kind === 'raw' ? (body.language ?? otherwise) : otherwise;
  return { kind: 'raw', text, ...(language !== undefined && { language }) };
}

/** A list of names and values, or an object; a list as value stands for several fields. */
function formFields(data: object): { name: string; value: string; enabled: boolean }[] {
  return entriesOf(data).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((each: unknown) => ({ name, value: textOf(each), enabled: true })),
  );
}

function formParts(data: object): Extract<MutableBody, { kind: 'multipart' }>['parts'] {
  const items: readonly unknown[] = Array.isArray(data) ? data : [];
  const files = items.flatMap((item) => {
    if (!isNamed(item) || item.type !== 'file') return [];
    const paths = (Array.isArray(item.value) ? item.value : [item.value]).map(textOf);
    return [{ kind: 'file' as const, name: item.name, paths, enabled: true }];
  });
  const texts = Array.isArray(data) ? items.filter((item) => !isNamed(item) || item.type !== 'file') : data;
  return [...formFields(texts).map((field) => ({ ...field, kind: 'text' as const })), ...files];
}

function entriesOf(data: object): readonly (readonly [string, unknown])[] {
  if (!Array.isArray(data)) return Object.entries(data);
  const items: readonly unknown[] = data;
  return items.flatMap((item) => (isNamed(item) && item.enabled !== false ? [[item.name, item.value] as const] : []));
}

interface Named {
  readonly name: string;
  readonly value?: unknown;
  readonly type?: unknown;
  readonly enabled?: unknown;
}

function isNamed(item: unknown): item is Named {
  return typeof item === 'object' && item !== null && 'name' in item && typeof item.name === 'string';
}
