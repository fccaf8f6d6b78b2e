// Damages texts in the ways that editors, merges and attackers do. Seeded: a run can be repeated.

const TOKENS = [
  '{',
  '}',
  '[',
  ']',
  '"',
  "'",
  ':',
  ',',
  '\n',
  '\r\n',
  '\t',
  '\0',
  '\uFEFF',
  '\uD800',
  '{{',
  '}}',
  '{%',
  '%}',
  '&a',
  '*a',
  '<<: *a',
  '---\n',
  '...',
  '!!js/function',
  '|-\n',
  '>-\n',
  '#',
  '//',
  '/*',
  "'''",
  '~',
  '@',
  '$',
  '`',
  '\\',
  '###',
  'null',
  'true',
  '1e999',
  '-',
  '__proto__',
  'constructor',
  '"$ref": "#"',
  'x'.repeat(5_000),
  '['.repeat(3_000),
  '{"a":'.repeat(3_000),
  ' '.repeat(3_000),
  '- '.repeat(2_000),
];

export type Random = () => number;

/** mulberry32 (public domain). */
export function seeded(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The text with one to four damages. */
export function mutate(text: string, random: Random): string {
  let damaged = text;
  for (let count = 1 + Math.floor(random() * 4); count > 0; count -= 1) damaged = damage(damaged, random);
  return damaged;
}

function damage(text: string, random: Random): string {
  const at = Math.floor(random() * (text.length + 1));
  const to = Math.min(text.length, at + Math.floor(random() ** 3 * 400));
  switch (Math.floor(random() * 7)) {
    case 0:
      return text.slice(0, at);
    case 1:
      return text.slice(0, at) + text.slice(to);
    case 2:
      return text.slice(0, to) + text.slice(at, to) + text.slice(to);
    case 3:
      return text.slice(0, at) + (TOKENS[Math.floor(random() * TOKENS.length)] ?? '') + text.slice(at);
    case 4:
      return text.slice(0, at) + String.fromCharCode(Math.floor(random() * 0x250)) + text.slice(at + 1);
    case 5:
      return swapLines(text, random);
    default:
      return text.slice(at, to) + text.slice(0, at) + text.slice(to);
  }
}

function swapLines(text: string, random: Random): string {
  const lines = text.split('\n');
  const one = Math.floor(random() * lines.length);
  const other = Math.floor(random() * lines.length);
  [lines[one], lines[other]] = [lines[other] ?? '', lines[one] ?? ''];
  return lines.join('\n');
}
