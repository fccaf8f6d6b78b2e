import { members } from '../../collection/json-place.ts';
import { stringOf } from '../../collection/json-tokens.ts';
import type { JsonMember, Look } from '../look.ts';

const REQUEST_MEMBERS: ReadonlySet<string> = new Set([
  'method',
  'url',
  'httpVersion',
  'cookies',
  'headers',
  'queryString',
  'postData',
  'headersSize',
  'bodySize',
  'comment',
]);

/**
 * A `.har` file, a JSON object with a `log` that has `entries`, or a request object: nothing but members of HAR's request,
 * a method and a web address among them.
 */
export function looksLikeHar(look: Look): boolean {
  if (/\.har$/i.test(look.file)) return true;
  let method = false;
  let url = false;
  for (const member of look.members()) {
    if (member.name === 'log') return hasEntries(look.text, member);
    if (!REQUEST_MEMBERS.has(member.name) && !member.name.startsWith('_')) return false;
    method ||= member.name === 'method' && member.value.kind === 'string';
    url ||= member.name === 'url' && isAddress(look.text, member);
  }
  return method && url;
}

function hasEntries(text: string, log: JsonMember): boolean {
  for (const { name, value } of members(text, log.value)) if (name === 'entries') return value.kind === '[';
  return false;
}

function isAddress(text: string, { value }: JsonMember): boolean {
  return value.kind === 'string' && /^(?:https?:\/\/|\{\{)/i.test(stringOf(text, value));
}
