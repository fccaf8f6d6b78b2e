// Literals of the addresses in a text: user info (RFC 3986, 3.2.1) and sensitive parameters of query and fragment.
import { isSensitiveName } from '../redact/names.ts';
import { decodeForm } from './seal-nested.ts';
import type { LiteralRange } from './seal-ranges.ts';

const USERINFO = /(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{1,30}:\/\/([^\s/?#"'<>\\]+)@/gi;
const PARAMETER = /[?&#]([\w.~%[\]$-]{1,100})=([^\s&#"'<>\\]+)/g;
// In a query these are credentials far more often than not, and the access key id goes with its signature.
const IN_QUERY = /^(?:key|auth|awsaccesskeyid)$/i;

/** User names, passwords and parameters, each on its own. */
export function scanAddresses(text: string): LiteralRange[] {
  const ranges: LiteralRange[] = [];
  if (text.includes('://') && text.includes('@')) {
    for (const { 0: whole, 1: userinfo = '', index } of text.matchAll(USERINFO)) {
      addUserinfo(userinfo, index + whole.length - 1 - userinfo.length, ranges);
    }
  }
  if (!/[?&#]/.test(text)) return ranges;
  for (const { 0: whole, 1: name = '', 2: value = '', index } of text.matchAll(PARAMETER)) {
    if (!isSecretParameter(decodeForm(name))) continue;
    const end = index + whole.length;
    ranges.push({ start: end - value.length, end });
  }
  return ranges;
}

/** Whether a parameter of this name, as it reads without encoding, holds a credential. */
export function isSecretParameter(name: string): boolean {
  return isSensitiveName(name) || IN_QUERY.test(name);
}

function addUserinfo(userinfo: string, start: number, ranges: LiteralRange[]): void {
  // A colon in the name of a reference separates nothing.
  const plain = userinfo.replace(/\{\{[^{}]*\}\}/g, (reference) => ' '.repeat(reference.length));
  const colon = plain.indexOf(':');
  const end = start + userinfo.length;
  if (colon === -1) ranges.push({ start, end });
  else ranges.push({ start, end: start + colon }, { start: start + colon + 1, end });
}
