// Insomnia 5: one YAML file a collection, design document, global environment, mock server or MCP client.
import { isObject, type JsonObject, listOr, objectOr, textOf } from '../../collection/narrow.ts';
import { limits } from '../../limits.ts';
import { createEnvironmentLimits } from './environment-limits.ts';
import {
  type Export,
  type Item,
  malformed,
  notesOf,
  type Path,
  type Problem,
  type Protocol,
  protocols,
  tooDeep,
  type Workspace,
} from './workspace.ts';

const TYPE = /^(collection|spec|environment|mock)\.insomnia\.rest\/(\d+\.\d+)$|^(mcpClient)\.insomnia\/(\d+\.\d+)$/;

/** Kind and version of a file by its `type`; undefined for one that is none. */
export function readType(type: unknown): { readonly kind: string; readonly version: string } | undefined {
  const found = TYPE.exec(textOf(type));
  return found ? { kind: found[1] ?? found[3] ?? '', version: found[2] ?? found[4] ?? '' } : undefined;
}

/** Reads a file of version 5. A mock server has nothing to request. */
export function readV5(root: JsonObject, kind: string, file: string): Export {
  const format = `insomnia-${/^5\.\d{1,3}$/.exec(textOf(root.schema_version))?.[0] ?? '5.0'}`;
  if (kind === 'mock') return { format, workspaces: [], problems: [] };
  const problems: Problem[] = [];
  const admits = createEnvironmentLimits(file, problems);
  const stated = isObject(root.environments) ? root.environments : undefined;
  const base = stated && admits(stated, ['environments']) ? stated : undefined;
  const workspace: Workspace = {
    name: textOf(root.name),
    description: objectOr(root.meta).description,
    scope: kind === 'environment' ? 'environment' : 'collection',
    items: itemsOf(root, kind, { file, problems }),
    base,
    environments: listOr(stated?.subEnvironments).filter(
      (each, index): each is JsonObject => isObject(each) && admits(each, ['environments', 'subEnvironments', index]),
    ),
    notes: notesOf(root.cookieJar, root.certificates),
  };
  return { format, workspaces: [workspace], problems };
}

interface Walk {
  readonly file: string;
  readonly problems: Problem[];
}

function itemsOf(root: JsonObject, kind: string, walk: Walk): Item[] {
  if (kind === 'mcpClient') {
    const { mcpRequest } = root;
    return isObject(mcpRequest) ? [requestItem(mcpRequest, ['mcpRequest'], protocols.mcp)] : [];
  }
  return walkItems(root.collection, ['collection'], 0, walk);
}

function walkItems(items: unknown, path: Path, depth: number, walk: Walk): Item[] {
  const list = listOr(items);
  if (depth > limits.itemDepth && list.length > 0) {
    walk.problems.push(tooDeep(walk.file, path));
    return [];
  }
  return list.flatMap((object, index) => {
    const at = [...path, index];
    const kind = isObject(object) ? kindOf(object) : undefined;
    if (!isObject(object) || kind === undefined) {
      walk.problems.push(malformed(walk.file, 'an item is neither a folder nor a request', at));
      return [];
    }
    if (kind !== 'folder') return [requestItem(object, at, kind === 'http' ? undefined : protocols[kind])];
    const children = walkItems(object.children, [...at, 'children'], depth + 1, walk);
    return [{ kind, name: textOf(object.name), object, path: at, children }];
  });
}

function requestItem(object: JsonObject, path: Path, protocol: Protocol | undefined): Item {
  return { kind: 'request', name: textOf(object.name), object, path, children: [], ...(protocol && { protocol }) };
}

type Kind = 'folder' | 'http' | keyof typeof protocols;

// Since schema version 5.2 an item states what it is; before, its fields and its id do.
const TYPES: Readonly<Record<string, Kind>> = {
  Request: 'http',
  RequestGroup: 'folder',
  GrpcRequest: 'grpc',
  WebSocketRequest: 'websocket',
  SocketIORequest: 'socketio',
  McpRequest: 'mcp',
};
const PREFIXES: readonly (readonly [string, Kind])[] = [
  ['req_', 'http'],
  ['fld_', 'folder'],
  ['greq_', 'grpc'],
  ['ws-req', 'websocket'],
  ['socketio-req', 'socketio'],
  ['mcp-req', 'mcp'],
];

function kindOf(item: JsonObject): Kind | undefined {
  const type = textOf(item.type);
  if (Object.hasOwn(TYPES, type)) return TYPES[type];
  if (Array.isArray(item.children)) return 'folder';
  if (textOf(item.method) !== '') return 'http';
  if (isObject(item.reflectionApi) || 'protoMethodName' in item) return 'grpc';
  if (Array.isArray(item.eventListeners)) return 'socketio';
  if (typeof item.transportType === 'string') return 'mcp';
  const id = textOf(objectOr(item.meta).id);
  return PREFIXES.find(([prefix]) => id.startsWith(prefix))?.[1] ?? (typeof item.url === 'string' ? 'http' : undefined);
}
