// What both versions of the format are read as: a tree of folders and requests, with its environments.
import { isObject, type JsonObject, listOr, objectOr, textOf } from '../../collection/narrow.ts';
import type { FailureCode } from '../../failure/catalogue.ts';
import type { Facts } from '../../failure/failure.ts';
import { limits } from '../../limits.ts';

/** Keys and indexes from the root of the file. */
export type Path = readonly (string | number)[];

export interface Workspace {
  readonly name: string;
  readonly description: unknown;
  readonly scope: 'collection' | 'environment';
  readonly items: readonly Item[];
  /** The environment that always holds, and those of which one is chosen. */
  readonly base: JsonObject | undefined;
  readonly environments: readonly JsonObject[];
  readonly notes: readonly string[];
}

export interface Item {
  readonly kind: 'folder' | 'request';
  readonly name: string;
  /** Of what is not HTTP the protocol. */
  readonly protocol?: Protocol;
  readonly object: JsonObject;
  readonly path: Path;
  readonly children: readonly Item[];
}

export interface Protocol {
  readonly method: string;
  readonly reason: string;
}

/** What cannot be read of a file, with its place. */
export interface Problem {
  readonly code: FailureCode;
  readonly facts: Facts;
  readonly path: Path;
}

/** What a file amounts to. The same for the same text. */
export interface Export {
  readonly format: string;
  readonly workspaces: readonly Workspace[];
  readonly problems: readonly Problem[];
}

export const protocols = {
  grpc: { method: 'GRPC', reason: 'gRPC requests are not executed' },
  websocket: { method: 'WEBSOCKET', reason: 'WebSocket requests are not executed' },
  socketio: { method: 'SOCKETIO', reason: 'Socket.IO requests are not executed' },
  mcp: { method: 'MCP', reason: 'requests to an MCP server are not executed' },
} as const satisfies Readonly<Record<string, Protocol>>;

/** The problem of folders that nest deeper than limits.itemDepth. */
export function tooDeep(file: string, path: Path): Problem {
  const facts = { limit: limits.itemDepth, what: `levels of folders in ${file}` };
  return { code: 'COLLECTION/TOO_MANY', facts, path };
}

/** The problem of a part of a file; the sentence is fixed. */
export function malformed(file: string, problem: string, path: Path): Problem {
  return { code: 'COLLECTION/MALFORMED', facts: { file, problem }, path };
}

/** What the parts of a collection that belong to no one request hold, and Keyward leaves out. */
export function notesOf(cookieJar: unknown, certificates: unknown): string[] {
  const cookies = listOr(objectOr(cookieJar).cookies).length > 0;
  const trusted = listOr(certificates).some((entry) => isObject(entry) && textOf(entry.path) !== '');
  return [
    ...(cookies ? ['The cookies in the cookie jar of the collection are not sent.'] : []),
    ...(trusted ? ['The certificates that the collection names are not used.'] : []),
  ];
}
