// JSON bodies that hold references: Postman allows comments in them and strips these before sending, and a secret that
// stands inside a string must be escaped for it. One walk over the pieces does both.
import type { Piece, Rendered } from '../template/template.ts';

type State = 'code' | 'string' | 'line-comment' | 'block-comment';

/**
 * A JSON text without its line and block comments; a secret in a comment goes with it. Handles and computations inside
 * strings are marked to be escaped: their value is stored as it is. An inline secret stands in the file the way it is meant to be sent.
 */
export function planJsonText(rendered: Rendered): Rendered {
  if (!rendered.some(needsReading)) return rendered;
  const walk: Walk = { state: 'code', kept: [] };
  for (const piece of rendered) {
    if (piece.kind === 'text') readText(piece.text, walk);
    else if (walk.state === 'string' && isStoredPlain(piece)) walk.kept.push({ ...piece, inside: 'json-string' });
    else if (!inComment(walk)) walk.kept.push(piece);
  }
  return walk.kept;
}

function needsReading(piece: Piece): boolean {
  return piece.kind === 'text' ? /\/[/*]/.test(piece.text) : isStoredPlain(piece);
}

/** Whether its value knows nothing of the string that it stands in. */
function isStoredPlain(piece: Piece): piece is Exclude<Piece, { kind: 'text' | 'inline' }> {
  return piece.kind === 'handle' || piece.kind === 'derived';
}

/** The text inside a JSON string literal, without its quotes. */
export function escapeJsonString(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

interface Walk {
  state: State;
  readonly kept: Piece[];
}

// What ends or changes each state.
const marks: Readonly<Record<State, RegExp>> = {
  code: /\\["\\]|"|\/\/|\/\*/g,
  string: /\\["\\]|"/g,
  'line-comment': /\r?\n/g,
  'block-comment': /\*\//g,
};

function readText(text: string, walk: Walk): void {
  let at = 0;
  while (at < text.length) {
    const mark = marks[walk.state];
    mark.lastIndex = at;
    const found = mark.exec(text);
    const end = found?.index ?? text.length;
    if (!inComment(walk)) addText(walk.kept, text.slice(at, end));
    if (!found) return;
    readMark(found[0], walk);
    at = end + found[0].length;
  }
}

function readMark(mark: string, walk: Walk): void {
  if (walk.state === 'code' && (mark === '//' || mark === '/*')) {
    walk.state = mark === '//' ? 'line-comment' : 'block-comment';
  } else if (walk.state === 'line-comment') {
    walk.state = 'code';
    // The line break stays, as strip-json-comments leaves it.
    addText(walk.kept, '\n');
  } else if (walk.state === 'block-comment') {
    walk.state = 'code';
  } else {
    addText(walk.kept, mark);
    if (mark === '"') walk.state = walk.state === 'string' ? 'code' : 'string';
  }
}

function inComment({ state }: Walk): boolean {
  return state === 'line-comment' || state === 'block-comment';
}

function addText(pieces: Piece[], text: string): void {
  const last = pieces.at(-1);
  if (text === '') return;
  if (last?.kind === 'text') pieces[pieces.length - 1] = { kind: 'text', text: last.text + text };
  else pieces.push({ kind: 'text', text });
}
