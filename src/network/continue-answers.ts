// RFC 9110 section 15.2: a client takes interim answers that it did not ask for. The client library does, but for 100 (Continue), which
// some servers send to every request with a body: there it closes the connection.
import { limits } from '../../shared/limits.ts';

export interface ContinueFilter {
  /**
   * What is left of the next bytes of a connection once the 100s are gone that an answer begins with; empty where more must come
   * before that can be said. Undefined for more of them than are waited for.
   */
  pass(bytes: Uint8Array): Uint8Array | undefined;
  /** The answer has ended: what comes next is the beginning of another. */
  ended(): void;
}

const STATUS_LINE = Buffer.from('HTTP/1.1 100');
const END = '\r\n\r\n';
const NONE = Buffer.alloc(0);

/** Makes the filter of one connection. */
export function createContinueFilter(): ContinueFilter {
  let held = NONE;
  let isStart = true;
  let skipped = 0;
  return {
    pass(bytes) {
      if (!isStart) return bytes;
      let rest =
        held.length > 0 ? Buffer.concat([held, bytes]) : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
      held = NONE;
      while (beginsWith(rest, STATUS_LINE)) {
        const end = rest.indexOf(END);
        if (end < 0) break;
        rest = rest.subarray(end + END.length);
        skipped += 1;
        if (skipped > limits.interimAnswers) return undefined;
      }
      const isOpen = beginsWith(STATUS_LINE, rest) || beginsWith(rest, STATUS_LINE);
      if (isOpen && rest.length < limits.interimAnswerBytes) {
        held = Buffer.from(rest);
        return NONE;
      }
      isStart = false;
      return rest;
    },
    ended() {
      isStart = true;
      skipped = 0;
    },
  };
}

function beginsWith(bytes: Buffer, start: Buffer): boolean {
  return bytes.length >= start.length && bytes.subarray(0, start.length).equals(start);
}
