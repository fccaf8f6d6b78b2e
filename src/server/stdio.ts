import type { Readable, Writable } from 'node:stream';
import { StdioServerTransport, serveStdio as serveConnection } from '@modelcontextprotocol/server/stdio';
import { limits } from '../../shared/limits.ts';
import { once } from '../../shared/once.ts';
import type { Presented, PresentedQuestion } from '../tools/present.ts';
import { createToolbox, type Toolbox, type ToolboxOptions } from '../tools/toolbox.ts';
import { createApprovals } from './approvals.ts';
import { createServer } from './create-server.ts';
import { listTools } from './tool-list.ts';

export interface StdioApp extends ToolboxOptions {
  readonly version: string;
  /** At least 32 random bytes, made at each start; seals what approvals send through the client. */
  readonly sealingKey: Uint8Array;
  /** Told of protocol errors: malformed frames, a client that went away. */
  readonly onProtocolError?: (error: unknown) => void;
  /** Default: the streams of this process. */
  readonly stdin?: Readable;
  readonly stdout?: Writable;
  /** Ends the serving as the end of input does. */
  readonly signal?: AbortSignal;
}

/**
 * Serves MCP over stdio, both protocol eras, until the input ends or the signal is aborted. Calls under way are then
 * aborted and given a moment to record how they ended; after that the promise resolves.
 */
export async function serveStdio(app: StdioApp): Promise<void> {
  const calls = new Set<Promise<unknown>>();
  const parts = {
    version: app.version,
    toolbox: tracked(createToolbox(app), calls),
    approvals: createApprovals({ key: app.sealingKey, now: app.now }),
    scope: { principal: { id: 'stdio', kind: 'stdio' } } as const,
    tools: once(listTools),
    tellsOfChanges: true,
    asksClients: true,
  };
  const onListed = once(() => void parts.toolbox.warm());
  const transport = new StdioServerTransport(app.stdin ?? process.stdin, app.stdout ?? process.stdout, {
    maxBufferSize: limits.frameBytes,
  });
  const handle = serveConnection(({ era }) => createServer({ ...parts, onListed }, era), {
    legacy: 'serve',
    transport,
    onerror: (error) => app.onProtocolError?.(error),
  });
  await endOf(transport, app.signal);
  await handle.close();
  await Promise.race([Promise.allSettled(calls), pause(limits.drainMs)]);
}

/** Counts the calls under way, so that the end of input can wait for their journal entries. */
function tracked(toolbox: Toolbox, calls: Set<Promise<unknown>>): Toolbox {
  return {
    ...toolbox,
    run: (...args) => {
      const call: Promise<Presented | PresentedQuestion> = toolbox.run(...args).finally(() => calls.delete(call));
      calls.add(call);
      return call;
    },
  };
}

/** The transport closes at the end of input, when nobody reads the output, and on a frame over the limit. */
function endOf(transport: StdioServerTransport, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const closeConnection = transport.onclose;
    transport.onclose = () => {
      closeConnection?.();
      resolve();
    };
    if (signal?.aborted) resolve();
    signal?.addEventListener('abort', () => resolve(), { once: true });
  });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
