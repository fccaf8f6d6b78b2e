import { type JsonObject, textOf } from '../../collection/narrow.ts';

interface Kind {
  /** Absent: what the file says. */
  readonly method?: string;
  readonly notExecutable?: string;
}

const kinds: Readonly<Record<string, Kind>> = {
  'http-request': {},
  'graphql-request': { method: 'POST' },
  'grpc-request': { method: 'GRPC', notExecutable: 'gRPC requests are not executed' },
  'websocket-request': { method: 'WEBSOCKET', notExecutable: 'WebSocket requests are not executed' },
  'socket.io-request': { method: 'SOCKET.IO', notExecutable: 'Socket.IO requests are not executed' },
  'mqtt-request': { method: 'MQTT', notExecutable: 'MQTT requests are not executed' },
  'mcp-request': { method: 'MCP', notExecutable: 'MCP requests are not executed' },
  'llm-request': { method: 'LLM', notExecutable: 'Requests to language models are not executed' },
};

const unknown: Kind = { method: 'UNKNOWN', notExecutable: 'Requests of this kind are not executed' };

/** What the file's `$kind` makes of it; one without a kind is an HTTP request. */
export function kindOf({ $kind, method }: JsonObject): Kind & { readonly kind: string; readonly method: string } {
  const kind = $kind === undefined || $kind === null ? 'http-request' : textOf($kind);
  const known = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
  const stated = textOf(method).toUpperCase() || 'GET';
  return { kind, method: stated, ...(known ?? unknown) };
}
