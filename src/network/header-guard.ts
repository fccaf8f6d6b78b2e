// Bounds the memory that a header block takes before the client library hands it over: it holds some hundred bytes for each field
// and limits their bytes only, so a block of fields of one character would take hundreds of megabytes.
import type { Socket } from 'node:net';
import { failure } from '../../shared/failure/failure.ts';
import { limits } from '../../shared/limits.ts';
import { type ContinueFilter, createContinueFilter } from './continue-answers.ts';
import { NetworkError } from './network-failure.ts';

/** The client library makes its callbacks while it handles an event of a connection, so they are about the one that had the last event. */
export interface HeaderGuard {
  /** Watches a new connection; a block of more than `limits.responseHeaderLines` lines ends it with NETWORK/RESPONSE_INVALID. */
  watch(socket: Socket, origin: string): void;
  /** Called when a header block has ended, or bytes of a body came. */
  progressed(): void;
  /** Called when an answer has ended. */
  ended(): void;
  /** Whether the connection that the callback is about has failed. */
  hasFailed(): boolean;
}

interface Watched {
  /** What was read last, while nothing has come of it. */
  pending: Uint8Array | undefined;
  lines: number;
  failed: boolean;
  readonly filter: ContinueFilter;
}

/** Makes the guard of the connections of one sender. */
export function createHeaderGuard(): HeaderGuard {
  let current: Watched | undefined;
  return {
    watch(socket, origin) {
      const watched: Watched = { pending: undefined, lines: 0, failed: false, filter: createContinueFilter() };
      const about = (): void => {
        current = watched;
      };
      // These run before the client library's own listeners, which take a reset too for the end of a body without a length.
      socket
        .on('end', about)
        .on('close', about)
        .on('error', () => {
          watched.failed = true;
          about();
        });
      const read = socket.read.bind(socket);
      socket.read = (size?: number): unknown => {
        const chunk: unknown = read(size);
        if (!(chunk instanceof Uint8Array)) return chunk;
        if (watched.pending) watched.lines += countLines(watched.pending);
        const rest = watched.filter.pass(chunk);
        if (watched.lines > limits.responseHeaderLines || !rest) {
          socket.destroy(rest ? tooManyLines(origin) : tooManyInterim(origin));
          return null;
        }
        watched.pending = rest;
        about();
        return rest.length > 0 ? rest : null;
      };
    },
    progressed() {
      if (!current) return;
      current.pending = undefined;
      current.lines = 0;
    },
    ended: () => current?.filter.ended(),
    hasFailed: () => current?.failed ?? false,
  };
}

const LF = 10;

function countLines(bytes: Uint8Array): number {
  let lines = 0;
  for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) lines += 1;
  return lines;
}

/** More interim answers than are waited for. */
export function tooManyInterim(origin: string): NetworkError {
  const reason = `more than ${limits.interimAnswers} interim answers`;
  return new NetworkError(failure('NETWORK/RESPONSE_INVALID', { origin, reason }));
}

function tooManyLines(origin: string): NetworkError {
  const reason = `more than ${limits.responseHeaderLines} header lines`;
  return new NetworkError(failure('NETWORK/RESPONSE_INVALID', { origin, reason }));
}
