// The delimiters of Insomnia's templates, as LiquidJS and before it Nunjucks read them: `{{ output }}`, `{% tag %}` and
// `{# comment #}`, where a "-" inside a delimiter trims the white space next to it. What is not closed is text.

export type Token =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'output'; readonly inner: string; readonly source: string }
  | { readonly kind: 'tag'; readonly name: string; readonly args: string };

/** The tokens of a text in its order; comments are left out and raw blocks are text. Never fails, in one pass. */
export function scanTemplate(text: string): Token[] {
  const scan = startScan(text);
  let done = 0;
  for (let from = 0; ; ) {
    const start = nextOpening(text, from);
    if (start === -1) break;
    const piece = readPiece(scan, start);
    if (!piece) {
      from = start + 1;
      continue;
    }
    addText(scan, text.slice(done, start), piece.trimsBefore);
    const end = takePiece(scan, piece);
    scan.trims = piece.trimsAfter;
    done = end;
    from = end;
  }
  addText(scan, text.slice(done), false);
  return scan.tokens;
}

/** A text that may hold a template; every other one is its own. */
export function hasTemplate(text: string): boolean {
  return nextOpening(text, 0) !== -1;
}

interface Scan {
  readonly text: string;
  readonly tokens: Token[];
  /** The last place of each closing delimiter and word: nothing is looked for behind it. */
  readonly last: Record<Closing, number>;
  trims: boolean;
}

type Closing = '}}' | '%}' | '#}' | 'endraw' | 'endcomment';

interface Piece {
  readonly kind: '{' | '%' | '#';
  readonly start: number;
  readonly end: number;
  readonly inner: string;
  readonly trimsBefore: boolean;
  readonly trimsAfter: boolean;
}

// A literal in a tag can be a whole certificate.
const MAX_PIECE_CHARS = 64 * 1024;
const OPENING = /\{[{%#]/g;

function startScan(text: string): Scan {
  const last = (closing: Closing): number => text.lastIndexOf(closing);
  return {
    text,
    tokens: [],
    last: {
      '}}': last('}}'),
      '%}': last('%}'),
      '#}': last('#}'),
      endraw: last('endraw'),
      endcomment: last('endcomment'),
    },
    trims: false,
  };
}

function nextOpening(text: string, from: number): number {
  OPENING.lastIndex = from;
  return OPENING.exec(text)?.index ?? -1;
}

function readPiece({ text, last }: Scan, start: number): Piece | undefined {
  const kind = text[start + 1];
  if (kind !== '{' && kind !== '%' && kind !== '#') return undefined;
  const closing = kind === '{' ? '}}' : (`${kind}}` as const);
  if (last[closing] < start + 2) return undefined;
  const close = kind === '#' ? text.indexOf('#}', start + 2) : closeOf(text, start + 2, closing);
  if (close === undefined) return undefined;
  const inner = text.slice(start + 2, close);
  const trimsBefore = inner.startsWith('-');
  const trimsAfter = inner.length > 1 && inner.endsWith('-');
  const bare = inner.slice(trimsBefore ? 1 : 0, trimsAfter ? -1 : undefined);
  return { kind, start, end: close + 2, inner: bare.trim(), trimsBefore, trimsAfter };
}

/** Where an output or tag is closed, outside of quotes; undefined where another one opens before that. */
function closeOf(text: string, from: number, closing: string): number | undefined {
  const limit = Math.min(text.length, from + MAX_PIECE_CHARS);
  for (let at = from; at < limit; at += 1) {
    const char = text[at];
    if (char === "'" || char === '"') at = quoteEnd(text, at, limit);
    else if (char === '{') return undefined;
    else if (char === closing[0] && text[at + 1] === '}') return at;
  }
  return undefined;
}

/** The closing quote; the opening one itself where there is none. */
function quoteEnd(text: string, start: number, limit: number): number {
  for (let at = start + 1; at < limit; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === text[start]) return at;
  }
  return start;
}

/** Adds what a piece stands for and gives where the text goes on. */
function takePiece(scan: Scan, piece: Piece): number {
  const { kind, inner, start, end } = piece;
  if (kind === '#') return end;
  if (kind === '{') {
    scan.tokens.push({ kind: 'output', inner, source: scan.text.slice(start, end) });
    return end;
  }
  const name = /^[^\s'"(]*/.exec(inner)?.[0] ?? '';
  if (name === 'raw' || name === 'comment') {
    const block = blockEnd(scan, end, `end${name}`);
    if (block) {
      scan.trims = false;
      if (name === 'raw') addText(scan, scan.text.slice(end, block.start), false);
      return block.end;
    }
  }
  scan.tokens.push({ kind: 'tag', name, args: inner.slice(name.length) });
  return end;
}

function blockEnd({ text, last }: Scan, from: number, word: 'endraw' | 'endcomment') {
  if (last[word] < from) return undefined;
  const pattern = word === 'endraw' ? /\{%-?\s{0,8}endraw\s{0,8}-?%\}/g : /\{%-?\s{0,8}endcomment\s{0,8}-?%\}/g;
  pattern.lastIndex = from;
  const found = pattern.exec(text);
  // Not to look through the whole text once more for each block that is not closed.
  if (!found) last[word] = -1;
  return found ? { start: found.index, end: pattern.lastIndex } : undefined;
}

function addText(scan: Scan, text: string, trimsEnd: boolean): void {
  const started = scan.trims ? text.trimStart() : text;
  const trimmed = trimsEnd ? started.trimEnd() : started;
  if (trimmed !== '') scan.tokens.push({ kind: 'text', text: trimmed });
}
