import { prefixAsHeader } from '../../collection/bearer-prefix.ts';
import type { AuthTemplate, Field, RequestSettings, RequestTemplate } from '../../collection/model.ts';
import { templateText } from '../../template/lex.ts';
import type { Template } from '../../template/template.ts';
import { joinUrl } from '../write-url.ts';
import { writeBody } from './write-body.ts';

/** The lines of a request below its separator. */
export function writeRequest(template: RequestTemplate, lose: (what: string) => void): string[] {
  const { url, method, headers, settings, description } = template;
  const auth = writeAuth(prefixAsHeader(template.auth), lose);
  const body = writeBody(template, lose);
  if (url.pathVariables.length > 0) lose('Path variables are written into the URL.');
  const query = auth.query.map((field) => ({ ...field, enabled: true }));
  const address = templateText(joinUrl({ ...url, query: [...url.query, ...query] }));
  const stated = headers.filter((field) => field.enabled && !(body.ownsType && isContentType(field)));
  // An Authorization is read as the request's auth, which is written last.
  const own = stated.filter(isAuthorization).map(({ value }) => `Authorization: ${templateText(value)}`);
  const others = stated.filter((field) => !isAuthorization(field)).map(({ name, value }) => header(name, value));
  const lines = [...others, ...own, ...auth.headers];
  if (method !== method.toUpperCase()) lose('The method is written in capitals.');
  return [
    ...prose(description),
    ...settingTags(settings, lose),
    `${method.toUpperCase()} ${address}`,
    ...[...lines, ...body.headers].map((line) => line.replace(/[\r\n]+/g, ' ')),
    ...(body.text === '' ? [] : ['', body.text]),
  ];
}

function header(name: Template, value: Template): string {
  return `${templateText(name)}: ${templateText(value)}`.trimEnd();
}

function isContentType({ name }: Field): boolean {
  return templateText(name).toLowerCase() === 'content-type';
}

function isAuthorization({ name }: Field): boolean {
  return templateText(name).toLowerCase() === 'authorization';
}

/** A text as lines of comment; one that would be a tag starts with a blank. */
function prose(description: string | undefined): string[] {
  if (description === undefined || description.trim() === '') return [];
  const lines = description.trim().split(/\r\n?|\n/);
  return lines.map((line) => `# ${/^\s*@/.test(line) ? `. ${line.trimStart()}` : line}`.trimEnd());
}

function settingTags(settings: RequestSettings, lose: (what: string) => void): string[] {
  const { followRedirects, disableCookies, disableUrlEncoding, timeoutMs } = settings;
  const others = ['strictSSL', 'maxRedirects', 'followAuthorizationHeader', 'followOriginalHttpMethod'] as const;
  if (others.some((name) => settings[name] !== undefined) || (settings.disabledSystemHeaders ?? []).length > 0) {
    lose('Settings of redirects, TLS and own headers are left out.');
  }
  return [
    ...(followRedirects === false ? ['# @no-redirect'] : []),
    ...(disableCookies ? ['# @no-cookie-jar'] : []),
    ...(disableUrlEncoding ? ['# @no-auto-encoding'] : []),
    ...(timeoutMs === undefined ? [] : [`# @timeout ${timeoutMs} ms`]),
  ];
}

interface WrittenAuth {
  readonly headers: readonly string[];
  readonly query: readonly { readonly name: Template; readonly value: Template }[];
}

function writeAuth({ type, fields }: AuthTemplate, lose: (what: string) => void): WrittenAuth {
  const of = (name: string): Template => fields[name] ?? [];
  const word = (name: string): string => templateText(of(name));
  const only = (...headers: string[]): WrittenAuth => ({ headers, query: [] });
  switch (type) {
    case 'none':
      return only();
    case 'basic':
    case 'digest':
      if (/[\s:]/.test(word('username').replace(/\{\{[^{}]*\}\}/g, ''))) {
        lose('Auth with a blank or a colon in the user name is left out.');
        return only();
      }
      return only(`Authorization: ${type === 'basic' ? 'Basic' : 'Digest'} ${word('username')}:${word('password')}`);
    case 'bearer':
      if (word('token') === '') return only();
      return only(`Authorization: Bearer ${word('token')}`);
    case 'awsv4':
      return only(`Authorization: AWS ${awsWords(word)}`);
    case 'apikey':
      if (word('in') === 'query') return { headers: [], query: [{ name: of('key'), value: of('value') }] };
      return only(word('in') === 'cookie' ? `Cookie: ${word('key')}=${word('value')}` : header(of('key'), of('value')));
    default:
      lose(`Auth of the type ${type} is left out.`);
      return only();
  }
}

function awsWords(word: (name: string) => string): string {
  const named = [
    ['token', word('sessionToken')],
    ['region', word('region')],
    ['service', word('service')],
  ].filter(([, value]) => value !== '');
  return [word('accessKey'), word('secretKey'), ...named.map(([name, value]) => `${name}:${value}`)].join(' ');
}
