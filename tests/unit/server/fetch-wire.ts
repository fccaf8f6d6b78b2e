// A server for each request, as over HTTP, and calls of raw JSON-RPC messages in both protocol eras.
import { randomBytes } from 'node:crypto';
import { createMcpHandler } from '@modelcontextprotocol/server';
import type { Principal } from '../../../shared/policy/policy.ts';
import { createApprovals } from '../../../src/server/approvals.ts';
import type { CallScope, OperatorApprovals } from '../../../src/server/call-scope.ts';
import { createServer } from '../../../src/server/create-server.ts';
import { listTools } from '../../../src/server/tool-list.ts';
import type { Toolbox } from '../../../src/tools/toolbox.ts';
import type { Content } from '../tools/stand.ts';

export type Era = 'initialize' | '2026-07-28';

export interface FetchCall {
  readonly era: Era;
  readonly caller: Principal;
  readonly params: Readonly<Record<string, unknown>>;
  /** Of 2026-07-28: whether the client says that it can ask a person. */
  readonly canAsk?: boolean;
  readonly signal?: AbortSignal;
}

/** Answers messages of callers; `fetchAs` stands in for the network of a client. */
export function serveFetch(toolbox: Toolbox, operator?: OperatorApprovals) {
  const scopes = new WeakMap<Request, CallScope>();
  const approvals = createApprovals({ key: randomBytes(32), now: Date.now });
  const handler = createMcpHandler(
    ({ era, requestInfo }) => {
      const scope = requestInfo && scopes.get(requestInfo);
      if (!scope) throw new Error('a request without a caller');
      const parts = { version: '0.0.0', toolbox, approvals, scope, tools: listTools };
      return createServer({ ...parts, tellsOfChanges: false, asksClients: true, onListed: () => undefined }, era);
    },
    { legacy: 'stateless', responseMode: 'auto' },
  );
  const fetchAs = async (principal: Principal, request: Request): Promise<Response> => {
    if (request.method !== 'POST') return new Response(null, { status: 405 });
    scopes.set(request, { principal, gone: request.signal, ...(operator && { operator }) });
    return handler.fetch(request, { parsedBody: await request.clone().json() });
  };
  return {
    fetchAs,
    async call(call: FetchCall): Promise<Content> {
      const response = await fetchAs(call.caller, requestOf(call));
      const text = await response.text();
      const data = text.split('\n').filter((line) => line.startsWith('data: '));
      return JSON.parse(data.at(-1)?.slice('data: '.length) ?? text);
    },
    close: () => handler.close(),
  };
}

function requestOf({ era, params, canAsk = false, signal }: FetchCall): Request {
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': canAsk ? { elicitation: { form: {} } } : {},
    'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '1' },
  };
  const modern = era === '2026-07-28';
  const message = {
    jsonrpc: '2.0',
    id: 1,
    method: 'tools/call',
    params: modern ? { ...params, _meta } : params,
  };
  return new Request('http://127.0.0.1/mcp', {
    method: 'POST',
    body: JSON.stringify(message),
    headers: {
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
      'MCP-Protocol-Version': modern ? '2026-07-28' : '2025-06-18',
      ...(modern && { 'Mcp-Method': 'tools/call', 'Mcp-Name': String(params.name) }),
    },
    ...(signal && { signal }),
  });
}
