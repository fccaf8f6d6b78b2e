import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Recorded {
  readonly method: string;
  /** Path and query as received. */
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
}

export interface Recorder {
  readonly origin: string;
  /** What arrived since the last call. */
  take(): readonly Recorded[];
  close(): Promise<void>;
}

/** An HTTP server on loopback that answers everything with an empty 200 and keeps what it was sent. */
export async function startRecorder(): Promise<Recorder> {
  let recorded: Recorded[] = [];
  const server = createServer({ maxHeaderSize: 1 << 20 }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', rawHeaders } = request;
      const names = rawHeaders.filter((_, index) => index % 2 === 0);
      const headers = names.map((name, index) => [name, rawHeaders[index * 2 + 1] ?? ''] as const);
      recorded.push({ method, target: url, headers, body: Buffer.concat(chunks) });
      response.end();
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    take() {
      const taken = recorded;
      recorded = [];
      return taken;
    },
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
