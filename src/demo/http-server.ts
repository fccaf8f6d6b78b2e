// The same command as a server over HTTP, for the demo: started with no port of its own, asked over fetch, ended by a signal.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Command } from './run-command.ts';

export interface HttpServer {
  readonly url: string;
  /** Sends one message of the protocol. */
  post(body: object, headers: Readonly<Record<string, string>>): Promise<HttpAnswer>;
  /** All bytes of the answers, headers included, and of stderr so far. */
  received(): Buffer;
  /** Tells the server to end and waits for its exit code. */
  close(): Promise<number>;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** The JSON of the body, which is a stream of events or a single object. */
  readonly message: Readonly<Record<string, unknown>>;
}

/** Starts it with these words behind `serve --http 127.0.0.1:0`. Rejects when it ends before it listens. */
export async function startHttpServer([program, entry]: Command, words: readonly string[]): Promise<HttpServer> {
  const child = spawn(program, [entry, 'serve', '--http', '127.0.0.1:0', ...words], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {},
  });
  const chunks: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
  const exited = new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? 1)));
  const listening = new Promise<string>((resolve) => {
    createInterface({ input: child.stderr }).on('line', (line) => {
      const [url] = /http:\/\/\S+\/mcp/.exec(line) ?? [];
      if (url !== undefined) resolve(url);
    });
  });
  const ended = exited.then((code) => Promise.reject(new Error(`the server exited with code ${code}`)));
  const url = await Promise.race([listening, ended]);
  ended.catch(() => undefined);
  return {
    url,
    async post(body, headers) {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, ...body }),
      });
      const text = await response.text();
      chunks.push(Buffer.from(`${JSON.stringify([...response.headers])}\n${text}\n`));
      return { status: response.status, headers: response.headers, message: messageIn(text) };
    },
    received: () => Buffer.concat(chunks),
    close: () => {
      child.kill('SIGTERM');
      return exited;
    },
  };
}

function messageIn(text: string): Readonly<Record<string, unknown>> {
  const data = /^data: (\{.*)$/m.exec(text)?.[1] ?? text;
  return JSON.parse(data) as Readonly<Record<string, unknown>>;
}
