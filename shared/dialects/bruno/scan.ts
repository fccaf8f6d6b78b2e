// Where the reading of a .bru text stands. Readers go on from `at`; where the text breaks the grammar they state the problem.
import { limits } from '../../limits.ts';
import type { BruProblem } from './syntax.ts';

export interface Scan {
  readonly text: string;
  at: number;
  /** How many more entries the file may have. */
  left: number;
  problem: BruProblem | undefined;
}

export const TOO_MANY = `it has more than ${limits.bruEntries} entries`;
export const UNCLOSED = 'a block has no closing "}" at the start of a line';

/** Ends the scan; what was being read is undefined. */
export function stopAt(scan: Scan, at: number, problem: string): undefined {
  scan.problem = { problem, at };
}

/** The offset of the line feed that ends the line, or the end of the text. */
export function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}

/** The offset of the next character that is neither a space nor a tab. */
export function skipBlanks(text: string, from: number): number {
  let at = from;
  while (isBlank(text.charCodeAt(at))) at += 1;
  return at;
}

/** The same across lines. */
export function skipSpace(text: string, from: number): number {
  let at = from;
  for (;;) {
    const code = text.charCodeAt(at);
    if (!isBlank(code) && code !== LINE_FEED && code !== RETURN) return at;
    at += 1;
  }
}

const TAB = 9;
const LINE_FEED = 10;
const RETURN = 13;
const SPACE = 32;

function isBlank(code: number): boolean {
  return code === SPACE || code === TAB;
}
