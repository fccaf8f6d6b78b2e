// `-d` and its relatives (curl's manual, `--data`, `--data-urlencode`, `--json`, `--url-query`).
import type { BodyTemplate, Field } from '../../collection/model.ts';
import { sealBody, sealField } from '../../collection/seal-literals.ts';
import { encodeComponent } from '../../request/percent-encode.ts';
import { lexTemplate } from '../../template/lex.ts';
import { changeOutside, indexOutside } from '../outside-references.ts';
import type { Stated } from './read-arguments.ts';
import type { Stdin } from './shell-commands.ts';
import { EXPANSION } from './shell-words.ts';

export interface Data {
  readonly body: BodyTemplate;
  /** The same as text, for the query of `--get`. */
  readonly text: string;
  readonly notes: readonly string[];
}

/** A piece of a body: text, a name with a value that is still to be encoded, or a file. */
type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'field'; readonly name: string; readonly value: string }
  | { readonly kind: 'file'; readonly path: string; readonly asIs: boolean };

const JOINED = 'A body that joins texts and files is not built';
const LINE_BREAKS = 'Line breaks of the file that is the body are kept';

/** The body that all data options make together; undefined where there is none. */
export function readData(options: readonly Stated[], stdin: Stdin | undefined): Data | undefined {
  const pieces: Piece[] = [];
  const texts: string[] = [];
  for (const { name, value } of options) {
    const piece = typeof value === 'string' ? readPiece(name, value, stdin) : undefined;
    if (!piece) continue;
    if (pieces.length > 0 && name !== 'json') texts.push('&');
    pieces.push(piece);
    texts.push(pieceText(piece));
  }
  if (pieces.length === 0) return undefined;
  const text = texts.join('');
  return { text, ...bodyOf(pieces, text) };
}

function bodyOf(pieces: readonly Piece[], text: string): Pick<Data, 'body' | 'notes'> {
  const [only] = pieces;
  if (pieces.length === 1 && only?.kind === 'file') {
    return { body: { kind: 'file', path: lexTemplate(only.path) }, notes: only.asIs ? [] : [LINE_BREAKS] };
  }
  const fields = pieces.flatMap((piece) => (piece.kind === 'field' && piece.name !== '' ? [toField(piece)] : []));
  if (fields.length === pieces.length) return { body: { kind: 'urlencoded', fields }, notes: [] };
  const notes = pieces.some(({ kind }) => kind === 'file') ? [JOINED] : [];
  return { body: { kind: 'raw', text: sealBody(text) }, notes };
}

function toField({ name, value }: Extract<Piece, { kind: 'field' }>): Field {
  const decoded = changeOutside(name, decode);
  return { name: lexTemplate(decoded), value: sealField(decoded, value), enabled: true };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function readPiece(option: string, value: string, stdin: Stdin | undefined): Piece | undefined {
  switch (option) {
    case 'data':
    case 'data-ascii':
      return value.startsWith('@') ? fromFile(value.slice(1), false, stdin) : { kind: 'text', text: value };
    case 'data-binary':
    case 'json':
      return value.startsWith('@') ? fromFile(value.slice(1), true, stdin) : { kind: 'text', text: value };
    case 'data-raw':
      return { kind: 'text', text: value };
    case 'data-urlencode':
      return readEncoded(value, stdin);
    default:
      return undefined;
  }
}

function fromFile(path: string, asIs: boolean, stdin: Stdin | undefined): Piece {
  if (path !== '-') return { kind: 'file', path, asIs };
  if (stdin?.kind === 'file') return { kind: 'file', path: stdin.path, asIs };
  if (stdin?.kind !== 'text') return { kind: 'text', text: EXPANSION };
  return { kind: 'text', text: asIs ? stdin.text : stdin.text.replace(/[\r\n\0]/g, '') };
}

/** `content`, `=content`, `name=content`, `@file`, `name@file`: whichever of "=" and "@" comes first decides. */
function readEncoded(value: string, stdin: Stdin | undefined): Piece {
  const equals = indexOutside(value, '=');
  const at = indexOutside(value, '@');
  if (equals === -1 && at === -1) return { kind: 'field', name: '', value };
  if (at === -1 || (equals !== -1 && equals < at)) {
    return { kind: 'field', name: value.slice(0, equals), value: value.slice(equals + 1) };
  }
  const name = value.slice(0, at);
  const file = fromFile(value.slice(at + 1), true, stdin);
  return { kind: 'field', name, value: file.kind === 'text' ? file.text : EXPANSION };
}

function pieceText(piece: Piece): string {
  switch (piece.kind) {
    case 'text':
      return piece.text;
    case 'file':
      return EXPANSION;
    case 'field':
      return `${piece.name}${piece.name === '' ? '' : '='}${changeOutside(piece.value, encodeComponent)}`;
  }
}

/** What the `--url-query` options add to the query; one that starts with "+" is not encoded. */
export function urlQuery(options: readonly Stated[], stdin: Stdin | undefined): string[] {
  return options.flatMap(({ name, value }) => {
    if (name !== 'url-query' || typeof value !== 'string') return [];
    return [value.startsWith('+') ? value.slice(1) : pieceText(readEncoded(value, stdin))];
  });
}
