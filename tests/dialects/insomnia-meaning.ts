// What a collection says once it went through Insomnia: what that client would fill in by itself is filled in on both sides.
import type { BodyTemplate, Field, RequestTemplate } from '../../shared/collection/model.ts';
import type { Dialect, Documents } from '../../shared/dialects/dialect.ts';
import { insomnia } from '../../shared/dialects/insomnia/insomnia.ts';
import { lookAt } from '../../shared/dialects/look.ts';
import type { WritableCollection, Written } from '../../shared/dialects/writer.ts';
import { openCollection, takeSecrets } from '../../shared/export/take-secrets.ts';
import { lexTemplate } from '../../shared/template/lex.ts';
import type { Template } from '../../shared/template/template.ts';
import { plainText } from './plain-text.ts';
import { meaningOf, merged } from './request-meaning.ts';

/** The collections of these files, by path, with handles in the place of their secrets. */
export function readWritable(dialect: Dialect, texts: ReadonlyMap<string, string>): readonly WritableCollection[] {
  const reader = dialect.createReader();
  for (const [file, text] of texts) reader.put(lookAt(file, text));
  return writableOf(reader.documents());
}

/** What was written, read again. */
export function rereadInsomnia({ files }: Written): WritableCollection {
  const [only] = readWritable(insomnia, new Map(files.map(({ path, text }) => [path, text])));
  if (!only) throw new Error('nothing was read');
  return only;
}

function writableOf({ collections, environments }: Documents): readonly WritableCollection[] {
  const opened = collections.map((collection) =>
    openCollection(
      collection,
      environments.filter(({ collections: ids }) => ids?.includes(collection.id) ?? true),
    ),
  );
  return takeSecrets(opened).writable;
}

/** The requests that lost more than their examples; undefined stands for the collection. */
export function lossyRequests({ losses }: Written): ReadonlySet<string | undefined> {
  return new Set(losses.filter(({ what }) => what !== 'Examples are left out.').map(({ request }) => request));
}

/** The requests that lost nothing, by their paths. */
export function requestMeanings({ requests }: WritableCollection, lossy: ReadonlySet<string | undefined>): unknown {
  return requests
    .filter(({ entry }) => !lossy.has([...entry.folders, entry.name].join(' / ')))
    .map(({ entry, template }) => meaningOf(entry, asSent(template)));
}

/** The variables of the collection and of its environments, the winner of each name. */
export function variableMeanings({ variables, environments }: WritableCollection): unknown {
  const globals = environments.filter(({ kind }) => kind === 'globals').map((each) => each.variables);
  const chosen = environments.filter(({ kind }) => kind === 'environment');
  return {
    collection: sorted(merged([variables, ...globals])),
    environments: chosen.map(({ name, variables: own }) => [name, sorted(merged([own]))]),
  };
}

function sorted(values: Record<string, string>): unknown {
  return Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));
}

function asSent(template: RequestTemplate): RequestTemplate {
  const { settings, body, url } = template;
  const { disableBodyPruning: _always, ...kept } = settings;
  return {
    ...template,
    headers: joinHeaders([...template.headers.filter(({ name }) => name.length > 0), ...impliedType(template)]),
    url: { ...url, query: url.query.filter(({ name, value, enabled }) => enabled || name !== null || value !== null) },
    auth: { ...template.auth, fields: withDefaults(template.auth) },
    settings: kept,
    examples: [],
    body: withoutLanguage(body),
  };
}

function impliedType({ body, headers }: RequestTemplate): Field[] {
  const type = TYPES[body.kind === 'raw' ? (body.language ?? 'text') : body.kind];
  const stated = headers.some(({ name, enabled }) => enabled && plainText(name).toLowerCase() === 'content-type');
  return type === undefined || stated
    ? []
    : [{ name: lexTemplate('Content-Type'), value: lexTemplate(type), enabled: true }];
}

const TYPES: Readonly<Record<string, string>> = {
  urlencoded: 'application/x-www-form-urlencoded',
  graphql: 'application/json',
  json: 'application/json',
  xml: 'application/xml',
  html: 'text/html',
  javascript: 'application/javascript',
  text: 'text/plain',
};

/** Insomnia sends several of one name as one, and a nearer Content-Type in the place of another. */
function joinHeaders(headers: readonly Field[]): Field[] {
  const joined = new Map<string, Field>();
  for (const header of headers.filter(({ enabled }) => enabled)) {
    const key = plainText(header.name).toLowerCase();
    const before = key === 'content-type' ? undefined : joined.get(key);
    const value: Template = before ? [...before.value, { kind: 'text', text: ', ' }, ...header.value] : header.value;
    joined.set(key, { ...header, value });
  }
  return [...joined.values(), ...headers.filter(({ enabled }) => !enabled)];
}

function withDefaults({ type, fields }: RequestTemplate['auth']): RequestTemplate['auth']['fields'] {
  const stated = Object.fromEntries(Object.entries(fields).filter(([, value]) => value.length > 0));
  const defaults = DEFAULTS[type] ?? {};
  return {
    ...Object.fromEntries(Object.entries(defaults).map(([name, value]) => [name, lexTemplate(value)])),
    ...stated,
  };
}

const DEFAULTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  apikey: { in: 'header' },
  oauth2: { grant_type: 'authorization_code', client_authentication: 'header' },
};

/** A language that Insomnia has no media type for is a plain text. */
function withoutLanguage(body: BodyTemplate): BodyTemplate {
  if (body.kind !== 'raw') return body;
  const { language, ...rest } = body;
  return language === 'json' || language === 'xml' ? body : rest;
}
