import { limits } from '../../limits.ts';
import { type Line, lineAt } from './blocks.ts';

export interface RequestLine {
  /** In capitals; GET where the line is a URL only. */
  readonly method: string;
  readonly url: string;
}

export interface Target extends RequestLine {
  /** Offset of the request line. */
  readonly start: number;
  /** Offset of the first line behind it. */
  readonly headers: number;
  /** Whether it has more characters than a URL may have; it then has none here. */
  readonly tooLong: boolean;
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
export function readTarget(text: string, line: Line, end: number): Target {
  const pieces = [line.text.trim()];
  let chars = pieces[0]?.length ?? 0;
  let { next } = line;
  while (next < end) {
    const more = lineAt(text, next, end);
    if (!/^(?:[ \t]+[^\s]|[?&])/.test(more.text)) break;
    const piece = more.text.trim();
    chars += piece.length;
    if (chars <= limits.urlChars) pieces.push(piece);
    next = more.next;
  }
  const place = { start: line.start, headers: next };
  if (chars > limits.urlChars) return { method: 'GET', url: '', ...place, tooLong: true };
  const whole = withoutVersion(pieces.join(''));
  const [, method, url] = METHOD.exec(whole) ?? [];
  const stated = method !== undefined && url !== undefined && isRequestLine(whole) && !URL_ONLY.test(method);
  const read = stated ? { method: method.toUpperCase(), url } : { method: 'GET', url: whole };
  return { ...read, ...place, tooLong: false };
}

const VERSION_CHARS = 'HTTP/1.1'.length;

/** Without the `HTTP/1.1` behind the URL, which some files have twice. */
function withoutVersion(line: string): string {
  let end = line.length;
  for (;;) {
    const from = Math.max(end - VERSION_CHARS - 1, 0);
    const version = /[ \t]HTTP\/\d(?:\.\d)?$/i.exec(line.slice(from, end));
    if (!version || from + version.index === 0) return line.slice(0, end);
    end = from + version.index;
    while (isBlank(line[end - 1])) end -= 1;
  }
}

function isBlank(char: string | undefined): boolean {
  return char === ' ' || char === '\t';
}
