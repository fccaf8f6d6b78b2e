// One caller over HTTP: a key, a connection that it keeps, and either era of the protocol. Whatever it is sent goes to `received`.
import { Agent, request } from 'node:http';

export type Era = 'legacy' | 'modern';

/** Any JSON. */
export type Answer = ReturnType<typeof JSON.parse>;

export interface Caller {
  /** A JSON-RPC request; gives the whole answer. */
  send(method: string, params: Record<string, unknown>): Promise<Answer>;
  close(): void;
}

export interface CallerParts {
  readonly url: string;
  readonly key: string;
  readonly era: Era;
  /** Told of header and body of every answer as they come, and of its end by undefined. */
  readonly received: (piece: Buffer | undefined) => void;
}

const VERSIONS = { legacy: '2025-11-25', modern: '2026-07-28' } as const;
const PREFIX = 'io.modelcontextprotocol/';

const envelope = {
  [`${PREFIX}protocolVersion`]: VERSIONS.modern,
  [`${PREFIX}clientCapabilities`]: {},
  [`${PREFIX}clientInfo`]: { name: 'soak', version: '1' },
};

export function createCaller({ url, key, era, received }: CallerParts): Caller {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let next = 1;
  const post = (headers: Record<string, string>, body: string) =>
    new Promise<string>((resolve, reject) => {
      const sent = request(url, { method: 'POST', agent, headers }, (response) => {
        received(Buffer.from(response.rawHeaders.join('\n')));
        const pieces: Buffer[] = [];
        response.on('data', (piece: Buffer) => {
          received(piece);
          pieces.push(piece);
        });
        response.once('error', reject);
        response.once('end', () => {
          received(undefined);
          resolve(Buffer.concat(pieces).toString());
        });
      });
      sent.once('error', reject);
      sent.end(body);
    });
  return {
    async send(method, params) {
      const modern = era === 'modern';
      const name = typeof params.name === 'string' ? params.name : undefined;
      const headers = {
        Authorization: `Bearer ${key}`,
        'Content-Type': 'application/json',
        Accept: 'application/json, text/event-stream',
        'MCP-Protocol-Version': VERSIONS[era],
        ...(modern && { 'Mcp-Method': method, ...(name !== undefined && { 'Mcp-Name': name }) }),
      };
      const message = { jsonrpc: '2.0', id: next, method, params: modern ? { ...params, _meta: envelope } : params };
      next += 1;
      return read(await post(headers, JSON.stringify(message)));
    },
    close: () => agent.destroy(),
  };
}

/** JSON, or the last event of a stream. */
function read(text: string): Answer {
  const data = text.startsWith('{')
    ? text
    : text
        .split('\n')
        .findLast((line) => line.startsWith('data: '))
        ?.slice(6);
  return JSON.parse(data ?? 'null');
}
