import { Lexer } from 'yaml';
import { limits } from '../limits.ts';

/**
 * Whether a text has more tokens of YAML than that, or nests deeper than a value may: what parsing it takes its time and
 * memory for, whatever its length. A block text or a quoted one is a single token. Reads no further than it must.
 */
export function hasMoreYamlTokens(text: string, most: number): boolean {
  if (text.length <= limits.valueDepth) return false;
  let count = 0;
  const nesting: Nesting = { columns: [], column: 0, brackets: 0, isText: false, isOpen: true };
  for (const token of new Lexer().lex(text)) {
    count += 1;
    follow(nesting, token);
    // A text may stand in the deepest list.
    if (count > most || nesting.columns.length + nesting.brackets > limits.valueDepth + 1) return true;
  }
  return false;
}

/** How deep a text nests: no less than the parser makes of it. */
interface Nesting {
  /** Where the lists, mappings and texts begin that hold each other; each stands further to the right than its holder. */
  readonly columns: number[];
  column: number;
  brackets: number;
  /** Whether the next token is a text, which may look like a sign. */
  isText: boolean;
  /** Whether a list or mapping may begin: on a new line and behind an indicator. */
  isOpen: boolean;
}

const SCALAR = '\x1F';
const DOCUMENT = '\x02';
const FLOW_ERROR = '\x18';
const INDICATORS: ReadonlySet<string> = new Set(['-', '?', ':']);

function follow(nesting: Nesting, token: string): void {
  const sign = nesting.isText ? '' : token;
  nesting.isText = sign === SCALAR;
  if (sign === FLOW_ERROR) nesting.brackets = 0;
  if (sign === FLOW_ERROR || sign === SCALAR || sign === DOCUMENT) return;
  const start = nesting.column;
  const lineEnd = token.lastIndexOf('\n');
  nesting.column = lineEnd === -1 ? start + token.length : token.length - lineEnd - 1;
  if (/^[\s#]/.test(sign)) {
    if (lineEnd !== -1) nesting.isOpen = true;
    return;
  }
  if (nesting.isOpen && nesting.brackets === 0) open(nesting.columns, start);
  nesting.isOpen = token.endsWith('\n') || INDICATORS.has(sign);
  if (sign === '[' || sign === '{') nesting.brackets += 1;
  else if (sign === ']' || sign === '}') nesting.brackets = Math.max(0, nesting.brackets - 1);
}

function open(columns: number[], column: number): void {
  while ((columns.at(-1) ?? -1) >= column) columns.pop();
  columns.push(column);
}
