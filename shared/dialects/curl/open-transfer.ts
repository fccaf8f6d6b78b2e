import { handlePart } from '../../collection/handle-part.ts';
import type { BodyTemplate, Field, RequestSettings, RequestTemplate } from '../../collection/model.ts';
import { sealBody } from '../../collection/seal-literals.ts';
import { mapRequest } from '../../export/map-request.ts';
import { isSensitiveName } from '../../redact/names.ts';
import { methodsWithoutBody } from '../../request/plan-body.ts';
import { lexTemplate, mapReferences, templateText } from '../../template/lex.ts';
import type { Template } from '../../template/template.ts';
import { cutOutside, indexOutside } from '../outside-references.ts';
import { readUrl } from '../postman/url.ts';
import { readData, urlQuery } from './data.ts';
import { readForm } from './form.ts';
import { readAuth } from './read-auth.ts';
import { type Headers, readHeaders } from './read-headers.ts';
import { EXPANSION } from './shell-words.ts';
import { isOn, type Transfer, text } from './transfer.ts';

const FORM_TYPE = 'application/x-www-form-urlencoded';
const JSON_TYPE = 'application/json';

/** Builds the whole request of a transfer; called each time it is wanted. */
export function openTransfer(transfer: Transfer, description: string): RequestTemplate {
  const { options } = transfer;
  const { body, query, implied, notes } = readContent(transfer);
  const headers = readHeaders(transfer, implied);
  const auth = readAuth(transfer);
  const hasAuthorization = headers.fields.some(({ name }) => templateText(name).toLowerCase() === 'authorization');
  const request: RequestTemplate = {
    ...(description !== '' && { description }),
    method: transfer.method,
    url: readAddress(transfer, query),
    headers: headers.fields,
    body,
    // curl leaves its own Authorization out where the command has one.
    auth: hasAuthorization && auth.type !== 'awsv4' ? { type: 'none', fields: {}, from: 'none' } : auth,
    folderVariables: [],
    scripts: [],
    settings: readSettings(transfer, body, withoutType(transfer, headers)),
    examples: [],
    ...notesOf([
      ...transfer.notes,
      ...headers.notes,
      ...notes,
      ...passwordNote(text(options, 'user')),
      ...typeNote(body, headers.fields),
    ]),
  };
  return mapRequest(request, giveMeaning, { prose: (prose) => prose, script: (source) => source });
}

/** The headers that the client leaves out; a file that is uploaded has no content type unless one is stated. */
function withoutType({ upload }: Transfer, { fields, removed }: Headers): readonly string[] {
  const untyped = upload !== undefined && upload !== '' && !hasContentType(fields) && !removed.includes('content-type');
  return untyped ? [...removed, 'content-type'] : removed;
}

function hasContentType(headers: readonly Field[]): boolean {
  return headers.some(({ name }) => templateText(name).toLowerCase() === 'content-type');
}

function notesOf(notes: readonly string[]): Pick<RequestTemplate, 'notes'> {
  return notes.length === 0 ? {} : { notes: [...new Set(notes)] };
}

function passwordNote(user: string | undefined): string[] {
  const asked = user !== undefined && user !== '' && indexOutside(user, ':') === -1 && !user.startsWith('{{');
  return asked ? ['A password that curl would ask for is left empty'] : [];
}

function typeNote(body: BodyTemplate, headers: readonly Field[]): string[] {
  if (body.kind !== 'multipart') return [];
  const type = headers.find(({ name }) => templateText(name).toLowerCase() === 'content-type')?.value ?? [];
  return /^(?:multipart\/form-data|$)/i.test(templateText(type)) ? [] : ['A form is sent as multipart/form-data'];
}

interface Content {
  readonly body: BodyTemplate;
  /** Pieces that the options add to the query. */
  readonly query: readonly string[];
  /** Headers that go with the body unless the command states its own. */
  readonly implied: readonly (readonly [string, string])[];
  readonly notes: readonly string[];
}

