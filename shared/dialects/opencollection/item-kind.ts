import { isObject, type JsonObject, objectOr, textOf } from '../../collection/narrow.ts';

export type ItemKind = 'http' | 'graphql' | 'grpc' | 'websocket' | 'script' | 'app';

const PROTOCOLS = ['http', 'graphql', 'grpc', 'websocket'] as const;

/** What an item is; the block of its protocol tells, and `info.type` where there is none. */
export function itemKind(item: JsonObject): ItemKind | 'folder' | undefined {
  const type = textOf(objectOr(item.info).type);
  for (const protocol of PROTOCOLS) if (isObject(item[protocol])) return protocol;
  for (const protocol of PROTOCOLS) if (type === protocol && item[protocol] === undefined) return protocol;
  if (item.type === 'script') return 'script';
  if (type === 'app') return 'app';
  return type === 'folder' || Array.isArray(item.items) ? 'folder' : undefined;
}

/** The block of the item's protocol. */
export function detailsOf(item: JsonObject, kind: ItemKind): JsonObject {
  return objectOr(item[kind]);
}

/** As sent; of what is not HTTP the protocol in capitals. */
export function readMethod(item: JsonObject, kind: ItemKind): string {
  if (kind !== 'http' && kind !== 'graphql') return kind.toUpperCase();
  const method = textOf(detailsOf(item, kind).method).toUpperCase();
  return method || (kind === 'http' ? 'GET' : 'POST');
}

const NOT_EXECUTED: Readonly<Partial<Record<ItemKind, string>>> = {
  grpc: 'gRPC requests are not executed',
  websocket: 'WebSocket requests are not executed',
  script: 'Script files are not executed',
  app: 'Apps are not executed',
};

/** Why an item of this kind is listed and never sent; undefined for one that is sent. */
export function whyNotExecuted(kind: ItemKind): string | undefined {
  return NOT_EXECUTED[kind];
}
