// One JSON-RPC message out of a body. What this gives may be read by recursion, and is one message: what is checked of a call
// here is checked of all that the body asks for.
import { gateLimits } from '../../../shared/http-limits.ts';
import { type HttpRefusal, INVALID_REQUEST, notAccepted, PARSE_ERROR } from './refusal.ts';

export interface Message {
  readonly kind: 'message';
  /** As the client sent it: an object, or a list of one. */
  readonly body: object;
  /** The object. */
  readonly single: Readonly<Record<string, unknown>>;
}

/** Refuses with 400: what is no UTF-8 or JSON, nests too deep or has too many values, or is no object or more than one. */
export function parseMessage(bytes: Buffer): Message | HttpRefusal {
  const shape = findExcess(bytes);
  if (shape !== undefined) return notAccepted(400, shape, { rpcCode: PARSE_ERROR });
  let body: unknown;
  try {
    body = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return notAccepted(400, 'the body is not JSON in UTF-8', { rpcCode: PARSE_ERROR });
  }
  if (Array.isArray(body) && body.length !== 1) {
    return notAccepted(400, 'a batch; send one message at a time', { rpcCode: INVALID_REQUEST });
  }
  const single: unknown = Array.isArray(body) ? body[0] : body;
  if (!isRecord(body) || !isRecord(single) || Array.isArray(single)) {
    return notAccepted(400, 'the body is no JSON-RPC message', { rpcCode: INVALID_REQUEST });
  }
  return { kind: 'message', body, single };
}

/** A property of an object that came from outside; undefined where it is none, or has none of its own. */
export function fieldOf(value: unknown, name: string): unknown {
  return isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const DEEPER = tableOf({ '[': 1, '{': 1, ']': -1, '}': -1 });
/** A value stands behind each of these, or none. */
const MORE = tableOf({ '[': 1, '{': 1, ',': 1 });

function tableOf(entries: Readonly<Record<string, number>>): Int8Array {
  const table = new Int8Array(256);
  for (const [character, change] of Object.entries(entries)) table[character.charCodeAt(0)] = change;
  return table;
}

/** Looks at brackets and commas outside of strings; for what is no JSON the answer does not matter. */
function findExcess(bytes: Buffer): string | undefined {
  const { messageDepth, messageValues } = gateLimits;
  let depth = 0;
  let values = 1;
  let quoted = false;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === QUOTE) quoted = !quoted;
    else if (quoted) at += byte === BACKSLASH ? 1 : 0;
    else {
      depth += DEEPER[byte] ?? 0;
      values += MORE[byte] ?? 0;
    }
    if (depth > messageDepth) return `JSON that nests deeper than ${messageDepth}`;
    if (values > messageValues) return `JSON of more than ${messageValues} values`;
  }
  return undefined;
}
