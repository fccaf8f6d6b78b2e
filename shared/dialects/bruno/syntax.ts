// What a .bru text is made of (@usebruno/lang v2): blocks of `name: value` pairs, of text, and of names. A block ends at a
// "}" at the start of a line; only a `'''` value may hold such a line.

/** The first place where a text breaks the grammar; the sentence names no content, because that can be a secret. */
export interface BruProblem {
  readonly problem: string;
  readonly at: number;
}

export interface BruPair {
  /** Without the `~` of a disabled pair and without quotes. */
  readonly name: string;
  readonly value: string;
  readonly enabled: boolean;
  /** The items of a `[` list; the value is empty then. */
  readonly list?: readonly string[];
  readonly description?: string;
  /** `@number`, `@boolean` or `@object`: how scripts see a variable. */
  readonly type?: VariableType;
  /** Offset of the name. */
  readonly at: number;
}

export type VariableType = 'number' | 'boolean' | 'object';

export type BruBlock = {
  readonly name: string;
  /** Offset of the name. */
  readonly at: number;
} & (
  | { readonly kind: 'pairs'; readonly pairs: readonly BruPair[] }
  /** As it stands in the file, two spaces deeper than it is meant. */
  | { readonly kind: 'text'; readonly raw: string }
);

const NO_PAIRS: readonly BruPair[] = [];

/** The pairs of all blocks of a name, in file order. */
export function pairsOf(blocks: readonly BruBlock[], name: string): readonly BruPair[] {
  let only: readonly BruPair[] | undefined;
  for (const block of blocks) {
    if (block.name !== name || block.kind !== 'pairs') continue;
    if (only) return blocks.flatMap((each) => (each.name === name && each.kind === 'pairs' ? each.pairs : []));
    only = block.pairs;
  }
  return only ?? NO_PAIRS;
}

/** The text of the last block of a name; '' where there is none. */
export function textOfBlock(blocks: readonly BruBlock[], name: string): string {
  for (let at = blocks.length - 1; at >= 0; at -= 1) {
    const block = blocks[at];
    if (block?.name === name) return block.kind === 'text' ? outdent(block.raw) : '';
  }
  return '';
}

/** The value of a pair in all blocks of a name: the last one, as Bruno merges them; undefined where it is not stated. */
export function valueIn(blocks: readonly BruBlock[], block: string, name: string): string | undefined {
  for (let at = blocks.length - 1; at >= 0; at -= 1) {
    const found = blocks[at];
    if (found?.name !== block || found.kind !== 'pairs') continue;
    const pair = lastEnabled(found.pairs, name);
    if (pair) return pair.value;
  }
  return undefined;
}

function lastEnabled(pairs: readonly BruPair[], name: string): BruPair | undefined {
  for (let at = pairs.length - 1; at >= 0; at -= 1) {
    const pair = pairs[at];
    if (pair?.name === name && pair.enabled) return pair;
  }
  return undefined;
}

/** A block's text without the two spaces in front of each line. */
export function outdent(raw: string): string {
  const text = raw.startsWith('  ') ? raw.slice(2) : raw;
  return text.replaceAll('\n  ', '\n');
}
