import type { Example, Field, QueryField, RequestTemplate, UrlTemplate } from '../../collection/model.ts';
import { descriptionOf, isObject, type JsonObject, listOr, objectOr, textOf } from '../../collection/narrow.ts';
import { redactSavedBody, sealField, sealHeader } from '../../collection/seal-literals.ts';
import { isConnectionHeader } from '../../request/header-policy.ts';
import { methodsWithoutBody } from '../../request/plan-body.ts';
import { lexTemplate, templateText } from '../../template/lex.ts';
import { readUrl } from '../postman/url.ts';
import { readPostData } from './post-data.ts';

/** Builds the whole request of an entry; called each time it is wanted, so nothing of it stays in memory. */
export function openEntry(entry: JsonObject, method: string): RequestTemplate {
  const request = objectOr(entry.request);
  const { body, contentType, notes } = readPostData(request.postData);
  return {
    ...descriptionOf(entry.comment ?? request.comment),
    method,
    url: readAddress(request),
    headers: readRequestHeaders(request, contentType),
    body,
    auth: { type: 'none', fields: {}, from: 'none' },
    folderVariables: [],
    scripts: [],
    // What was recorded with a body had one, whatever the method.
    settings: body.kind !== 'none' && methodsWithoutBody.has(method) ? { disableBodyPruning: true } : {},
    examples: readExample(entry.response),
    ...(notes.length > 0 && { notes }),
  };
}

/** The URL, and what the list of parameters has that the URL has not; the fragment is never sent and can hold a token. */
function readAddress(request: JsonObject): UrlTemplate {
  const { address, query, pathVariables } = readUrl(textOf(request.url));
  const known = new Set(query.flatMap(({ name }) => (name === null ? [] : spellings(templateText(name)))));
  const listed = listOr(request.queryString).flatMap((parameter): QueryField[] => {
    if (!isObject(parameter)) return [];
    const name = textOf(parameter.name);
    if (name === '' || known.has(name)) return [];
    const value = sealField(name, textOf(parameter.value));
    return [{ name: lexTemplate(name), value, enabled: true, ...descriptionOf(parameter.comment) }];
  });
  return { address, query: [...query, ...listed], pathVariables };
}

/** As written, and decoded: browsers differ in which of the two their list of parameters has. */
function spellings(name: string): string[] {
  try {
    return [name, decodeURIComponent(name.replaceAll('+', ' '))];
  } catch {
    return [name];
  }
}

function readRequestHeaders(request: JsonObject, contentType: string): Field[] {
  const headers = readHeaders(request.headers).filter(({ name }) => !isFraming(templateText(name)));
  const has = (wanted: string) => headers.some(({ name }) => templateText(name).toLowerCase() === wanted);
  const cookies = has('cookie') ? '' : cookieText(request.cookies);
  return [
    ...headers,
    ...(contentType === '' || has('content-type') ? [] : [toHeader('Content-Type', contentType)]),
    ...(cookies === '' ? [] : [toHeader('Cookie', cookies)]),
  ];
}

/** HTTP/2 pseudo headers (RFC 9113 8.3) and what belongs to the connection. */
function isFraming(name: string): boolean {
  return name.startsWith(':') || isConnectionHeader(name);
}

function readHeaders(list: unknown): Field[] {
  return listOr(list).flatMap((header) => {
    if (!isObject(header)) return [];
    const name = textOf(header.name);
    return name === '' ? [] : [{ ...toHeader(name, textOf(header.value)), ...descriptionOf(header.comment) }];
  });
}

function toHeader(name: string, value: string): Field {
  return { name: lexTemplate(name), value: sealHeader(name, value), enabled: true };
}

function cookieText(cookies: unknown): string {
  return listOr(cookies)
    .flatMap((cookie) => (isObject(cookie) ? [`${textOf(cookie.name)}=${textOf(cookie.value)}`] : []))
    .join('; ');
}

/** The recorded answer. A status of 0 is a request that got none; content in base64 is not kept. */
function readExample(response: unknown): Example[] {
  if (!isObject(response)) return [];
  const { status, content } = response;
  if (typeof status !== 'number' || status <= 0) return [];
  const { text, encoding } = objectOr(content);
  const shown = typeof text === 'string' && text !== '' && textOf(encoding) === '';
  return [
    {
      name: `${status} ${textOf(response.statusText)}`.trim(),
      status,
      headers: readHeaders(response.headers),
      ...(shown && { body: redactSavedBody(text) }),
    },
  ];
}
