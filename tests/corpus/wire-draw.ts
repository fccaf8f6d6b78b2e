// Draws requests evenly from the Postman collections of a folder.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { METHODS } from 'node:http';
import { join, relative } from 'node:path';
import { deriveCollection } from './wire-derive.ts';
import type { Auth, Collection, Item } from './wire-postman.ts';

export interface DerivedCollection {
  /** Relative path of the source file. */
  readonly source: string;
  /** The origin that its requests are sent to. */
  readonly server: string;
  readonly collection: object;
  readonly environment: object;
  /** Ids of the drawn requests, in the order of the collection; each is the name of its item. */
  readonly ids: readonly string[];
}

export interface Draw {
  readonly derived: readonly DerivedCollection[];
  /** Reason → how many of the requests drawn were left out. */
  readonly excluded: ReadonlyMap<string, number>;
  readonly available: number;
}

const supportedAuth = new Set(['noauth', 'basic', 'bearer', 'apikey']);

/** Draws `count` requests, every n-th of all in the folder's file order. `servers` are the origins that collections are sent to in turn. */
export function drawRequests(corpora: string, count: number, servers: readonly string[]): Draw {
  const sources = readCollections(corpora);
  const available = sources.reduce((sum, { collection }) => sum + leaves(collection.item).length, 0);
  const excluded = new Map<string, number>();
  const derived: DerivedCollection[] = [];
  let position = 0;
  for (const { source, collection } of sources) {
    const drawn = new Map<Item, string>();
    for (const { item, auth } of leaves(collection.item, collection.auth)) {
      const isDrawn = Math.floor((position * count) / available) !== Math.floor(((position + 1) * count) / available);
      position += 1;
      if (!isDrawn) continue;
      const reason = exclusion(item, auth);
      if (reason) excluded.set(reason, (excluded.get(reason) ?? 0) + 1);
      else drawn.set(item, `wire-${position}`);
    }
    const server = servers[derived.length % servers.length] ?? '';
    if (drawn.size > 0) derived.push({ source, server, ...deriveCollection(collection, drawn, server) });
  }
  return { derived, excluded, available };
}

function readCollections(corpora: string): { source: string; collection: Collection }[] {
  const folders = readdirSync(corpora)
    .filter((name) => name.startsWith('postman-'))
    .sort();
  return folders.flatMap((folder) =>
    jsonFiles(join(corpora, folder)).flatMap((path) => {
      const collection = readCollection(path);
      return collection ? [{ source: relative(corpora, path), collection }] : [];
    }),
  );
}

function jsonFiles(folder: string): string[] {
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const path = join(folder, name);
      if (statSync(path).isDirectory()) return jsonFiles(path);
      return name.endsWith('.json') ? [path] : [];
    });
}

function readCollection(path: string): Collection | undefined {
  try {
    const file = JSON.parse(readFileSync(path, 'utf8'));
    const collection = file?.collection ?? file;
    const isCollection = Array.isArray(collection?.item) && /\/v2\.[01]\.0\//.test(collection?.info?.schema ?? '');
    return isCollection ? collection : undefined;
  } catch {
    return undefined;
  }
}

interface Leaf {
  readonly item: Item;
  readonly auth: Auth | undefined;
}

function leaves(items: readonly Item[], inherited?: Auth): Leaf[] {
  return items.flatMap((item): Leaf[] => {
    if (typeof item !== 'object' || item === null) return [];
    if (Array.isArray(item.item)) return leaves(item.item, item.auth ?? inherited);
    if (!item.request) return [];
    const own = typeof item.request === 'string' ? undefined : item.request.auth;
    return [{ item, auth: own ?? inherited }];
  });
}

function exclusion({ request }: Item, auth: Auth | undefined): string | undefined {
  const type = auth?.type ?? 'noauth';
  if (!supportedAuth.has(type)) return `auth type ${type}`;
  const method = typeof request === 'string' ? 'GET' : (request?.method ?? 'GET');
  if (!METHODS.includes(method.toUpperCase() || 'GET')) return 'a method that the recording server cannot parse';
  if (/\{\{[^{}]*\{\{/.test(JSON.stringify(request))) return 'a nested variable name whose parts have no value';
  return undefined;
}

/** Whether the reference folder beside the checkout is there. */
export function hasCorpora(corpora: string): boolean {
  return existsSync(corpora);
}
