import { Lexer } from 'yaml';
import { limits } from '../limits.ts';

/**
 * Whether a text has more tokens of YAML than that, or brackets that nest deeper than a value may: what parsing it takes its
 * time and memory for, whatever its length. A block text or a quoted one is a single token. Reads no further than it must.
 */
export function hasMoreYamlTokens(text: string, most: number): boolean {
  if (text.length <= limits.valueDepth) return false;
  let count = 0;
  let depth = 0;
  for (const token of new Lexer().lex(text)) {
    count += 1;
    if (token === '[' || token === '{') depth += 1;
    else if (token === ']' || token === '}') depth = Math.max(0, depth - 1);
    if (count > most || depth > limits.valueDepth) return true;
  }
  return false;
}
