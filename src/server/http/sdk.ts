// The SDK's handler over one toolbox. It makes a server for each request, so that nothing of one caller is there for another.
import { createMcpHandler, type McpRequestContext, type McpServerFactory } from '@modelcontextprotocol/server';
import { once } from '../../../shared/once.ts';
import { createToolbox } from '../../tools/toolbox.ts';
import { createApprovals } from '../approvals.ts';
import type { CallScope } from '../call-scope.ts';
import { createServer } from '../create-server.ts';
import { listTools } from '../tool-list.ts';
import type { HttpApp } from './http-app.ts';
import type { Message } from './parse-message.ts';

export interface Sdk {
  /** Serves one message of a caller. The request holds neither its body nor any credential. */
  serve(request: Request, message: Message, scope: CallScope): Promise<Response>;
  close(): Promise<void>;
}

export function createSdk(app: HttpApp): Sdk {
  const made = createToolbox(app);
  const toolbox = app.watch?.toolbox(made) ?? made;
  const approvals = createApprovals({ key: app.sealingKey, now: app.now });
  const asksClients = app.settings.approvalsBy !== 'operator';
  const parts = {
    version: app.version,
    toolbox,
    approvals,
    tools: once(listTools),
    tellsOfChanges: false,
    asksClients,
  };
  const onListed = once(() => void toolbox.warm());
  return createHandler(app, (scope, era, asked) => createServer({ ...parts, scope, asked, onListed }, era));
}

/** Makes the server that answers one message of a caller, of the method that is asked. */
type MakeServer = (scope: CallScope, era: McpRequestContext['era'], asked: string) => ReturnType<McpServerFactory>;

export function createHandler(app: Pick<HttpApp, 'times' | 'onProtocolError'>, make: MakeServer): Sdk {
  const calls = new WeakMap<Request, readonly [scope: CallScope, asked: string]>();
  const handler = createMcpHandler(
    ({ era, requestInfo }) => {
      const call = requestInfo && calls.get(requestInfo);
      if (!call) throw new Error('a request without a caller');
      const [scope, asked] = call;
      return make(scope, era, asked);
    },
    {
      legacy: 'stateless',
      responseMode: 'auto',
      keepAliveMs: app.times.keepAliveMs,
      onerror: (error) => app.onProtocolError?.(error),
    },
  );
  return {
    serve(request, { body, single: { method } }, scope) {
      calls.set(request, [scope, typeof method === 'string' ? method : '']);
      return handler.fetch(request, { parsedBody: body });
    },
    close: () => handler.close(),
  };
}
