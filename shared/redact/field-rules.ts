// What the neighbours of a field say about it: pairs of name and value, and the words that a name alone cannot decide.
import type { NameVerdict } from './names.ts';

/** Members that name their sibling: `{ name: 'password', value: '…' }`, as in environments, HAR and Postman files. */
export const pairNames: ReadonlySet<string> = new Set([
  'name',
  'key',
  'header',
  'field',
  'param',
  'parameter',
  'variable',
  'property',
  'attribute',
  'label',
]);
export const pairValues: ReadonlySet<string> = new Set([
  'value',
  'val',
  'content',
  'values',
  'default',
  'initialValue',
  'currentValue',
  'initial_value',
  'current_value',
  'data',
  'text',
]);

/** Beside one of these, `code` and `state` are OAuth's (RFC 6749). */
export const oauthNames: ReadonlySet<string> = new Set([
  'grant_type',
  'redirect_uri',
  'client_id',
  'code_verifier',
  'session_state',
  'response_type',
  'id_token',
]);

export function isSensitive(verdict: NameVerdict): boolean {
  return verdict === 'secret' || verdict === 'likely' || verdict === 'personal';
}

/** Whether a number under such a name goes: counts share the `likely` names. */
export function numberGoes(verdict: NameVerdict): boolean {
  return verdict === 'secret' || verdict === 'personal';
}

/** Whether an object or list under such a name goes as a whole. */
export function containerGoes(verdict: NameVerdict): boolean {
  return verdict === 'secret' || verdict === 'likely';
}

/** Decides `key`, `auth`, `code` and `state` by their text; `oauth`: one of OAuth's parameters stands beside it. */
export function contextGoes(name: string, text: string, oauth: boolean): boolean {
  const word = name.toLowerCase();
  if (word === 'code' || word === 'state') return oauth && text.length >= 4;
  return looksOpaque(text);
}

/** Long, without words: mixed case with digits, many digits, or hex. UUIDs and dates are not: they name things. */
export function looksOpaque(text: string): boolean {
  if (text.length < 16 || text.length > 4_096 || !/^[\w+/=.~-]+$/.test(text)) return false;
  if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) return false;
  if (/^[0-9a-f]{24,}$/i.test(text)) return true;
  const digits = text.replace(/[^0-9]/g, '').length;
  if (/^[\w+=-][\w+/=-]*$/.test(text) && /[a-z]/.test(text) && /[A-Z]/.test(text))
    return digits >= 2 && !text.includes('.');
  return /^[a-z0-9]+$/.test(text) && digits >= 4 && digits < text.length;
}
