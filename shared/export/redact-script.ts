import type { RedactedText } from '../redact/marker.ts';
import { isSensitiveName } from '../redact/names.ts';
import { redactText } from '../redact/redact-text.ts';

const LITERAL = /("(?:[^"\\\n]|\\.){1,4096}"|'(?:[^'\\\n]|\\.){1,4096}'|`[^`\\$]{1,4096}`)/.source;
// `token = "…"`, `token: '…'`, `"token": "…"`; and `set("token", "…")`.
const ASSIGNED = new RegExp(`(?<![\\w$])([A-Za-z_$][\\w$-]{0,80})(["']?[ \\t]{0,8}[:=][ \\t]{0,8})${LITERAL}`, 'g');
const SET = new RegExp(
  `(?<=\\b(?:set|add|append|upsert|property|header|param)\\w{0,40}\\([ \\t]{0,8}["'\`])([\\w$.-]{1,80})(["'\`][ \\t]{0,8},[ \\t]{0,8})${LITERAL}`,
  'g',
);
// `x.token === "…"`, `x["token"], "…"` of an assertion, and `expect(x.token).to.equal("…")`.
const CALLS = '(?:\\s{0,40}\\.\\s{0,8}\\w{1,40}(?:\\(\\))?){1,12}';
const MEMBERS = [
  ['(?<=\\.)', ''],
  ['(?<=\\[["\'])', '["\']\\]'],
].map(([before = '', after = '']) => {
  const next = `(${after}\\s{0,8}(?:(?:[=!]==?|,)|\\)${CALLS}\\()\\s{0,8})`;
  return new RegExp(`${before}([A-Za-z_$][\\w$-]{0,80})${next}${LITERAL}`, 'g');
});
// `key: "X-Api-Key", value: "…"`.
const PAIRED = new RegExp(
  `(?<=\\b(?:key|name|header)["']?[ \\t]{0,8}:[ \\t]{0,8}["'\`])([\\w$.-]{1,80})(["'\`]\\s{0,8},\\s{0,40}["']?value["']?\\s{0,8}:\\s{0,8})${LITERAL}`,
  'g',
);

/**
 * A script for writing to a file: string literals under sensitive names, and whatever has the shape of a credential, read
 * `[secret]`. Code stays code: names and calls are never touched.
 */
export function redactScript(source: string): RedactedText {
  let count = 0;
  const hide = (whole: string, name: string, between: string, literal: string): string => {
    const value = literal.slice(1, -1);
    if (!isSensitiveName(name) || /^\{\{[^{}]*\}\}$/.test(value) || value === '[secret]') return whole;
    count += 1;
    return `${name}${between}${literal[0]}[secret]${literal[0]}`;
  };
  let text = source;
  for (const pattern of [ASSIGNED, SET, ...MEMBERS, PAIRED]) text = text.replace(pattern, hide);
  const shaped = redactText(text);
  return { text: shaped.text, count: count + shaped.count };
}
