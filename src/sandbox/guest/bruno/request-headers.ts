// Headers of a request as Bruno shows them: an object by name, and a list. A bearer token is a header there, so that a script reads,
// replaces and takes it away as one; here it stays in the auth until a script writes it.

import type { MutableRequest } from '../run.ts';
import { textOf } from './given.ts';
import { createHeaderList, type HeaderItem, type HeaderSource } from './header-list.ts';

export interface RequestHeaders {
  get(name: string): unknown;
  set(name: string, value: unknown): void;
  delete(name: string): void;
  replace(headers: unknown): void;
  /** What reads and writes the headers by name. */
  readonly object: Record<string, unknown>;
  readonly list: Record<string, unknown>;
  contentType(): string;
}

const AUTHORIZATION = 'Authorization';

export function createRequestHeaders(request: MutableRequest): RequestHeaders {
  const enabled = (): HeaderItem[] => {
    const named = new Map<string, string>();
    for (const { name, value, enabled: isSent } of request.headers) if (isSent) named.set(name, value);
    const token = bearerOf(request);
    if (token !== undefined && ![...named.keys()].some(isAuthorization)) named.set(AUTHORIZATION, token);
    return [...named].map(([key, value]) => ({ key, value }));
  };
  const find = (name: string): HeaderItem | undefined => {
    const items = enabled();
    return items.find(({ key }) => key === name) ?? items.find(({ key }) => isOwnSpelling(key, name));
  };
  const remove = (name: string): void => {
    const key = find(name)?.key ?? name;
    if (isAuthorization(key) && bearerOf(request) !== undefined) request.auth = { type: 'none', fields: {} };
    request.headers = request.headers.filter((header) => !(header.enabled && header.name === key));
  };
  const set = (name: string, value: unknown): void => {
    const key = find(name)?.key ?? name;
    const at = request.headers.findIndex((header) => header.enabled && header.name === key);
    remove(key);
    if (value === null || value === undefined) return;
    request.headers.splice(at === -1 ? request.headers.length : at, 0, { name, value: textOf(value), enabled: true });
  };
  const source: HeaderSource = {
    all: () => [
      ...request.headers
        .filter(({ enabled: isSent }) => !isSent)
        .map(({ name, value }) => ({ key: name, value, disabled: true as const })),
      ...enabled(),
    ],
    set,
    delete: remove,
    deleteDisabled: (name) => {
      const folded = name.toLowerCase();
      request.headers = request.headers.filter((header) => header.enabled || header.name.toLowerCase() !== folded);
    },
  };
  return {
    get: (name) => find(name)?.value,
    set,
    delete: remove,
    replace: (headers) => {
      for (const { key } of enabled()) remove(key);
      if (typeof headers === 'object' && headers !== null) {
        for (const [name, value] of Object.entries(headers)) set(name, value);
      }
    },
    object: byName(enabled, find, set, remove),
    list: createHeaderList(source.all, source),
    contentType: () => textOf(find('content-type')?.value),
  };
}

function bearerOf({ auth }: MutableRequest): string | undefined {
  return auth.type === 'bearer' ? `Bearer ${auth.fields.token ?? ''}` : undefined;
}

function isAuthorization(name: string): boolean {
  return name.toLowerCase() === 'authorization';
}

/** Names are told apart by case, but for the one that is written for the body here and in lower case by Bruno. */
function isOwnSpelling(key: string, name: string): boolean {
  const folded = key.toLowerCase();
  return folded === 'content-type' && folded === name.toLowerCase();
}

function byName(
  items: () => readonly HeaderItem[],
  find: (name: string) => HeaderItem | undefined,
  set: (name: string, value: unknown) => void,
  remove: (name: string) => void,
): Record<string, unknown> {
  const valueAt = (name: string | symbol): unknown => (typeof name === 'string' ? find(name)?.value : undefined);
  return new Proxy<Record<string, unknown>>(
    {},
    {
      get: (target, name) => valueAt(name) ?? (Reflect.get(target, name) as unknown),
      has: (target, name) => valueAt(name) !== undefined || Reflect.has(target, name),
      set: (_, name, value: unknown) => {
        set(String(name), value);
        return true;
      },
      deleteProperty: (_, name) => {
        remove(String(name));
        return true;
      },
      ownKeys: () => items().map(({ key }) => key),
      getOwnPropertyDescriptor: (_, name) => {
        const value = valueAt(name);
        return value === undefined ? undefined : { value, writable: true, enumerable: true, configurable: true };
      },
    },
  );
}
