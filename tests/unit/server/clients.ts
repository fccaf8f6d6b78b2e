// The real clients of both SDK lines, behind one face: initialize-based (1.x, and 2.x by default) and 2026-07-28 (2.x).
import { Client as ModernClient } from '@modelcontextprotocol/client';
import { Client as LegacyClient } from '@modelcontextprotocol/sdk/client/index.js';
import { ElicitRequestSchema, ResourceListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import type { Content } from '../tools/stand.ts';

export interface Elicited {
  readonly action: 'accept' | 'decline' | 'cancel';
  readonly content?: Record<string, string | number | boolean | string[]>;
}

export interface ClientOptions {
  /** Answers the server's question; absent: the client declares no elicitation. */
  readonly elicit?: (message: string) => Elicited | Promise<Elicited>;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly onprogress?: (progress: { progress: number }) => void;
}

export interface AnyClient {
  listTools(): Promise<Content>;
  callTool(name: string, args: Record<string, unknown>, options?: CallOptions): Promise<Content>;
  listResources(cursor?: string): Promise<Content>;
  listResourceTemplates(): Promise<Content>;
  readResource(uri: string): Promise<Content>;
  listPrompts(): Promise<Content>;
  getPrompt(name: string, args?: Record<string, string>): Promise<Content>;
  /** Asks, the way of its era, to be told when the resources change; resolves when that holds. */
  onResourcesChanged(listener: () => void): Promise<void>;
  close(): Promise<void>;
}

/** Each SDK has its own types for transports and messages; the bytes are the same. */
export type Foreign = ReturnType<typeof JSON.parse>;

export type Connect = (transport: Foreign, options?: ClientOptions) => Promise<AnyClient>;

const INFO = { name: 'test', version: '1.0.0' };

const capabilities = ({ elicit }: ClientOptions) => (elicit ? { elicitation: {} } : {});

const connectLegacy: Connect = async (transport, options = {}) => {
  const client = new LegacyClient(INFO, { capabilities: capabilities(options) });
  const { elicit } = options;
  if (elicit)
    client.setRequestHandler(ElicitRequestSchema, async ({ params }) => ({ ...(await elicit(params.message)) }));
  await client.connect(transport);
  return {
    listTools: () => client.listTools(),
    callTool: (name, args, call) => client.callTool({ name, arguments: args }, undefined, call),
    listResources: (cursor) => client.listResources(cursor === undefined ? {} : { cursor }),
    listResourceTemplates: () => client.listResourceTemplates(),
    readResource: (uri) => client.readResource({ uri }),
    listPrompts: () => client.listPrompts(),
    getPrompt: (name, args = {}) => client.getPrompt({ name, arguments: args }),
    onResourcesChanged: async (listener) =>
      client.setNotificationHandler(ResourceListChangedNotificationSchema, () => listener()),
    close: () => client.close(),
  };
};

function connectModern(mode: 'legacy' | 'auto'): Connect {
  return async (transport, options = {}) => {
    const client = new ModernClient(INFO, { capabilities: capabilities(options), versionNegotiation: { mode } });
    const { elicit } = options;
    if (elicit)
      client.setRequestHandler('elicitation/create', async ({ params }) => ({ ...(await elicit(params.message)) }));
    await client.connect(transport);
    return {
      listTools: () => client.listTools(),
      callTool: (name, args, call) => client.callTool({ name, arguments: args }, call),
      listResources: (cursor) => client.listResources(cursor === undefined ? {} : { cursor }),
      listResourceTemplates: () => client.listResourceTemplates(),
      readResource: (uri) => client.readResource({ uri }),
      listPrompts: () => client.listPrompts(),
      getPrompt: (name, args = {}) => client.getPrompt({ name, arguments: args }),
      onResourcesChanged: async (listener) => {
        client.setNotificationHandler('notifications/resources/list_changed', () => listener());
        if (mode === 'auto') await client.listen({ resourcesListChanged: true });
      },
      close: () => client.close(),
    };
  };
}

export const clients: readonly (readonly [name: string, connect: Connect])[] = [
  ['sdk 1.x, initialize', connectLegacy],
  ['client 2.x, initialize', connectModern('legacy')],
  ['client 2.x, 2026-07-28', connectModern('auto')],
];
