// Splits a .bru text into its blocks. One pass, whatever the text holds.
import { placeOf } from '../../collection/json-place.ts';
import { failure } from '../../failure/failure.ts';
import { err, ok, type Result } from '../../failure/result.ts';
import { limits } from '../../limits.ts';
import { type PairRules, readNames, readPairs } from './pairs.ts';
import { lineEnd, type Scan, stopAt, TOO_MANY, UNCLOSED } from './scan.ts';
import type { BruBlock, BruProblem } from './syntax.ts';

/** `level` is collection.bru or folder.bru, `answer` the inside of a saved example. */
export type BruFileKind = 'request' | 'level' | 'environment' | 'answer';

const TEXT_BLOCKS: ReadonlySet<string> = new Set([
  'body',
  'body:json',
  'body:text',
  'body:xml',
  'body:sparql',
  'body:graphql',
  'body:graphql:vars',
  'script:pre-request',
  'script:post-response',
  'tests',
  'docs',
  'example',
]);

/**
 * The blocks of a file. Fails with COLLECTION/MALFORMED at the first place that breaks the grammar, and with
 * COLLECTION/TOO_LARGE beyond limits.bruFileChars.
 */
export function parseBru(fileText: string, file: string, kind: BruFileKind): Result<BruBlock[]> {
  if (fileText.length > limits.bruFileChars) {
    return err(failure('COLLECTION/TOO_LARGE', { file, limitBytes: limits.bruFileChars }, { file }));
  }
  const text = unixLines(fileText);
  const blocks = readBlocks(text, kind);
  if (!('problem' in blocks)) return ok(blocks);
  const { problem, at } = blocks;
  return err(failure('COLLECTION/MALFORMED', { file, problem }, { file, ...placeOf(text, at) }));
}

/** The same of a text that is known to parse; what does not has no blocks. */
export function reparseBru(fileText: string, kind: BruFileKind): readonly BruBlock[] {
  const blocks = readBlocks(unixLines(fileText), kind);
  return 'problem' in blocks ? [] : blocks;
}

/** Lines that end in LF, without a byte order mark; places stay where they are but for that mark. */
export function unixLines(text: string): string {
  const unmarked = text.startsWith('\uFEFF') ? text.slice(1) : text;
  return unmarked.includes('\r') ? unmarked.replaceAll('\r\n', '\n') : unmarked;
}

const HEAD = /[^\s{[]+[ \t]*[{[]/y;

function readBlocks(text: string, kind: BruFileKind): BruBlock[] | BruProblem {
  const scan: Scan = { text, at: skipGap(text, 0), left: limits.bruEntries, problem: undefined };
  const blocks: BruBlock[] = [];
  while (scan.at < text.length) {
    if (kind === 'environment' && text.startsWith('color:', scan.at)) {
      scan.at = lineEnd(text, scan.at);
    } else {
      const block = readBlock(scan, kind);
      if (block) blocks.push(block);
    }
    if (scan.problem) return scan.problem;
    scan.at = skipGap(text, scan.at);
  }
  return blocks;
}

function readBlock(scan: Scan, kind: BruFileKind): BruBlock | undefined {
  const { text, at } = scan;
  HEAD.lastIndex = at;
  if (!HEAD.test(text)) return stopAt(scan, at, 'no block begins here');
  scan.at = HEAD.lastIndex;
  const name = text.slice(at, scan.at - 1).trimEnd();
  const block = text[scan.at - 1] === '[' ? readList(scan, name, at) : readBraces(scan, name, at, kind);
  scan.left -= 1;
  return block && scan.left < 0 ? stopAt(scan, at, TOO_MANY) : block;
}

function readList(scan: Scan, name: string, at: number): BruBlock | undefined {
  const pairs = readNames(scan);
  return pairs && { kind: 'pairs', name, at, pairs };
}

function readBraces(scan: Scan, name: string, at: number, kind: BruFileKind): BruBlock | undefined {
  const rules = RULES[kind];
  if (!rules.texts.has(name)) {
    const pairs = readPairs(scan, name === 'assert' ? rules.assertions : rules.pairs);
    return pairs && { kind: 'pairs', name, at, pairs };
  }
  const { text, at: open } = scan;
  const close = text.indexOf('\n}', open);
  if (close === -1) return stopAt(scan, open - 1, UNCLOSED);
  scan.at = close + 2;
  let from = open;
  while (from < close && text[from] === '\n') from += 1;
  return { kind: 'text', name, at, raw: text.slice(from, close) };
}

interface BlockRules {
  /** Names of the blocks that hold a text. */
  readonly texts: ReadonlySet<string>;
  readonly pairs: PairRules;
  /** For the pairs of `assert`. */
  readonly assertions: PairRules;
}

const IN_REQUEST: BlockRules = {
  texts: TEXT_BLOCKS,
  pairs: { keys: 'quoted', quotesOwnLine: false },
  assertions: { keys: 'expression', quotesOwnLine: false },
};

function withoutTexts(pairs: PairRules): BlockRules {
  return { texts: new Set(), pairs, assertions: pairs };
}

const RULES: Readonly<Record<BruFileKind, BlockRules>> = {
  request: IN_REQUEST,
  level: IN_REQUEST,
  environment: withoutTexts({ keys: 'plain', quotesOwnLine: true }),
  answer: withoutTexts({ keys: 'quoted', quotesOwnLine: true }),
};

/** Between blocks any control character counts as space. */
function skipGap(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charCodeAt(at) <= 32) at += 1;
  return at;
}
