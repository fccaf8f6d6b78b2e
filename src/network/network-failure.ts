// From what the client library or the system reports to a failure of the catalogue. Only error codes pass: messages quote
// header values, URLs and certificates.
import { type Failure, failure } from '../../shared/failure/failure.ts';
import { limits } from '../../shared/limits.ts';

/** Carries a failure through the callbacks of the client library. */
export class NetworkError extends Error {
  readonly failure: Failure;

  constructor(found: Failure) {
    super(found.code);
    this.name = 'NetworkError';
    this.failure = found;
  }
}

/** `answering`: the response had begun, so the fault is the answer's and not the connection's. */
export interface Circumstances {
  readonly origin: string;
  readonly answering: boolean;
}

const MALFORMED = 'it breaks the syntax of HTTP';

type Maker = (circumstances: Circumstances, reason: string) => Failure;

const connectFailed: Maker = ({ origin }, reason) => failure('NETWORK/CONNECT_FAILED', { origin, reason });
const responseInvalid: Maker = ({ origin }, reason) => failure('NETWORK/RESPONSE_INVALID', { origin, reason });
const tlsFailed: Maker = ({ origin }, reason) => failure('NETWORK/TLS_FAILED', { origin, reason });
const broken: Maker = (at, reason) => (at.answering ? responseInvalid(at, reason) : connectFailed(at, reason));

const byCode: Readonly<Record<string, Maker>> = {
  UND_ERR_HEADERS_OVERFLOW: () => failure('NETWORK/RESPONSE_TOO_LARGE', { limitBytes: limits.responseHeaderBytes }),
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: (at) => responseInvalid(at, 'the body is shorter or longer than it says'),
  UND_ERR_SOCKET: (at) => broken(at, 'the connection was closed'),
  UND_ERR_DESTROYED: () => failure('NETWORK/CANCELLED'),
  UND_ERR_CLOSED: () => failure('NETWORK/CANCELLED'),
  EPROTO: tlsFailed,
};

const byPrefix: readonly (readonly [prefix: string, make: Maker])[] = [
  ['ERR_TLS_', tlsFailed],
  ['ERR_SSL_', tlsFailed],
];

/** The failure of an error that a request ended with. */
export function networkFailure(error: unknown, circumstances: Circumstances): Failure {
  if (error instanceof NetworkError) return error.failure;
  // The parser's errors carry a name but no code.
  if (error instanceof Error && error.name === 'HTTPParserError') return responseInvalid(circumstances, MALFORMED);
  const code = errorCode(error);
  const make = byCode[code] ?? byPrefix.find(([prefix]) => code.startsWith(prefix))?.[1] ?? broken;
  return make(circumstances, code);
}

/** Bytes that came before the request was written: in HTTP/1.1 and in TLS, the client speaks first. */
export function answeredEarly(origin: string): NetworkError {
  return new NetworkError(failure('NETWORK/RESPONSE_INVALID', { origin, reason: 'it came before the request' }));
}

/** Whether a request ended because this side has closed its connections. */
export function isClosedHere(error: unknown): boolean {
  return ['UND_ERR_DESTROYED', 'UND_ERR_CLOSED'].includes(errorCode(error));
}

/** The failure of an error during the TLS handshake, whatever its code. */
export function tlsFailure(error: unknown, origin: string): Failure {
  return tlsFailed({ origin, answering: false }, errorCode(error));
}

function errorCode(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,60}$/.test(code) ? code : 'unknown error';
}
