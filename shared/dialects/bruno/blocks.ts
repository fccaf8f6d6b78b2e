// Splits a .bru text into its blocks. One pass, whatever the text holds.
import { placeOf } from '../../collection/json-place.ts';
import { failure } from '../../failure/failure.ts';
import { err, ok, type Result } from '../../failure/result.ts';
import { limits } from '../../limits.ts';
import { type PairRules, readNames, readPairs, TOO_MANY } from './pairs.ts';
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

const HEAD = /([^\s{[]+)[ \t]*([{[])/y;
const COLOR = /color:[^\n]*/y;

function readBlocks(text: string, kind: BruFileKind): BruBlock[] | BruProblem {
  const blocks: BruBlock[] = [];
  const budget = { left: limits.bruEntries };
  let at = skipSpace(text, 0);
  while (at < text.length) {
    if (kind === 'environment' && text.startsWith('color:', at)) {
      COLOR.lastIndex = at;
      COLOR.test(text);
      at = skipSpace(text, COLOR.lastIndex);
      continue;
    }
    HEAD.lastIndex = at;
    const head = HEAD.exec(text);
    if (!head) return { problem: 'no block begins here', at };
    const [, name = '', bracket] = head;
    const rules = { ...rulesOf(name, kind), budget };
    const read = readBlock(text, { name, at, open: HEAD.lastIndex, isList: bracket === '[' }, rules);
    if ('problem' in read) return read;
    budget.left -= 1;
    if (budget.left < 0) return { problem: TOO_MANY, at };
    blocks.push(read.block);
    at = skipSpace(text, read.end);
  }
  return blocks;
}

interface Opened {
  readonly name: string;
  readonly at: number;
  /** Offset behind the bracket. */
  readonly open: number;
  readonly isList: boolean;
}

function readBlock(
  text: string,
  { name, at, open, isList }: Opened,
  rules: BlockRules,
): { readonly block: BruBlock; readonly end: number } | BruProblem {
  if (!isList && rules.texts.has(name)) {
    const close = text.indexOf('\n}', open);
    if (close === -1) return { problem: 'a block has no closing "}" at the start of a line', at: open - 1 };
    return { block: { kind: 'text', name, at, raw: text.slice(open, close).replace(/^\n+/, '') }, end: close + 2 };
  }
  const read = isList ? readNames(text, open, rules.budget) : readPairs(text, open, rules);
  if ('problem' in read) return read;
  return { block: { kind: 'pairs', name, at, pairs: read.pairs }, end: read.end };
}

interface BlockRules extends PairRules {
  /** Names of the blocks that hold a text. */
  readonly texts: ReadonlySet<string>;
}

const NO_TEXTS: ReadonlySet<string> = new Set();

function rulesOf(name: string, kind: BruFileKind): Omit<BlockRules, 'budget'> {
  if (kind === 'environment') return { keys: 'plain', quotesOwnLine: true, texts: NO_TEXTS };
  if (kind === 'answer') return { keys: 'quoted', quotesOwnLine: true, texts: NO_TEXTS };
  return { keys: name === 'assert' ? 'expression' : 'quoted', quotesOwnLine: false, texts: TEXT_BLOCKS };
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charCodeAt(at) <= 32) at += 1;
  return at;
}
