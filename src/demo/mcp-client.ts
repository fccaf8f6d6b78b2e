// A small MCP client over stdio (JSON-RPC 2.0, one message a line), so that the demo needs no development dependency.
// It keeps every byte that the server wrote: that is what the demo searches afterwards.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const PROTOCOL_VERSION = '2025-11-25';

export interface ToolAnswer {
  readonly isError: boolean;
  readonly structured: Readonly<Record<string, unknown>>;
  readonly text: string;
}

export interface McpClient {
  /** Names of the tools, in the server's order. */
  listTools(): Promise<readonly string[]>;
  callTool(name: string, input: Readonly<Record<string, unknown>>): Promise<ToolAnswer>;
  /** All bytes of the server's stdout and stderr so far. */
  received(): Buffer;
  /** Ends the server's input and waits for its exit code. */
  close(): Promise<number>;
}

export interface ClientOptions {
  readonly command: string;
  readonly args: readonly string[];
  /** Answers the server's question to the person; true approves. */
  readonly approve: (question: string) => boolean;
}

interface Message {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: { readonly message?: string };
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (problem: Error) => void;
}

/** Starts a server and shakes hands with it. Rejects when the server exits or answers with a protocol error. */
export async function connect(options: ClientOptions): Promise<McpClient> {
  const child = spawn(options.command, options.args, { stdio: 'pipe', env: {} });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
  const exited = new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? 1)));
  const request = converse(child, options.approve, exited);
  await request('initialize', {
    protocolVersion: PROTOCOL_VERSION,
    capabilities: { elicitation: {} },
    clientInfo: { name: 'keyward-demo', version: '1.0.0' },
  });
  write(child, { method: 'notifications/initialized' });
  return {
    listTools: async () => toolNames(await request('tools/list', {})),
    callTool: async (name, input) => toolAnswer(await request('tools/call', { name, arguments: input })),
    received: () => Buffer.concat(chunks),
    close: () => {
      child.stdin.end();
      return exited;
    },
  };
}

type Ask = (method: string, params: Readonly<Record<string, unknown>>) => Promise<unknown>;

function converse(
  child: ChildProcessWithoutNullStreams,
  approve: (question: string) => boolean,
  exited: Promise<number>,
): Ask {
  const waiting = new Map<number | string, Waiting>();
  let lastId = 0;
  createInterface({ input: child.stdout }).on('line', (line) => {
    const message = JSON.parse(line) as Message;
    if (message.method !== undefined) return answerServer(child, message, approve);
    settle(waiting, message);
  });
  void exited.then((code) => {
    for (const { reject } of waiting.values()) reject(new Error(`the server exited with code ${code}`));
  });
  return (method, params) =>
    new Promise((resolve, reject) => {
      lastId += 1;
      waiting.set(lastId, { resolve, reject });
      write(child, { id: lastId, method, params });
    });
}

function settle(waiting: Map<number | string, Waiting>, { id, result, error }: Message): void {
  if (id === undefined) return;
  const call = waiting.get(id);
  waiting.delete(id);
  if (error) call?.reject(new Error(`the server answered ${error.code}: ${error.message}`));
  else call?.resolve(result);
}

function answerServer(
  child: ChildProcessWithoutNullStreams,
  { id, method, params }: Message,
  approve: (question: string) => boolean,
): void {
  if (id === undefined) return;
  if (method !== 'elicitation/create') {
    write(child, { id, error: { code: -32_601, message: 'not supported' } });
    return;
  }
  const approved = approve(params?.message ?? '');
  write(child, { id, result: approved ? { action: 'accept', content: { approve: true } } : { action: 'decline' } });
}

function write(child: ChildProcessWithoutNullStreams, message: object): void {
  child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
}

function toolNames(result: unknown): readonly string[] {
  return (result as { tools: { name: string }[] }).tools.map(({ name }) => name);
}

function toolAnswer(result: unknown): ToolAnswer {
  const found = result as {
    isError?: boolean;
    structuredContent?: Record<string, unknown>;
    content: { type: string; text?: string }[];
  };
  return {
    isError: found.isError === true,
    structured: found.structuredContent ?? {},
    text: found.content.map(({ text }) => text ?? '').join('\n'),
  };
}
