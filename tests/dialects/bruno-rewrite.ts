// Writing a collection as Bruno and reading it again: what both sides say, and what Bruno's own parser makes of the files.
import { parseCollection, parseEnvironment, parseFolder, parseRequest } from '@usebruno/filestore';
import type { RequestTemplate } from '../../shared/collection/model.ts';
import { bruno } from '../../shared/dialects/bruno/bruno.ts';
import type { Dialect, Documents } from '../../shared/dialects/dialect.ts';
import { lookAt } from '../../shared/dialects/look.ts';
import type { WritableCollection, Written } from '../../shared/dialects/writer.ts';
import { openCollection, takeSecrets } from '../../shared/export/take-secrets.ts';
import { mediaTypeOf } from '../../shared/request/media-types.ts';
import { lexTemplate } from '../../shared/template/lex.ts';
import { plainText } from './plain-text.ts';
import { meaningOf, merged } from './request-meaning.ts';

/** Whether Bruno's parser reads a written file. */
export function isReadByBruno({ path, text }: Written['files'][number]): boolean {
  const options = { format: 'bru' } as const;
  if (path === 'bruno.json') return typeof JSON.parse(text) === 'object';
  if (path.startsWith('environments/')) return isValue(parseEnvironment(text, options));
  if (path === 'collection.bru') return isValue(parseCollection(text, options));
  return isValue(path.endsWith('/folder.bru') ? parseFolder(text, options) : parseRequest(text, options));
}

/** Bruno's parser gives a rejected promise for what it does not read. */
function isValue(parsed: unknown): boolean {
  if (!(parsed instanceof Promise)) return typeof parsed === 'object' && parsed !== null;
  parsed.catch(() => undefined);
  return false;
}

export function readAll(dialect: Dialect, texts: ReadonlyMap<string, string>): Documents {
  const reader = dialect.createReader();
  for (const [file, content] of texts) {
    const look = lookAt(file, content);
    if (dialect.recognise(look)) reader.put(look);
  }
  return reader.documents();
}

export function writableOf({ collections, environments }: Documents): readonly WritableCollection[] {
  const opened = collections.map((collection) =>
    openCollection(
      collection,
      environments.filter((environment) => environment.collections?.includes(collection.id) ?? true),
    ),
  );
  return takeSecrets(opened).writable;
}

export function rereadAsBruno({ files }: Written): WritableCollection {
  const empty = { name: 'none', variables: [], requests: [], environments: [] };
  const [collection = empty, ...others] = writableOf(
    readAll(bruno, new Map(files.map(({ path, text }) => [path, text]))),
  );
  if (others.length > 0) throw new Error('not one collection');
  return collection;
}

/** By path, since folders come first here; a request that lost something is told by its path. */
export function meanings(source: WritableCollection, lossy: ReadonlySet<string | undefined>): unknown {
  const listed = source.requests
    .map(({ entry, template }) => ({
      path: [...entry.folders, entry.name].join(' / '),
      meaning: sameWords(meaningOf(entry, asBrunoStates(template))),
    }))
    .filter(({ path }) => !lossy.has(path))
    .map(({ meaning }) => meaning)
    .sort()
    .map((meaning): unknown => JSON.parse(meaning));
  if (lossy.has(undefined)) return listed;
  return {
    listed,
    variables: merged([source.variables]),
    environments: source.environments
      .map(({ name, variables }) => JSON.stringify([name, Object.entries(merged([variables])).sort()]))
      .sort(),
  };
}

/** What Bruno has to state for the request to be sent as it is: content types, and Postman's defaults of OAuth 2. */
function asBrunoStates(template: RequestTemplate): RequestTemplate {
  const { body, auth, url } = template;
  const isType = (name: RequestTemplate['headers'][number]['name']): boolean =>
    plainText(name).toLowerCase() === 'content-type';
  const implied = impliedType(template);
  const stated = template.headers.filter(({ name, enabled }) => enabled && isType(name));
  const others = template.headers.filter(({ name, enabled }) => !(enabled && isType(name)));
  const type = stated.at(-1)?.value ?? (implied === undefined ? undefined : lexTemplate(implied));
  const moved = type && { name: lexTemplate('Content-Type'), value: type, enabled: true };
  const isOauth2 = auth.type === 'oauth2';
  const grant = plainText(auth.fields.grant_type ?? []);
  return {
    ...template,
    headers: body.kind === 'file' || implied !== undefined ? [...others, ...(moved ? [moved] : [])] : template.headers,
    url: { ...url, query: url.query.map((field) => ({ ...field, value: field.value && escaped(field.value) })) },
    ...(auth.type === 'oauth1' && { auth: { ...auth, fields: { ...placed(auth.fields), ...auth.fields } } }),
    ...(isOauth2 && { auth: { ...auth, fields: { ...OAUTH2, ...dropped(grant), ...auth.fields } } }),
  };
}

function placed(fields: RequestTemplate['auth']['fields']): RequestTemplate['auth']['fields'] {
  if (plainText(fields.addParamsToHeader ?? []) === 'true') return {};
  return { addParamsToHeader: lexTemplate('false'), placement: lexTemplate('query') };
}

const OAUTH2 = { headerPrefix: lexTemplate('Bearer') };

function dropped(grant: string): RequestTemplate['auth']['fields'] {
  return grant === 'implicit' ? {} : { client_authentication: lexTemplate('header') };
}

function impliedType({ body }: RequestTemplate): string | undefined {
  if (body.kind === 'file') return mediaTypeOf(plainText(body.path));
  return body.kind === 'raw' && body.language === 'sparql' ? 'application/sparql-query' : undefined;
}

function escaped(template: RequestTemplate['url']['address']) {
  return lexTemplate(plainText(template).replace(/[&#]/g, encodeURIComponent));
}

/** A handle by either of its names. */
function sameWords(meaning: unknown): string {
  return JSON.stringify(meaning).replaceAll('{{process.env.', '{{vault:');
}
