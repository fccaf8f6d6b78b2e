// An answer of the host as Postman's Response.
import type { ScriptResponse } from '../../../../shared/script/job.ts';
import type { Run } from '../run.ts';
import { Response } from './response.ts';

/** With `stream`, the bytes of its text, where a script asks for them. */
export function receivedResponse(run: Run, source: ScriptResponse): Response {
  const header = source.headers.map(({ name, value }) => ({ key: name, value }));
  const response = new Response({
    code: source.status,
    status: source.statusText,
    header,
    cookie: cookieHeaders(source),
    received: source.body,
    shown: () => run.live.plain(source.body),
    responseTime: source.totalMs,
    responseSize: source.bytes,
  });
  return Object.defineProperty(response, 'stream', {
    configurable: true,
    get: () => {
      const { require: library } = run.modules;
      const { Buffer } = library('buffer') as { Buffer: { from(text: string): unknown } };
      return Buffer.from(source.body);
    },
  });
}

function cookieHeaders(source: ScriptResponse): string[] {
  return source.headers.filter(({ name }) => name.toLowerCase() === 'set-cookie').map(({ value }) => value);
}
