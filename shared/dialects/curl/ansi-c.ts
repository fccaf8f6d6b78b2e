// `$'…'` of bash: backslash escapes decoded as ANSI C does, and then single-quoted.
const SIMPLE: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  e: '\x1b',
  E: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

const NUMBERED = /^(?:([0-7]{1,3})|x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8}))/;
const MAX_CODE_POINT = 0x10_ffff;
const MAX_ESCAPE_CHARS = 9;

/** What the escape after the backslash at `at` stands for, and where it ends. An unknown one stays as it is written. */
export function readAnsiEscape(text: string, at: number): { readonly text: string; readonly end: number } {
  const letter = text[at + 1] ?? '';
  const simple = Object.hasOwn(SIMPLE, letter) ? SIMPLE[letter] : undefined;
  if (simple !== undefined) return { text: simple, end: at + 2 };
  if (`'"?\\`.includes(letter)) return { text: letter, end: at + 2 };
  if (letter === 'c' && at + 2 < text.length) {
    return { text: String.fromCharCode(text.charCodeAt(at + 2) & 0x1f), end: at + 3 };
  }
  const numbered = NUMBERED.exec(text.slice(at + 1, at + 1 + MAX_ESCAPE_CHARS));
  if (!numbered) return { text: `\\${letter}`, end: at + 2 };
  const [all, octal, ...hex] = numbered;
  const digits = hex.find((found) => found !== undefined);
  const code = octal === undefined ? Number.parseInt(digits ?? '0', 16) : Number.parseInt(octal, 8) & 0xff;
  return { text: code > MAX_CODE_POINT ? '\u{fffd}' : String.fromCodePoint(code), end: at + 1 + all.length };
}
