// Real proxies on loopback that check who asks and write down all that they are asked and told. What they let through is piped, not read.
import { connect, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTls } from 'node:tls';

export interface ProxyStand {
  readonly port: number;
  /** `address:port` of each request, as the proxy was asked. */
  readonly asked: string[];
  /** Everything that clients said to the proxy itself. */
  readonly told: string[];
  connections(): number;
  close(): Promise<void>;
}

export interface ProxyOptions {
  /** Spoken to over TLS. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** `user:password`; without it everyone is let through. */
  readonly login?: string;
  /** Further Proxy-Authenticate schemes than Basic. */
  readonly challenge?: string;
}

type Listener = (socket: Socket, stand: ProxyStand) => void;

export function startHttpProxy(options: ProxyOptions = {}): Promise<ProxyStand> {
  return start(options, (socket, { asked, told }) => {
    socket.once('data', (chunk: Buffer) => {
      const head = chunk.toString('latin1');
      told.push(head);
      const expected = options.login && `Basic ${Buffer.from(options.login).toString('base64')}`;
      const given = /^Proxy-Authorization: (.*)\r$/im.exec(head)?.[1];
      if (expected && given !== expected) {
        const challenge = options.challenge ?? 'Basic realm="proxy"';
        return socket.end(`HTTP/1.1 407 Who\r\nProxy-Authenticate: ${challenge}\r\nContent-Length: 0\r\n\r\n`);
      }
      const authority = /^CONNECT (\S+) HTTP\/1\.1\r$/m.exec(head)?.[1] ?? '';
      asked.push(authority);
      const [, host = '', port = ''] = /^\[?(.*?)\]?:(\d+)$/.exec(authority) ?? [];
      return pass(socket, host, Number(port), 'HTTP/1.1 200 Connected\r\nVia: test\r\n\r\n');
    });
  });
}

export function startSocksProxy(options: ProxyOptions = {}): Promise<ProxyStand> {
  return start(options, (socket, { asked, told }) => {
    const wanted = options.login === undefined ? 0 : 2;
    let step: 'hello' | 'login' | 'request' = 'hello';
    socket.on('data', function take(chunk: Buffer) {
      told.push(chunk.toString('latin1'));
      if (step === 'hello') {
        const offers = [...chunk.subarray(2)].includes(wanted);
        step = wanted === 2 ? 'login' : 'request';
        return offers ? socket.write(Buffer.from([5, wanted])) : socket.end(Buffer.from([5, 0xff]));
      }
      if (step === 'login') {
        const userBytes = chunk[1] ?? 0;
        const login = `${chunk.toString('utf8', 2, 2 + userBytes)}:${chunk.toString('utf8', 3 + userBytes)}`;
        step = 'request';
        return login === options.login ? socket.write(Buffer.from([1, 0])) : socket.end(Buffer.from([1, 1]));
      }
      socket.off('data', take);
      const isV6 = chunk[3] === 4;
      const host = isV6 ? v6Of(chunk.subarray(4, 20)) : [...chunk.subarray(4, 8)].join('.');
      const port = chunk.readUInt16BE(isV6 ? 20 : 8);
      asked.push(chunk[3] === 3 ? 'a name' : isV6 ? `[${host}]:${port}` : `${host}:${port}`);
      return pass(socket, host, port, Buffer.from([5, 0, 0, 1, 127, 0, 0, 1, 0, 1]));
    });
  });
}

/** A proxy that answers each thing said to it with the next of these, and then with nothing. */
export function startScripted(
  answers: readonly (string | Buffer)[],
  atEnd: 'close' | 'stay' = 'stay',
): Promise<ProxyStand> {
  return start({}, (socket, { told }) => {
    let next = 0;
    socket.on('data', (chunk: Buffer) => {
      told.push(chunk.toString('latin1'));
      const answer = answers[next];
      next += 1;
      if (answer !== undefined) socket.write(answer);
      if (next >= answers.length && atEnd === 'close') socket.end();
    });
  });
}

async function start(options: ProxyOptions, listener: Listener): Promise<ProxyStand> {
  const sockets = new Set<Socket>();
  const asked: string[] = [];
  const told: string[] = [];
  let seen = 0;
  const take = (socket: Socket): void => {
    sockets.add(socket.on('error', () => undefined).on('close', () => sockets.delete(socket)));
    listener(socket, stand);
  };
  const server: Server = options.tls ? createTls(options.tls, take) : createServer(take);
  server.on('connection', () => {
    seen += 1;
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const stand: ProxyStand = {
    port,
    asked,
    told,
    connections: () => seen,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((closed) => server.close(() => closed()));
    },
  };
  return stand;
}

function pass(socket: Socket, host: string, port: number, granted: string | Buffer): void {
  const upstream = connect({ host, port }, () => {
    socket.write(granted);
    socket.pipe(upstream).pipe(socket);
  });
  upstream.on('error', () => socket.destroy());
  socket.on('close', () => upstream.destroy());
}

function v6Of(bytes: Buffer): string {
  return new URL(`http://[${bytes.toString('hex').replace(/(.{4})(?=.)/g, '$1:')}]`).hostname.slice(1, -1);
}
