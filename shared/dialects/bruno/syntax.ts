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

/** The pairs of all blocks of a name, in file order. */
export function pairsOf(blocks: readonly BruBlock[], name: string): readonly BruPair[] {
  return blocks.flatMap((block) => (block.name === name && block.kind === 'pairs' ? block.pairs : []));
}

/** The text of the last block of a name; '' where there is none. */
export function textOfBlock(blocks: readonly BruBlock[], name: string): string {
  const found = blocks.findLast((block) => block.name === name);
  return found?.kind === 'text' ? outdent(found.raw) : '';
}

/** The value of a pair in all blocks of a name: the last one, as Bruno merges them; undefined where it is not stated. */
export function valueIn(blocks: readonly BruBlock[], block: string, name: string): string | undefined {
  return pairsOf(blocks, block).findLast((pair) => pair.name === name && pair.enabled)?.value;
}

/** A block's text without the two spaces in front of each line. */
export function outdent(raw: string): string {
  return raw.replace(/(^|\n) {2}/g, '$1');
}
