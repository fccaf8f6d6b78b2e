import type { Variable } from '../../collection/model.ts';
import { isObject, type JsonObject, listOr, objectOr, textOf } from '../../collection/narrow.ts';
import { sealPlain, sealText, sealVariable } from '../../collection/seal-literals.ts';
import { isSensitiveName } from '../../redact/names.ts';
import { lexTemplate, plainTemplate } from '../../template/lex.ts';
import type { Template } from '../../template/template.ts';
import { describeValues } from './describe-values.ts';
import { majorOf, type OpenapiDocument } from './document.ts';

/** The collection's variable for where the document's paths begin. */
export const BASE_URL = 'baseUrl';

export interface Server {
  /** As stated, with its `{variables}`. */
  readonly url: string;
  readonly description: string;
  /** Without a slash at the end; variables are references. */
  readonly address: Template;
  readonly variables: readonly Variable[];
}

/** The servers of a document in its order; of Swagger 2 one for each scheme, the encrypted first. */
export function documentServers(document: OpenapiDocument): Server[] {
  return majorOf(document) === 2 ? swaggerServers(document.root) : readServers(document.root.servers);
}

/** The `servers` of a document, a path or an operation. */
export function readServers(servers: unknown): Server[] {
  return listOr(servers).flatMap((server) => (isObject(server) ? [readServer(server)] : []));
}

/** Where Swagger 2 begins its paths, by one scheme each; none without a host. */
export function swaggerServers(root: JsonObject, schemes: unknown = root.schemes): Server[] {
  const host = textOf(root.host).trim();
  const basePath = textOf(root.basePath).trim();
  const path = basePath === '' || basePath.startsWith('/') ? basePath : `/${basePath}`;
  if (host === '') return path === '' ? [] : [readServer({ url: path })];
  const stated = listOr(schemes).filter((scheme) => scheme === 'https' || scheme === 'http');
  // "If schemes is not included, the default is the one used to access the definition": that is not known of a file.
  const used = stated.length > 0 ? new Set([...stated].sort().reverse()) : ['https'];
  return [...used].map((scheme) => readServer({ url: `${textOf(scheme)}://${host}${path}` }));
}

/** Relative to where the document is served, which is not known of a file. */
export function isRelative({ url }: Server): boolean {
  return !/^(?:[a-z][a-z0-9+.-]*:\/\/|\{)/i.test(url);
}

function readServer(server: JsonObject): Server {
  const url = textOf(server.url).trim();
  const stated = objectOr(server.variables);
  const names = [...new Set([...url.matchAll(/\{([^{}]+)\}/g)].map(([, name = '']) => name))];
  // The variable that holds the address cannot be a part of it.
  const variables = names.filter((name) => name !== BASE_URL).flatMap((name) => serverVariable(name, stated));
  return { url, description: textOf(server.description).trim(), address: addressOf(url, stated), variables };
}

function addressOf(url: string, variables: JsonObject): Template {
  const cut = url.replace(/\/$/, '');
  const credentials = /^[a-z]+:\/\/([^/?#]+)@/i.exec(cut);
  const scheme = cut.indexOf('://') + 3;
  const parts = credentials
    ? [...plainTemplate(cut.slice(0, scheme)), ...sealText(credentials[1] ?? ''), ...plainTemplate('@')]
    : [];
  const rest = cut.slice(credentials?.[0].length ?? 0);
  const pieces = rest.split(/\{([^{}]+)\}/);
  return [
    ...parts,
    ...pieces.flatMap((piece, index): Template => {
      if (index % 2 === 0) return piece.includes('=') ? sealPlain(piece) : plainTemplate(piece);
      if (piece === BASE_URL) return lexTemplate(defaultOf(variables, piece) ?? '');
      return [{ kind: 'reference', name: plainTemplate(piece) }];
    }),
  ];
}

function serverVariable(name: string, variables: JsonObject): Variable[] {
  const value = defaultOf(variables, name);
  if (value === undefined) return [];
  const stated = objectOr(Object.hasOwn(variables, name) ? variables[name] : undefined);
  const secret = isSensitiveName(name);
  return [
    {
      name,
      value: secret ? sealVariable(value, 'named') : sealPlain(value),
      enabled: true,
      secret,
      ...describeValues(name, stated.description, stated.enum),
    },
  ];
}

function defaultOf(variables: JsonObject, name: string): string | undefined {
  const stated = objectOr(Object.hasOwn(variables, name) ? variables[name] : undefined);
  const value = textOf(stated.default ?? listOr(stated.enum)[0]);
  return value === '' ? undefined : value;
}
