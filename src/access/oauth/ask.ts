// What an issuer is asked, over Keyward's own guarded network: every address judged, one pinned, no redirect followed.

import { tokenLimits } from '../../../shared/access/token-limits.ts';
import { isObject, type JsonObject } from '../../../shared/collection/narrow.ts';
import type { Result } from '../../../shared/failure/result.ts';
import { limits } from '../../../shared/limits.ts';
import { parseUrl } from '../../../shared/request/parse-url.ts';

/** `OwnNetwork.send`, as far as it is used here. */
export type Ask = (request: Question, signal: AbortSignal) => Promise<Result<Answer>>;

export interface Question {
  readonly origin: string;
  readonly learned?: boolean;
  readonly method: string;
  readonly path: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly timeoutMs: number;
  readonly answerBytes: number;
}

interface Answer {
  readonly status: number;
  readonly body: Uint8Array;
  readonly incomplete?: string;
}

/** The object that is at a URL; undefined where there is none to be had, whatever the reason. */
export async function askObject(
  ask: Ask,
  url: URL,
  { learned, signal }: { readonly learned: boolean; readonly signal: AbortSignal },
): Promise<JsonObject | undefined> {
  const answer = await ask(
    {
      origin: url.origin,
      learned,
      method: 'GET',
      path: url.pathname + url.search,
      headers: [['accept', 'application/json']],
      timeoutMs: tokenLimits.keysTimeoutMs,
      answerBytes: limits.oauthAnswerBytes,
    },
    signal,
  );
  if (!answer.ok || answer.value.status !== 200 || answer.value.incomplete !== undefined) return undefined;
  return parseObject(answer.value.body);
}

/**
 * An address of an issuer that may be asked: https, or http to this machine. Undefined for every other one, and for one with user information,
 * which would be sent.
 */
export function parseIssuerUrl(text: string): URL | undefined {
  const url = parseUrl(text);
  if (url?.username !== '' || url.password !== '') return undefined;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname)) ? url : undefined;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

function parseObject(body: Uint8Array): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
