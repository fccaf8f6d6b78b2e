// A fast reader of the plain subset of YAML 1.2 that files of APIs are written in: block and flow collections and scalars of
// every style, in the core schema. It gives up, without saying why, on all else: anchors, aliases, tags, `?`, merge keys,
// directives, several documents, tabs as indent, and whatever is an error. What it gives is what the `yaml` package gives.
import { limits } from '../limits.ts';
import { type Cursor, DASH, endLine, endOfLine, isDocumentMarker, nextLine, type OnNode } from './block-yaml-cursor.ts';
import { readNode } from './block-yaml-nodes.ts';
import { placeOf, type TextPlace } from './json-place.ts';

export interface BlockYamlOptions {
  /** Offsets are those of the text with line feeds for line ends. */
  readonly onNode?: OnNode | undefined;
  /** Told where reading was given up, near enough for a person. */
  readonly onGiveUp?: (place: TextPlace) => void;
}

/** The value of a text whose top is a list or a mapping; undefined where it is given up. */
export function readBlockYaml(text: string, { onNode, onGiveUp }: BlockYamlOptions = {}): object | undefined {
  const plain = withLineFeeds(text);
  const odd = plain.slice(hasMark(plain) ? 1 : 0).search(ODD);
  if (odd !== -1) {
    onGiveUp?.(placeOf(plain, odd));
    return undefined;
  }
  const cursor = createCursor(plain, onNode);
  const value = readDocument(cursor);
  if (typeof value === 'object' && value !== null && cursor.indent === -1) return value;
  onGiveUp?.(placeOf(plain, cursor.at));
  return undefined;
}

// The package has its own opinion of control characters, and of carriage returns and byte order marks within the text.
const ODD = /[^\t\n -~\x80-\uFEFE\uFF00-\uFFFF]/;
const BYTE_ORDER_MARK = 0xfeff;

const SLICE_CHARS = 1_048_576;

/** The text with line feeds for line ends, which leaves all lines and columns as they are. */
export function withLineFeeds(text: string): string {
  if (!text.includes('\r')) return text;
  const slices: string[] = [];
  // Replaced all at once, or by replace, a text of short lines takes twenty times its size.
  for (let start = 0; start < text.length; ) {
    const end = endOfLine(text, start + SLICE_CHARS) + 1;
    slices.push(text.slice(start, end).split('\r\n').join('\n'));
    start = end;
  }
  return slices.join('');
}

function hasMark(text: string): boolean {
  return text.charCodeAt(0) === BYTE_ORDER_MARK;
}

function createCursor(text: string, onNode: OnNode | undefined): Cursor {
  return {
    text,
    onNode,
    at: hasMark(text) ? 0 : -1,
    lineStart: 0,
    indent: -1,
    blankLines: 0,
    commentIndent: Number.POSITIVE_INFINITY,
    room: limits.yamlValues,
  };
}

function readDocument(cursor: Cursor): unknown {
  const isSound = nextLine(cursor);
  if (isStart(cursor)) {
    cursor.at += 3;
    if (!endLine(cursor)) return undefined;
  } else if (!isSound) {
    return undefined;
  }
  // Behind a byte order mark on its line, the package does not count the indent.
  const isMarked = cursor.lineStart === 1 && hasMark(cursor.text);
  if (cursor.indent === -1 || (isMarked && (cursor.indent > 0 || cursor.text.charCodeAt(1) === DASH))) return undefined;
  cursor.onNode?.(undefined, '', cursor.at);
  return readNode(cursor, -1, 1);
}

function isStart({ text, at, indent }: Cursor): boolean {
  return indent === 0 && text.charCodeAt(at) === DASH && isDocumentMarker(text, at);
}
