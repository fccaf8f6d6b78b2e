// The operations of a GraphQL document, lexically (GraphQL specification, October 2021, section 2): enough to tell
// whether anything but a query is in it, without a parser. What cannot be read is not a query.

// Block strings before strings, so that `"""` is not read as an empty string and an opening quote.
const STRING_OR_COMMENT = /"""(?:\\"""|[\s\S])*?"""|"(?:\\.|[^"\\\n\r])*"|#[^\n\r]*/g;
// Insignificant between definitions (section 2.1.3 to 2.1.5): white space, commas, a byte order mark.
const IGNORED = /^[\s,\uFEFF]+/;
const OPENING = '{([';
const CLOSING = '})]';
const QUERY = /^(?:query(?!\w)|$)/;
const FRAGMENT = /^fragment(?!\w)/;

/** Whether a GraphQL document holds at least one operation and every one of them is a query. */
export function isGraphqlQuery(document: string): boolean {
  const definitions = definitionHeads(document.replace(STRING_OR_COMMENT, ' '));
  if (definitions === undefined) return false;
  const queries = definitions.filter((head) => QUERY.test(head));
  return queries.length > 0 && definitions.every((head) => QUERY.test(head) || FRAGMENT.test(head));
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
