// What servers answer in place of RFC 6749 section 5.1: forms, JSON under another type, numbers as texts, refusals with 200. It is
// brought into the form of the standard before it is validated.
import { isObject, type JsonObject } from '../../shared/collection/narrow.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { refused, registeredError } from './refusal.ts';
import type { TokenReply } from './token-send.ts';

/** The members of a reply that grants something. Failure: REQUEST/TOKEN_REFUSED, with nothing of the reply but a registered code. */
export function readReply(url: string, { status, contentType, body }: TokenReply, granted: string): Result<JsonObject> {
  const members = parseMembers(body, contentType);
  if (status >= 300 && status < 400) return err(refused(url, 'its endpoint redirects, which is not followed'));
  const error = members?.error;
  if (error !== undefined && typeof members?.[granted] !== 'string')
    return err(refused(url, registeredError(error) ?? 'with an error code of its own'));
  if (status < 200 || status >= 300) return err(refused(url, `HTTP ${status}`));
  return members ? ok(members) : err(refused(url, 'its answer is not JSON'));
}

function parseMembers(body: Uint8Array, contentType: string): JsonObject | undefined {
  const text = new TextDecoder().decode(body);
  if (/^\s*application\/x-www-form-urlencoded\b/i.test(contentType))
    return Object.fromEntries(new URLSearchParams(text));
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
