import { prefixAsHeader } from '../../collection/bearer-prefix.ts';
import type { AuthTemplate, Field, RequestTemplate } from '../../collection/model.ts';
import { templateText } from '../../template/lex.ts';
import type { Template } from '../../template/template.ts';
import { joinUrl } from '../write-url.ts';
import { type Argument, text } from './argument.ts';
import { quoteWord } from './quote-word.ts';
import { writeBody } from './write-body.ts';

/** The command that sends a request, an option on each line. */
export function writeCommand(template: RequestTemplate, lose: (what: string) => void): string {
  const auth = writeAuth(prefixAsHeader(template.auth), lose);
  const body = writeBody(template, lose);
  const query = auth.query.map((field) => ({ ...field, enabled: true }));
  const { fragment, ...sent } = template.url;
  if (fragment) lose('The fragment of the URL is left out.');
  const url = joinUrl({ ...sent, query: [...sent.query, ...query] });
  if (template.url.pathVariables.length > 0) lose('Path variables are written into the URL.');
  const options: Argument[] = [
    ...methodArguments(template, body),
    // Braces and brackets of a URL are curl's own patterns.
    ...(/[[\]{}]/.test(templateText(url)) ? [['--globoff'] as const] : []),
    ...settingArguments(template),
    ...template.headers.filter(({ enabled }) => enabled).map(writeHeader),
    ...auth.headers,
    ...removedHeaders(template, body),
    ...auth.arguments,
    ...body,
  ];
  const lines = [
    quoteWord(url),
    ...options.map(([option, value]) => (value ? `${option} ${quoteWord(value)}` : option)),
  ];
  return `curl ${lines.join(' \\\n  ')}`;
}

function methodArguments({ method, settings }: RequestTemplate, body: readonly Argument[]): Argument[] {
  if (method === 'HEAD' && body.length === 0) return [['--head']];
  const implied = impliedMethod(body);
  if (method === implied && settings.followOriginalHttpMethod !== true) return [];
  return [['--request', text(method)]];
}

/** What curl makes of the options of the body. */
function impliedMethod(body: readonly Argument[]): string {
  if (body.length === 0) return 'GET';
  return body.some(([option]) => option === '--upload-file') ? 'PUT' : 'POST';
}

const MS = 1_000;

/** curl follows redirects only where it is told to; most clients do unless they are told not to. */
function settingArguments({ settings }: RequestTemplate): Argument[] {
  const { followRedirects, maxRedirects, followAuthorizationHeader, strictSSL, timeoutMs } = settings;
  const location = followAuthorizationHeader ? '--location-trusted' : '--location';
  return [
    ...(followRedirects === false ? [] : [[location] as const]),
    ...(maxRedirects === undefined ? [] : [['--max-redirs', text(String(maxRedirects))] as const]),
    ...(strictSSL === false ? [['--insecure'] as const] : []),
    ...(timeoutMs === undefined ? [] : [['--max-time', text(String(timeoutMs / MS))] as const]),
  ];
}

/** An upload has no content type by itself. */
function removedHeaders({ settings }: RequestTemplate, body: readonly Argument[]): Argument[] {
  const uploads = body.some(([option]) => option === '--upload-file');
  const removed = settings.disabledSystemHeaders ?? [];
  const stated = uploads ? removed.filter((name) => name !== 'content-type') : removed;
  return stated.map((name): Argument => ['--header', text(`${name}:`)]);
}

function writeHeader({ name, value }: Field): Argument {
  return value.length === 0 ? ['--header', [...name, ...text(';')]] : ['--header', [...name, ...text(': '), ...value]];
}

interface WrittenAuth {
  readonly headers: readonly Argument[];
  readonly arguments: readonly Argument[];
  readonly query: readonly { readonly name: Template; readonly value: Template }[];
}

function writeAuth({ type, fields }: AuthTemplate, lose: (what: string) => void): WrittenAuth {
  const of = (name: string): Template => fields[name] ?? [];
  const user = (): Argument => ['--user', [...of('username'), ...text(':'), ...of('password')]];
  const only = (...list: Argument[]): WrittenAuth => ({ headers: [], arguments: list, query: [] });
  switch (type) {
    case 'none':
      return only();
    case 'basic':
      return only(user());
    case 'bearer':
      return only(['--oauth2-bearer', of('token')]);
    case 'digest':
      return only(['--digest'], user());
    case 'ntlm':
      return only(['--ntlm'], ntlmUser(of('domain'), of('username'), of('password')));
    case 'awsv4':
      return { ...only(...awsArguments(of)), headers: tokenHeader(of('sessionToken')) };
    case 'apikey':
      return writeKey(of('key'), of('value'), templateText(of('in')));
    case 'negotiate':
    case 'anyauth':
      return only([`--${type}`], user());
    default:
      lose(`Auth of the type ${type} is left out.`);
      return only();
  }
}

function ntlmUser(domain: Template, name: Template, password: Template): Argument {
  const scope = domain.length === 0 ? [] : [...domain, ...text('\\')];
  return ['--user', [...scope, ...name, ...text(':'), ...password]];
}

function awsArguments(of: (name: string) => Template): Argument[] {
  const [region, service] = [of('region'), of('service')];
  const scope = [...text('aws:amz:'), ...(region.length > 0 ? region : text('us-east-1')), ...text(':')];
  return [
    ['--aws-sigv4', [...scope, ...(service.length > 0 ? service : text('execute-api'))]],
    ['--user', [...of('accessKey'), ...text(':'), ...of('secretKey')]],
  ];
}

function tokenHeader(token: Template): Argument[] {
  return token.length > 0 ? [['--header', [...text('X-Amz-Security-Token: '), ...token]]] : [];
}

function writeKey(name: Template, value: Template, place: string): WrittenAuth {
  if (place === 'query') return { headers: [], arguments: [], query: [{ name, value }] };
  const cookie: Argument = ['--header', [...text('Cookie: '), ...name, ...text('='), ...value]];
  const header = place === 'cookie' ? cookie : writeHeader({ name, value, enabled: true });
  return { headers: [header], arguments: [], query: [] };
}
