// A fast reader of the plain subset of YAML 1.2 that files of APIs are written in: block and flow collections and scalars of
// every style, in the core schema. It gives up, without saying why, on all else: anchors, aliases, tags, `?`, merge keys,
// directives, several documents, tabs as indent, and whatever is an error. What it gives is what the `yaml` package gives.
import { limits } from '../limits.ts';
import { type Cursor, DASH, endLine, isDocumentMarker, nextLine, type OnNode } from './block-yaml-cursor.ts';
import { readNode } from './block-yaml-nodes.ts';

export interface BlockYamlOptions {
  readonly onNode?: OnNode;
  /** Told where reading was given up, near enough for a person. */
  readonly onGiveUp?: (offset: number) => void;
}

/** The value of a text whose top is a list or a mapping; undefined where it is given up. */
export function readBlockYaml(text: string, options: BlockYamlOptions = {}): object | undefined {
  const plain = withLineFeeds(text);
  if (plain === undefined) return undefined;
  const cursor: Cursor = {
    text: plain,
    onNode: options.onNode,
    at: plain.charCodeAt(0) === BYTE_ORDER_MARK ? 0 : -1,
    lineStart: 0,
    indent: -1,
    blankLines: 0,
    commentIndent: Number.POSITIVE_INFINITY,
    room: limits.yamlValues,
  };
  const value = readDocument(cursor);
  if (typeof value === 'object' && value !== null && cursor.indent === -1) return value;
  options.onGiveUp?.(cursor.at);
  return undefined;
}

const BYTE_ORDER_MARK = 0xfeff;
// The package has its own opinion of control characters, and of carriage returns and byte order marks within the text.
const ODD = /[^\t\n -~\x80-\uFEFE\uFF00-\uFFFF]/;

/** The text with line feeds for line ends, which leaves all lines and columns as they are; undefined with odd characters. */
function withLineFeeds(text: string): string | undefined {
  if (!ODD.test(text)) return text;
  const plain = text.replaceAll('\r\n', '\n');
  return ODD.test(plain.charCodeAt(0) === BYTE_ORDER_MARK ? plain.slice(1) : plain) ? undefined : plain;
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
  const isMarked = cursor.lineStart === 1 && cursor.text.charCodeAt(0) === BYTE_ORDER_MARK;
  if (cursor.indent === -1 || (isMarked && (cursor.indent > 0 || cursor.text.charCodeAt(1) === DASH))) return undefined;
  return readNode(cursor, -1, 1);
}

function isStart({ text, at, indent }: Cursor): boolean {
  return indent === 0 && text.charCodeAt(at) === DASH && isDocumentMarker(text, at);
}
