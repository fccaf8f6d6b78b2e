export interface JsonMember {
  readonly name: string;
  /** A string's text, or a number or literal as written; empty for what has members itself. */
  readonly value: string;
}

/**
 * The members of all objects in a text that may be JSON, as deep as asked, each as often as it stands there: parsers differ in which of
 * two they take. What is no JSON is read as far as it looks like it. Time is linear in the text.
 */
export function jsonMembers(text: string, deepest: number): readonly JsonMember[] {
  const members: JsonMember[] = [];
  const mark = /["{}[\]]/g;
  let depth = 0;
  for (let found = mark.exec(text); found; found = mark.exec(text)) {
    if (found[0] !== '"') {
      depth += found[0] === '{' || found[0] === '[' ? 1 : -1;
      continue;
    }
    mark.lastIndex = endOfString(text, mark.lastIndex);
    const colon = matchAt(/\s*:\s*/y, text, mark.lastIndex);
    if (colon === undefined || depth > deepest) continue;
    const name = plainText(text.slice(found.index, mark.lastIndex));
    members.push({ name, value: valueAt(text, mark.lastIndex + colon.length) });
  }
  return members;
}

/** The position after the closing quote, or the end of the text; `from` is the position after the opening one. */
function endOfString(text: string, from: number): number {
  const mark = /\\[\s\S]|"/g;
  mark.lastIndex = from;
  for (let found = mark.exec(text); found; found = mark.exec(text)) if (found[0] === '"') return mark.lastIndex;
  return text.length;
}

function valueAt(text: string, at: number): string {
  if (text[at] === '"') return plainText(text.slice(at, endOfString(text, at + 1)));
  return matchAt(/[^\s,"{}[\]]*/y, text, at) ?? '';
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

function plainText(token: string): string {
  try {
    const parsed: unknown = JSON.parse(token);
    if (typeof parsed === 'string') return parsed;
  } catch {
    // Some parsers take what JSON does not allow in a string.
  }
  return token
    .replace(/^"|"$/g, '')
    .replace(/\\u([0-9a-f]{4})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
