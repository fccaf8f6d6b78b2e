// What can be known of free text: shapes of credentials, and the URLs that stand in it.
import { isSensitive } from './field-rules.ts';
import { isInert, REDACTED, type RedactedText } from './marker.ts';
import { judgeName } from './names.ts';
import { redactShapes } from './shapes.ts';

const USERINFO = /(?<![a-z0-9+.-])([a-z][a-z0-9+.-]{1,30}:\/\/)([^\s/?#"'<>@\\]+)@/gi;
const PARAMETER = /(&amp;|\\u0026|[?&#])([\w.~%[\]$-]{1,100})=([^\s&#"'<>\\]+)/g;

/** Takes a text of any kind; gives it with what looks like a credential replaced. Time is linear in its length. */
export function redactText(text: string): RedactedText {
  const shapes = redactShapes(text);
  let { count } = shapes;
  let out = shapes.text;
  if (out.includes('://') && out.includes('@')) {
    out = out.replace(USERINFO, (whole, scheme: string, userinfo: string) => {
      if (isInert(userinfo)) return whole;
      count += 1;
      return `${scheme}${REDACTED}@`;
    });
  }
  if (out.includes('=')) {
    out = out.replace(PARAMETER, (whole, mark: string, name: string, value: string) => {
      if (!isSensitive(judgeName(name)) || isInert(value)) return whole;
      count += 1;
      return `${mark}${name}=${REDACTED}`;
    });
  }
  return { text: out, count };
}
