// A runnable collection from the drawn requests of one collection. The same JSON is given to newman and to Keyward: hosts
// point at the recording server, scripts and examples are gone, variables without a value get one.
import type { Body, Collection, Item, Request, Url, Variable } from './wire-postman.ts';

export interface Derived {
  readonly collection: Collection;
  readonly environment: object;
  /** Names of the kept items, in the order of the collection. */
  readonly ids: readonly string[];
}

/** The file that every upload is pointed at. */
export const UPLOAD = 'wire-upload.txt';

/** Keeps the items of `drawn`, under the names that it gives them. */
export function deriveCollection(original: Collection, drawn: ReadonlyMap<Item, string>, server: string): Derived {
  const move: Move = { server, values: new Map(), variables: original.variable ?? [] };
  const item = keep(original.item, drawn, move);
  const collection: Collection = { ...original, item, event: undefined };
  for (const name of unsetNames(collection, move.variables)) {
    if (!move.values.has(name)) move.values.set(name, `value-of-${name.replace(/\W/g, '')}`);
  }
  const values = [...move.values].map(([key, value]) => ({ key, value, enabled: true }));
  const environment = { name: 'wire', values, _postman_variable_scope: 'environment' };
  return { collection, environment, ids: [...drawn.values()] };
}

interface Move {
  readonly server: string;
  /** The environment's variables. */
  readonly values: Map<string, string>;
  readonly variables: readonly Variable[];
}

function keep(items: readonly Item[], drawn: ReadonlyMap<Item, string>, move: Move): Item[] {
  return items.flatMap((item): Item[] => {
    if (Array.isArray(item?.item)) {
      const kept = keep(item.item, drawn, move);
      return kept.length > 0 ? [{ ...item, item: kept, event: undefined }] : [];
    }
    const name = drawn.get(item);
    if (name === undefined) return [];
    return [
      { ...item, id: name, name, request: moveRequest(item.request ?? '', move), event: undefined, response: [] },
    ];
  });
}

function moveRequest(request: string | Request, move: Move): string | Request {
  if (typeof request === 'string') return moveText(request, move);
  const { url = '', body } = request;
  const moved = typeof url === 'string' ? moveText(url, move) : moveUrl(url, move);
  return { ...request, url: moved, ...(body && { body: withUpload(body) }), proxy: undefined, certificate: undefined };
}

const AUTHORITY = /^(?:[a-z][a-z0-9+.-]*:[/\\]+)?[^/?#\\]*/i;

// Where a variable is the whole host it stays, and the environment gives it the server.
function moveUrl(url: Url, move: Move): string | Url {
  const host = Array.isArray(url.host) ? url.host.join('.') : url.host;
  if (!host) return moveText(url.raw ?? '', move);
  const name = /^\{\{([^{}]+)\}\}$/.exec(host)?.[1];
  const { hostname, port } = new URL(move.server);
  if (!name) return { ...url, protocol: 'http', host: hostname.split('.'), port, auth: undefined };
  const address = url.port ? hostname : `${hostname}:${port}`;
  const whole = url.port ? `http://${hostname}` : valueFor(name, move);
  move.values.set(name, url.protocol ? address : whole);
  return { ...url, auth: undefined, ...(url.port && { port }), ...(url.protocol && { protocol: 'http' }) };
}

function moveText(url: string, move: Move): string {
  const text = url.trimStart();
  const name = /^\{\{([^{}]+)\}\}/.exec(text)?.[1];
  if (!name) return text.replace(AUTHORITY, move.server);
  move.values.set(name, valueFor(name, move));
  return url;
}

/** The server, with the path that the variable's own value has. */
function valueFor(name: string, { server, variables }: Move): string {
  const own = variables.find(({ key, id }) => (key ?? id) === name)?.value;
  return typeof own === 'string' && own !== '' && !own.includes('{{') ? own.replace(AUTHORITY, server) : server;
}

function withUpload(body: Body): Body {
  const { file, formdata } = body;
  const named = typeof file === 'string' || typeof file?.src === 'string';
  return {
    ...body,
    ...(named && { file: { src: UPLOAD } }),
    ...(Array.isArray(formdata) && { formdata: formdata.map(withUploadPart) }),
  };
}

function withUploadPart(part: { readonly type?: string; readonly src?: string | string[] }) {
  if (part?.type !== 'file' || !part.src) return part;
  return { ...part, src: Array.isArray(part.src) ? part.src.map(() => UPLOAD) : UPLOAD };
}

function unsetNames(collection: Collection, variables: readonly Variable[]): Set<string> {
  const set = new Set(variables.filter(({ disabled }) => !disabled).map(({ key, id }) => key ?? id));
  const names = JSON.stringify(collection).matchAll(/\{\{([^{}]+)\}\}/g);
  const decoded = [...names].map((match): string => JSON.parse(`"${match[1]}"`));
  return new Set(decoded.filter((name) => !set.has(name)));
}
