import { type Line, lineAt } from './blocks.ts';

export interface RequestLine {
  /** In capitals; GET where the line is a URL only. */
  readonly method: string;
  readonly url: string;
}

const METHOD = /^([A-Za-z][A-Za-z-]*)[ \t]+(\S.*)$/;
const KNOWN = new Set(
  `GET HEAD POST PUT DELETE CONNECT PATCH OPTIONS TRACE QUERY LINK UNLINK PURGE LOCK UNLOCK PROPFIND PROPPATCH COPY MOVE MKCOL
   MKCALENDAR ACL SEARCH REPORT LIST CHECKOUT SUBSCRIBE UNSUBSCRIBE NOTIFY GRAPHQL WEBSOCKET WS GRPC RSOCKET`.split(
    /\s+/,
  ),
);
const URL_ONLY = /^(?:[a-z][a-z0-9+.-]*:\/\/|\{\{|\/(?!\/)|localhost\b|[\w.-]+\.[\w-]+(?:[:/?]|$)|[\w.-]+:\d)/i;

/** Whether a trimmed line starts a request: a method with a target, or a URL alone. */
export function isRequestLine(line: string): boolean {
  const [, method] = METHOD.exec(line) ?? [];
  if (method !== undefined && (KNOWN.has(method.toUpperCase()) || method === method.toUpperCase())) return true;
  return URL_ONLY.test(line) && !/^\/\//.test(line);
}

/** The request that starts at a line, with the lines on which its URL goes on: indented ones, and those with `?` or `&`. */
export function readTarget(
  text: string,
  line: Line,
  end: number,
): RequestLine & { readonly start: number; readonly headers: number } {
  const pieces = [line.text.trim()];
  let { next } = line;
  while (next < end) {
    const more = lineAt(text, next, end);
    if (!/^(?:[ \t]+[^\s]|[?&])/.test(more.text)) break;
    pieces.push(more.text.trim());
    next = more.next;
  }
  const whole = withoutVersion(pieces.join(''));
  const [, method, url] = METHOD.exec(whole) ?? [];
  const stated = method !== undefined && url !== undefined && isRequestLine(whole) && !URL_ONLY.test(method);
  const read = stated ? { method: method.toUpperCase(), url } : { method: 'GET', url: whole };
  return { ...read, start: line.start, headers: next };
}

/** Without the `HTTP/1.1` behind the URL, which some files have twice. */
function withoutVersion(line: string): string {
  let end = line.length;
  for (;;) {
    const blank = Math.max(line.lastIndexOf(' ', end - 1), line.lastIndexOf('\t', end - 1));
    if (blank <= 0 || !/^HTTP\/\d(?:\.\d)?$/i.test(line.slice(blank + 1, end))) return line.slice(0, end);
    end = blank;
    while (end > 0 && (line[end - 1] === ' ' || line[end - 1] === '\t')) end -= 1;
  }
}
