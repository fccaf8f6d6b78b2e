// A collection and a server for the tests of the command: the server answers what it was sent, and counts.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Echo {
  readonly origin: string;
  readonly requests: { readonly method: string; readonly url: string; readonly authorization: string | undefined }[];
  close(): Promise<void>;
}

/** Answers every request with what it carried, the credential included. */
export async function startEcho(): Promise<Echo> {
  const requests: Echo['requests'] = [];
  const server = createServer((request, response) => {
    const { method = '', url = '' } = request;
    const { authorization } = request.headers;
    requests.push({ method, url, authorization });
    response.writeHead(200, { 'content-type': 'application/json', 'x-seen': authorization ?? 'nothing' });
    response.end(JSON.stringify({ method, url, seen: authorization ?? null, items: [{ id: 1 }, { id: 2 }] }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const item = (name: string, method: string, path: string) => ({
  name,
  request: { method, url: `{{baseUrl}}/${path}` },
});

/** A Postman v2.1 collection against `origin`, authorised by the handle HARBOUR_TOKEN. */
export function harbour(origin: string) {
  return {
    info: { name: 'Harbour', schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json' },
    auth: { type: 'bearer', bearer: [{ key: 'token', value: '{{vault:HARBOUR_TOKEN}}', type: 'string' }] },
    variable: [
      { key: 'baseUrl', value: origin },
      { key: 'berth', value: '7' },
    ],
    item: [item('Get berth', 'GET', 'berths/{{berth}}'), item('Book berth', 'POST', 'berths')],
  };
}

/** A keyward.yaml that lets requests go to the origins, which are denied by default. */
export function allowing(...origins: string[]): string {
  return JSON.stringify({ version: 1, network: { allow: origins } });
}