function readContent({ options, stdin, upload }: Transfer): Content {
  const data = readData(options, stdin);
  const form = readForm(options, stdin);
  const query = urlQuery(options, stdin);
  if (data && isOn(options, 'get')) {
    return { body: { kind: 'none' }, query: [...query, data.text], implied: [], notes: [] };
  }
  if (upload !== undefined && upload !== '') return { body: uploadBody(upload, stdin), query, implied: [], notes: [] };
  if (form.length > 0) {
    return { body: { kind: 'multipart', parts: form }, query, implied: [], notes: [] };
  }
  if (!data) return { body: { kind: 'none' }, query, implied: [], notes: [] };
  // The fields settle the type.
  if (data.body.kind === 'urlencoded') return { body: data.body, query, implied: [], notes: data.notes };
  const isJson = options.some(({ name }) => name === 'json');
  const implied: Content['implied'] = isJson
    ? [
        ['Content-Type', JSON_TYPE],
        ['Accept', JSON_TYPE],
      ]
    : [['Content-Type', FORM_TYPE]];
  return { body: data.body, query, implied, notes: data.notes };
}

function uploadBody(upload: string, stdin: Transfer['stdin']): BodyTemplate {
  if (upload !== '-' && upload !== '.') return { kind: 'file', path: lexTemplate(upload) };
  if (stdin?.kind === 'file') return { kind: 'file', path: lexTemplate(stdin.path) };
  const content = stdin?.kind === 'text' ? stdin.text : EXPANSION;
  return { kind: 'raw', text: sealBody(content) };
}

/** The URL with what the options add to its query; the fragment is never sent. */
function readAddress({ url }: Transfer, more: readonly string[]): RequestTemplate['url'] {
  const [sent = ''] = cutOutside(url, '#');
  const [address, query] = cutOutside(sent, '?');
  const own = query?.replace(/&$/, '') ?? '';
  const added = [...(own === '' ? [] : [own]), ...more].join('&');
  const { fragment: _, ...rest } = readUrl(more.length === 0 ? sent : `${address}?${added}`);
  return rest;
}

const MS = 1_000;

/** curl follows no redirect unless it is told to, and sends a body whatever the method is. */
function readSettings(transfer: Transfer, body: BodyTemplate, removed: readonly string[]): RequestSettings {
  const { options } = transfer;
  const trusted = isOn(options, 'location-trusted');
  const follows = trusted || isOn(options, 'location');
  const redirects = Number(text(options, 'max-redirs') ?? Number.NaN);
  const seconds = Number(text(options, 'max-time') ?? Number.NaN);
  return {
    followRedirects: follows,
    ...(Number.isInteger(redirects) && redirects >= 0 && { maxRedirects: redirects }),
    ...(follows && text(options, 'request') !== undefined && { followOriginalHttpMethod: true }),
    ...(trusted && { followAuthorizationHeader: true }),
    ...(isOn(options, 'insecure') && { strictSSL: false }),
    ...(seconds > 0 && { timeoutMs: Math.ceil(seconds * MS) }),
    ...(body.kind !== 'none' && methodsWithoutBody.has(transfer.method) && { disableBodyPruning: true }),
    ...(removed.length > 0 && { disabledSystemHeaders: removed }),
  };
}

const NOT_COMPUTED = 'what a shell, a file or a standard input would give here is not computed';
const EXPANSION_NAME = EXPANSION.slice('{{'.length, -'}}'.length);

/**
 * A variable of the shell under a sensitive name is a handle if the vault knows it, else the variable of that name; what a
 * shell would compute fails when it is rendered.
 */
export function giveMeaning(template: Template): Template {
  return mapReferences(template, (name): Template | undefined => {
    if (name === EXPANSION_NAME) return [{ kind: 'unsupported', text: '$(…)', problem: NOT_COMPUTED }];
    if (!/^[A-Za-z_]\w*$/.test(name) || !isSensitiveName(name)) return undefined;
    return [handlePart(name, { otherwise: [{ kind: 'reference', name: [{ kind: 'text', text: name }] }] })];
  });
}
