import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { encoders } from './spellings.ts';

export interface Mirror {
  readonly origin: string;
  /** Requests that carried the secret. */
  accepted(): number;
  close(): Promise<void>;
}

const reflectors: Readonly<Record<string, (secret: string, response: ServerResponse) => void>> = {
  '/json': (secret, response) => {
    const seen = Object.fromEntries(Object.entries(encoders).map(([name, encode]) => [name, encode(secret)]));
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify({
        seen,
        [secret]: 'as a key',
        password: 'unknown-to-us-1',
        nested: JSON.stringify({ a: secret }),
      }),
    );
  },
  '/headers': (secret, response) => {
    response.writeHead(401, `Rejected ${encodeURIComponent(secret)}`, {
      'x-seen': secret,
      'x-basic': Buffer.from(`svcuser:${secret}`).toString('base64'),
      'set-cookie': [
        `seen=${encodeURIComponent(secret)}; Path=/`,
        `minted=${secret.length}mintedCookieValue77; HttpOnly`,
      ],
      'www-authenticate': `Bearer realm="${secret.replaceAll('"', '')}", error="invalid_token"`,
      'content-type': 'text/plain',
      trailer: 'x-late',
    });
    response.write(`error: key ${secret} is wrong`);
    response.addTrailers({ 'x-late': secret });
    response.end();
  },
  '/redirect': (secret, response) => {
    response.writeHead(302, { location: `/html?seen=${encodeURIComponent(secret)}` }).end();
  },
  '/html': (secret, response) => {
    const text = Object.values(encoders).map((encode) => `<li title='${encode(secret)}'>${encode(secret)}</li>`);
    response.writeHead(200, { 'content-type': 'text/html' }).end(`<ul>${text.join('')}</ul>`);
  },
  '/big': (secret, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify(Array.from({ length: 4_000 }, (_, id) => ({ id, note: id % 97 === 0 ? secret : 'nothing here' }))),
    );
  },
  // A redirect that the guard refuses: its failure's facts come from the server's words.
  '/away': (secret, response) => {
    response
      .writeHead(302, { location: `ftp://${encodeURIComponent(secret)}.example/${encodeURIComponent(secret)}` })
      .end();
  },
  '/broken': (secret, response) => {
    response.socket?.end(`HTTP/1.1 200 OK\r\nbad header ${secret}\r\n\r\n`);
  },
};

/** A server on loopback that hands the credential back wherever an answer can hold it. */
export async function startMirror(secret: string): Promise<Mirror> {
  let accepted = 0;
  const server = createServer((request, response) => {
    if (carries(request, secret)) accepted += 1;
    const path = (request.url ?? '').split('?')[0] ?? '';
    const reflect = reflectors[path];
    if (reflect) reflect(secret, response);
    else response.writeHead(404).end(secret);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    accepted: () => accepted,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export const mirrorPaths: readonly string[] = Object.keys(reflectors);

function carries({ headers, url = '' }: IncomingMessage, secret: string): boolean {
  const basic = Buffer.from(`svcuser:${secret}`).toString('base64');
  const all = `${JSON.stringify(Object.values(headers))} ${decodeURIComponent(url)}`;
  return all.includes(JSON.stringify(secret).slice(1, -1)) || all.includes(secret) || all.includes(basic);
}
