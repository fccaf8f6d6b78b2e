// The `###` separators and lines of a file; offsets instead of copies, because a file can hold thousands of requests.

export interface Block {
  /** What stands behind the `###`. */
  readonly title: string;
  /** Of the lines between two separators. */
  readonly start: number;
  readonly end: number;
}

export interface Line {
  readonly text: string;
  readonly start: number;
  /** Where the next line starts. */
  readonly next: number;
}

/** The blocks of a text that hold anything, in order. */
export function* blocksOf(text: string): Generator<Block> {
  let title = '';
  let start = 0;
  for (let at = text.startsWith('###') ? 0 : next(text, 0); ; at = next(text, at)) {
    const end = at === -1 ? text.length : at;
    if (/\S/.test(text.slice(start, end))) yield { title, start, end };
    if (at === -1) return;
    const line = lineAt(text, at, text.length);
    title = line.text.replace(/^#+/, '').trim();
    start = line.next;
  }
}

function next(text: string, from: number): number {
  const found = text.indexOf('\n###', from);
  return found === -1 ? -1 : found + 1;
}

export function lineAt(text: string, start: number, end: number): Line {
  const found = text.indexOf('\n', start);
  const stop = found === -1 || found >= end ? end : found;
  return { text: text.slice(start, stop), start, next: Math.min(stop + 1, end) };
}

export function* linesOf(text: string, start: number, end: number): Generator<Line> {
  for (let at = start; at < end; ) {
    const line = lineAt(text, at, end);
    yield line;
    at = line.next;
  }
}
