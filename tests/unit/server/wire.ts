// A server and a client in one process, joined by byte streams as over stdio.
import { randomBytes, randomUUID } from 'node:crypto';
import { PassThrough, type Readable, type Writable } from 'node:stream';
import { ok } from '../../../shared/failure/result.ts';
import { type StdioApp, serveStdio } from '../../../src/server/stdio.ts';
import type { Stand } from '../tools/stand.ts';
import type { Foreign } from './clients.ts';

interface Message {
  readonly id?: string | number;
  readonly method?: string;
  readonly [name: string]: unknown;
}

/** What both SDK clients ask of a transport. */
export class StreamTransport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: Foreign) => void;
  private readonly input: Readable;
  private readonly output: Writable;
  private rest = '';

  constructor(input: Readable, output: Writable) {
    this.input = input;
    this.output = output;
  }

  async start(): Promise<void> {
    this.input.setEncoding('utf8');
    this.input.on('data', (chunk: string) => {
      const lines = (this.rest + chunk).split('\n');
      this.rest = lines.pop() ?? '';
      for (const line of lines) this.onmessage?.(JSON.parse(line) as Message);
    });
    this.input.on('end', () => this.onclose?.());
  }

  async send(message: unknown): Promise<void> {
    this.output.write(`${JSON.stringify(message)}\n`);
  }

  async close(): Promise<void> {
    this.output.end();
    this.onclose?.();
  }
}

export interface Wire {
  readonly transport: StreamTransport;
  readonly stdin: PassThrough;
  readonly stdout: PassThrough;
  /** How often the workspace was opened. */
  opened(): number;
  /** Resolves when the server has ended. */
  readonly served: Promise<void>;
}

/** Serves a stand; `app` may replace parts of how. */
export function serveOnWire(stand: Stand, signal?: AbortSignal, app: Partial<StdioApp> = {}): Wire {
  const stdin = new PassThrough();
  const stdout = new PassThrough();
  let opened = 0;
  const served = serveStdio({
    version: '0.0.0',
    sealingKey: randomBytes(32),
    open: async () => {
      opened += 1;
      return ok(stand.context);
    },
    now: Date.now,
    randomId: randomUUID,
    stdin,
    stdout,
    ...(signal && { signal }),
    ...app,
  });
  return { transport: new StreamTransport(stdout, stdin), stdin, stdout, served, opened: () => opened };
}
