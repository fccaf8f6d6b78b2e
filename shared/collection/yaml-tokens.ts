import { Lexer } from 'yaml';
import { limits } from '../limits.ts';

/**
 * Whether a text has more tokens of YAML than that, or nests deeper than a value may: what parsing it takes its time and
 * memory for, whatever its length. A block text or a quoted one is a single token. Reads no further than it must.
 */
export function hasMoreYamlTokens(text: string, most: number): boolean {
  if (text.length <= limits.valueDepth) return false;
  let count = 0;
  const nesting = createNesting();
  for (const token of new Lexer().lex(text)) {
    count += 1;
    if (count > most || nesting(token) > limits.valueDepth + 1) return true;
  }
  return false;
}

const SCALAR = '\x1F';
const FLOW_ERROR = '\x18';
const NO_NODES: ReadonlySet<string> = new Set(['\x02', '\uFEFF', SCALAR, FLOW_ERROR]);

/** A function that is told token by token and gives how deep the text nests there: no less than the parser makes of it. */
function createNesting(): (token: string) => number {
  const columns: number[] = [];
  let column = 0;
  let brackets = 0;
  let isText = false;
  let isNode = true;
  return (token) => {
    const start = column;
    const wasText = isText;
    isText = token === SCALAR;
    if (NO_NODES.has(token)) {
      if (token === FLOW_ERROR) brackets = 0;
      return columns.length;
    }
    const lineEnd = token.lastIndexOf('\n');
    column = lineEnd === -1 ? column + token.length : token.length - lineEnd - 1;
    if (!wasText && /^[\s#]/.test(token)) {
      isNode ||= token.endsWith('\n');
      return columns.length;
    }
    if (!wasText && (token === '[' || token === '{')) brackets += 1;
    else if (!wasText && (token === ']' || token === '}')) brackets = Math.max(0, brackets - 1);
    if (brackets === 0 && isNode) {
      while ((columns.at(-1) ?? -1) >= start) columns.pop();
      columns.push(start);
    }
    isNode = token.endsWith('\n') || (!wasText && (token === '-' || token === '?' || token === ':'));
    return brackets + columns.length;
  };
}
