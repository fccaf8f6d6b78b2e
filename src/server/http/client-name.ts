import { CLIENT_INFO_META_KEY } from '@modelcontextprotocol/server';
import { gateLimits } from '../../../shared/http-limits.ts';
import { fieldOf, type Message } from './parse-message.ts';
import type { RequestHeaders } from './request-headers.ts';

/**
 * The client's name and version as it says: with every request (2026-07-28), before with the first; User-Agent where the message says
 * nothing.
 */
export function clientOf({ single: { params } }: Message, headers: RequestHeaders): string | undefined {
  const info = fieldOf(fieldOf(params, '_meta'), CLIENT_INFO_META_KEY) ?? fieldOf(params, 'clientInfo');
  const words = [fieldOf(info, 'name'), fieldOf(info, 'version')].filter((word) => typeof word === 'string');
  const name = words.length === 0 ? headers.get('user-agent') : words.join('/');
  return name?.slice(0, gateLimits.clientNameChars);
}
