// What of a request would be sent otherwise, or by somebody else, if it were left out: such a request is not executed.
import type { Head } from './read-head.ts';
import type { HeaderLines } from './read-headers.ts';

const METHODS: Readonly<Record<string, string>> = {
  GRPC: 'gRPC requests are not executed',
  RSOCKET: 'RSocket requests are not executed',
  WEBSOCKET: 'WebSocket requests are not executed',
};

const TAGS: readonly (readonly [RegExp, string])[] = [
  [/^use-?os-?credentials$/, 'Requests with credentials of the operating system are not executed'],
  [/^curl-/, 'Requests with options for curl in comments are not executed'],
  [/^disabled$/, 'Requests that the file disables are not executed'],
  [/^proxy$/, 'Requests through a proxy of their own are not executed'],
  [/^(?:attach-cookie-jar|attachcookiejar)$/, 'Requests with cookies from a file are not executed'],
];

const NO_HEADER = 'Requests with a line among the headers that is no header are not executed';

/** Why a request is listed and not executed, in a fixed sentence; undefined where nothing of it would be missing. */
export function whyNotExecuted(method: string, { tags }: Head, { hasOther }: HeaderLines): string | undefined {
  if (Object.hasOwn(METHODS, method)) return METHODS[method];
  if (hasOther) return NO_HEADER;
  const names = [...tags].filter(([, value]) => value !== 'false').map(([name]) => name);
  return TAGS.find(([pattern]) => names.some((name) => pattern.test(name)))?.[1];
}
