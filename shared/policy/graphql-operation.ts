// The operations of a GraphQL document, lexically (GraphQL specification, October 2021, section 2): enough to tell
// whether anything but a query is in it, without a parser. What cannot be read is not a query.

// Insignificant between definitions (section 2.1.3 to 2.1.5): white space, commas, a byte order mark.
const IGNORED = /^[\s,\uFEFF]+/;
const OPENING = '{([';
const CLOSING = '})]';
const QUERY = /^(?:query(?!\w)|$)/;
const FRAGMENT = /^fragment(?!\w)/;

/** Whether a GraphQL document holds at least one operation and every one of them is a query. */
export function isGraphqlQuery(document: string): boolean {
  const bare = withoutStrings(document);
  const definitions = bare === undefined ? undefined : definitionHeads(bare);
  if (definitions === undefined) return false;
  const queries = definitions.filter((head) => QUERY.test(head));
  return queries.length > 0 && definitions.every((head) => QUERY.test(head) || FRAGMENT.test(head));
}

/** The document with a space for each string and comment; undefined where a string does not end. One pass. */
function withoutStrings(text: string): string | undefined {
  const kept: string[] = [];
  let from = 0;
  for (let at = nextMark(text, 0); at < text.length; at = nextMark(text, from)) {
    kept.push(text.slice(from, at));
    const end = text[at] === '#' ? lineEnd(text, at) : stringEnd(text, at);
    if (end === undefined) return undefined;
    from = end;
  }
  kept.push(text.slice(from));
  return kept.join(' ');
}

function nextMark(text: string, from: number): number {
  let at = from;
  while (at < text.length && text[at] !== '"' && text[at] !== '#') at += 1;
  return at;
}

function lineEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && text[at] !== '\n' && text[at] !== '\r') at += 1;
  return at;
}

const BLOCK = '"""';

function stringEnd(text: string, start: number): number | undefined {
  // First, so that `"""` is not read as an empty string and an opening quote.
  if (text.startsWith(BLOCK, start)) return blockEnd(text, start + BLOCK.length);
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '"') return at + 1;
    if (text[at] === '\\') at += 1;
    if (text[at] === '\n' || text[at] === '\r') return undefined;
  }
  return undefined;
}

// Section 2.9.4: the only escape of a block string is `\"""`.
function blockEnd(text: string, from: number): number | undefined {
  for (let end = text.indexOf(BLOCK, from); end !== -1; end = text.indexOf(BLOCK, end + BLOCK.length)) {
    if (end === from || text[end - 1] !== '\\') return end + BLOCK.length;
  }
  return undefined;
}

/** What stands before the selection set of each definition; empty for the shorthand. Undefined where it does not nest. */
function definitionHeads(text: string): readonly string[] | undefined {
  const heads: string[] = [];
  let depth = 0;
  let head = '';
  for (const char of text) {
    if (CLOSING.includes(char)) depth -= 1;
    if (depth < 0 || char === '"') return undefined;
    if (depth === 0 && char === '}') {
      heads.push(head.replace(IGNORED, ''));
      head = '';
    } else if (depth === 0 && !OPENING.includes(char)) head += char;
    if (OPENING.includes(char)) depth += 1;
  }
  return depth === 0 && head.replace(IGNORED, '') === '' ? heads : undefined;
}
