// What stands in the place of a value that a later request can use: a reference that an agent may send back.
import { mayBeToken } from '../secret/captured-name.ts';

/** Given the name of a field or cookie and its value, the reference to show in its place; undefined where it is not kept. */
export type Capture = (field: string, value: string) => string | undefined;

const SCHEME_AND_TOKEN = /^((?:bearer|token|jwt|basic)[ \t]+)(\S+)$/i;

/** The text to show for a value that a credential's name takes, `Bearer {{captured:…}}` for `Bearer …`. Undefined: nothing was kept. */
export function captureText(capture: Capture | undefined, field: string, value: string): string | undefined {
  if (!capture) return undefined;
  const [, scheme = '', token = value] = SCHEME_AND_TOKEN.exec(value) ?? [];
  if (!mayBeToken(token)) return undefined;
  const reference = capture(field, token);
  return reference === undefined ? undefined : scheme + reference;
}

/** The same for a Set-Cookie field (RFC 6265 section 4.1.1), whose cookie any value may be. */
export function captureCookie(capture: Capture | undefined, field: string): string | undefined {
  const [, name = '', quote = '', value = '', rest = ''] =
    /^([^=;]*)=\s*("?)([^;"]*)\2\s*((?:;[\s\S]*)?)$/.exec(field) ?? [];
  if (!capture || name === '' || value === '' || /\s/.test(value)) return undefined;
  const reference = capture(name.trim(), value);
  return reference === undefined ? undefined : `${name}=${quote}${reference}${quote}${rest}`;
}
