// A proxy in front of the server. It passes each request on as it is, Host and Origin too, with header fields of its own beside: a key, for
// clients that know of none, or what proxies say of clients.
import { createServer, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Relay {
  readonly origin: string;
  /** Where requests go from now on, and which fields they are given. */
  forwardTo(origin: string, fields: Readonly<Record<string, string>>): void;
  close(): Promise<void>;
}

/** A relay on loopback; it listens before its target does, so that the target can be told its origin. */
export async function startRelay(): Promise<Relay> {
  let target = '';
  let added: readonly string[] = [];
  const server = createServer((request, response) => {
    const { method = 'GET', url: path = '/', rawHeaders } = request;
    const onward = send(target, { method, path, headers: [...rawHeaders, ...added] }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.pipe(response);
    });
    onward.once('error', () => response.destroy());
    response.once('close', () => onward.destroy());
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    forwardTo(origin, fields) {
      target = origin;
      added = Object.entries(fields).flat();
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
