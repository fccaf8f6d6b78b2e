// A server on loopback that repeats the credential it got, in every spelling, wherever an answer can hold it.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { spellers } from './canary-spellings.ts';

type Reflector = (secret: string, response: ServerResponse) => void;

const spelled = (secret: string) => Array.from(spellers, ([name, spell]) => [name, spell(secret)] as const);

const body =
  (type: string, write: (secret: string) => string): Reflector =>
  (secret, response) => {
    response.writeHead(200, { 'content-type': type }).end(write(secret));
  };

const listed = (secret: string, line: (name: string, text: string) => string) =>
  spelled(secret)
    .map(([name, text]) => line(name, text))
    .join('\n');

const inHeaders: Reflector = (secret, response) => {
  const spellings = spelled(secret).map(([, text]) => text.replaceAll('\n', ' '));
  response.writeHead(401, `Rejected ${encodeURIComponent(secret)}`, {
    ...Object.fromEntries(spellings.map((text, index) => [`x-seen-${index}`, text])),
    location: `/elsewhere?seen=${encodeURIComponent(secret)}`,
    'set-cookie': spellings.map((text, index) => `seen${index}=${encodeURIComponent(text)}; Path=/`),
    'www-authenticate': `Bearer realm="${encodeURIComponent(secret)}"`,
    trailer: 'x-late',
  });
  response.write(`The key ${secret} is wrong.`);
  response.addTrailers({ 'x-late': encodeURIComponent(secret) });
  response.end();
};

/** What is asked for, by path. */
const reflectors: ReadonlyMap<string, Reflector> = new Map<string, Reflector>([
  ['/json', body('application/json', (secret) => JSON.stringify({ seen: Object.fromEntries(spelled(secret)) }))],
  [
    '/json-keys',
    body('application/json', (secret) =>
      JSON.stringify(Object.fromEntries(spelled(secret).map(([name, text]) => [text, name]))),
    ),
  ],
  [
    '/json-in-json',
    body('application/json', (secret) =>
      JSON.stringify({ inner: JSON.stringify(Object.fromEntries(spelled(secret))) }),
    ),
  ],
  [
    '/lines',
    body('application/x-ndjson', (secret) => listed(secret, (name, text) => JSON.stringify({ [name]: text }))),
  ],
  [
    '/events',
    body('text/event-stream', (secret) =>
      listed(secret, (name, text) => `event: seen\ndata: ${JSON.stringify({ [name]: text })}\n`),
    ),
  ],
  ['/html', body('text/html', (secret) => listed(secret, (_, text) => `<li title='${text}'>${text}</li>`))],
  [
    '/xml',
    body('application/xml', (secret) => `<r>${listed(secret, (_, text) => `<seen><![CDATA[${text}]]></seen>`)}</r>`),
  ],
  ['/text', body('text/plain', (secret) => listed(secret, (name, text) => `${name}: you sent ${text}.`))],
  [
    '/csv',
    body('text/csv', (secret) => `id,seen\n${listed(secret, (_, text) => `1,"${text.replaceAll('"', '""')}"`)}`),
  ],
  [
    '/form',
    body('application/x-www-form-urlencoded', (secret) =>
      spelled(secret)
        .map(([, text], index) => `f${index}=${text}`)
        .join('&'),
    ),
  ],
  ['/headers', inHeaders],
  [
    '/redirect',
    (secret, response) => void response.writeHead(302, { location: `/text?seen=${encodeURIComponent(secret)}` }).end(),
  ],
  [
    '/refused-redirect',
    (secret, response) =>
      void response.writeHead(302, { location: `ftp://${encodeURIComponent(secret)}.example/` }).end(),
  ],
  ['/broken', (secret, response) => void response.socket?.end(`HTTP/1.1 200 OK\r\nbad header ${secret}\r\n\r\n`)],
]);

export const canaryPaths: readonly string[] = Array.from(reflectors.keys());

export interface CanaryApi {
  readonly origin: string;
  /** How many requests carried the secret. */
  accepted(): number;
  close(): Promise<void>;
}

/** Starts it on a free port of 127.0.0.1. */
export async function startCanaryApi(secret: string): Promise<CanaryApi> {
  let accepted = 0;
  const server = createServer((request, response) => {
    // Any user of this machine can connect; only who has the secret sees it.
    if (!carries(request, secret)) return void response.writeHead(401).end();
    accepted += 1;
    const path = new URL(request.url ?? '/', 'http://canary').pathname;
    const reflect = reflectors.get(path);
    if (reflect) reflect(secret, response);
    else response.writeHead(404).end(secret);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    accepted: () => accepted,
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function carries({ headers, url = '' }: IncomingMessage, secret: string): boolean {
  const pair = Buffer.from(`canary:${secret}`).toString('base64');
  const query = new URL(url, 'http://canary').searchParams;
  const sent = [...Object.values(headers).flat(), ...query.values()];
  return sent.some((text) => text?.includes(secret) === true || text?.includes(pair) === true);
}
