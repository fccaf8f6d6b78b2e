import type {
  Field,
  QueryField,
  RequestSettings,
  RequestTemplate,
  Script,
  UrlTemplate,
} from '../../collection/model.ts';
import { encodeComponent } from '../../request/percent-encode.ts';
import { templateText } from '../../template/lex.ts';
import type { Template } from '../../template/template.ts';
import { contentTypeOf, writeBody, writePair } from './write-body.ts';
import { type Lose, writeTemplate } from './write-template.ts';

type Written = Record<string, unknown>;

/** The fields of an HTTP request that do not depend on where it stands. */
export function writeHttp(template: RequestTemplate, lose: Lose): Written {
  loseRest(template, lose);
  const body = writeBody(template, lose);
  const { parameters, ...address } = writeUrl(template.url, lose);
  const headers = writeHeaders(template, body !== undefined, lose);
  return {
    ...address,
    method: template.method,
    ...(body && { body }),
    ...(parameters.length > 0 && { parameters }),
    ...(headers.length > 0 && { headers }),
    settings: writeSettings(template.settings, lose),
  };
}

/** What a request of another protocol has of an HTTP request. */
export function writeConnection({ url, headers }: RequestTemplate, lose: Lose): Written {
  const { parameters, ...address } = writeUrl(url, lose);
  return {
    ...address,
    ...(parameters.length > 0 && { parameters }),
    ...(headers.length > 0 && { headers: headers.map((header) => writePair(header, lose)) }),
  };
}

function writeHeaders({ headers, body }: RequestTemplate, sendsBody: boolean, lose: Lose): Written[] {
  const named = headers.filter(({ name }) => name.length > 0);
  const type = sendsBody ? contentTypeOf(body) : undefined;
  const stated = named.some(({ name, enabled }) => enabled && /^content-type$/i.test(templateText(name)));
  const written = named.map((header) => writePair(header, lose));
  return type === undefined || stated ? written : [...written, { name: 'Content-Type', value: type }];
}

function writeUrl({ address, query, fragment, pathVariables }: UrlTemplate, lose: Lose) {
  const inText = query.findLastIndex((field) => field.enabled && !isParameter(field)) + 1;
  const first = query.slice(0, inText).filter(({ enabled }) => enabled);
  const others = query.filter((field, index) => index >= inText || !field.enabled);
  if (others.some((field) => !isParameter(field))) lose('A disabled parameter without a name is left out.');
  const text = first.map((field, index) => (index === 0 ? '?' : '&') + queryText(field, lose)).join('');
  const hash = fragment ? `#${writeTemplate(fragment, lose)}` : '';
  const paths = pathVariables.filter(({ enabled }) => enabled);
  if (paths.length < pathVariables.length) lose('Disabled path parameters are left out.');
  return {
    url: writeTemplate(address, lose) + text + hash,
    parameters: others.filter(isParameter).map((field) => writePair(asPair(field), lose)),
    ...(paths.length > 0 && { pathParameters: paths.map((field) => writePair(field, lose)) }),
  };
}

/** Insomnia's parameters have a name, and none has a "=" without a value. */
function isParameter({ name, value }: QueryField): boolean {
  return name !== null && name.length > 0 && (value === null || value.length > 0);
}

function asPair({ name, value, ...field }: QueryField): Field {
  return { ...field, name: name ?? [], value: value ?? [] };
}

function queryText({ name, value, description }: QueryField, lose: Lose): string {
  if (description !== undefined && description !== '') lose('Descriptions of parameters in the address are left out.');
  const key = writeTemplate(escaped(name ?? [], /[&#=]/g), lose);
  return value === null ? key : `${key}=${writeTemplate(escaped(value, /[&#]/g), lose)}`;
}

function escaped(template: Template, delimiters: RegExp): Template {
  return template.map((part) =>
    part.kind === 'text' ? { kind: 'text', text: part.text.replace(delimiters, encodeComponent) } : part,
  );
}

function writeSettings(settings: RequestSettings, lose: Lose): Written {
  for (const [name, value] of Object.entries(settings)) {
    if (value !== undefined && !KNOWN.has(name)) lose(`The setting ${name} is left out.`);
  }
  const { followRedirects, disableUrlEncoding, disableCookies } = settings;
  const cookies = disableCookies !== true;
  return {
    renderRequestBody: true,
    encodeUrl: disableUrlEncoding !== true,
    followRedirects: followRedirects === undefined ? 'global' : followRedirects ? 'on' : 'off',
    cookies: { send: cookies, store: cookies },
    rebuildPath: true,
  };
}

const KNOWN: ReadonlySet<string> = new Set([
  'followRedirects',
  'disableUrlEncoding',
  'disableCookies',
  // Insomnia prunes no body: one that is not sent is not written.
  'disableBodyPruning',
]);

/** Several scripts of one level are blocks of one script, so that their names do not clash. */
export function writeScripts(scripts: readonly Script[]): { readonly scripts?: Written } {
  const preRequest = joinScripts(scripts, 'before');
  const afterResponse = joinScripts(scripts, 'after');
  if (preRequest === '' && afterResponse === '') return {};
  return { scripts: { ...(preRequest !== '' && { preRequest }), ...(afterResponse !== '' && { afterResponse }) } };
}

function joinScripts(scripts: readonly Script[], phase: Script['phase']): string {
  const sources = scripts.filter((script) => script.phase === phase).map(({ source }) => source);
  return sources.length === 1 ? (sources[0] ?? '') : sources.map((source) => `{\n${source}\n}`).join('\n');
}

function loseRest({ examples, assertions, answerVariables, notes }: RequestTemplate, lose: Lose): void {
  if (examples.length > 0) lose('Examples are left out.');
  if ((assertions ?? []).length > 0) lose('Assertions are left out.');
  if (answerVariables) lose('Variables that are set from the answer are left out.');
  if ((notes ?? []).length > 0) lose('What Keyward leaves out of the request is not written either.');
}
