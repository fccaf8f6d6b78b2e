// The last look at what is about to be written: whatever the readers of the formats and the taking of secrets let through and
// has the shape of a credential goes here.
import type { Written } from '../dialects/writer.ts';
import { REDACTED } from '../redact/marker.ts';
import { redactText } from '../redact/redact-text.ts';

/** Files as they may be written, and the paths of those that held what looks like a credential. */
export interface Gated {
  readonly files: Written['files'];
  readonly changed: readonly string[];
}

/** A word in every format: brackets would begin a list in YAML. */
const MARK = 'redacted';
/** As each format refers to a variable or a handle. */
const REFERENCE = /(\{\{[^{}\n]{1,300}\}\}|\{%[^%\n]{1,600}%\})/;

/** Takes all files of an import or export. References stay as they are, and so does a file without a credential. */
export function gateFiles(files: Written['files']): Gated {
  const changed: string[] = [];
  const clean = files.map((file) => {
    const text = gateText(file.text);
    if (text === file.text) return file;
    changed.push(file.path);
    return { path: file.path, text };
  });
  return { files: clean, changed };
}

function gateText(text: string): string {
  return text
    .split(REFERENCE)
    .map((piece, index) => (index % 2 === 1 ? piece : gatePiece(piece)))
    .join('');
}

/** A marker that stood there before is the writer's own and well quoted. */
/** `Digest name ` before a password's reference: the name is no credential. */
const NAME_BEFORE = /\b(?:basic|digest)[ \t]{1,8}(?=[^\s:]{1,400}[ :]$)/i;

function gatePiece(piece: string): string {
  if (redactText(piece).count === 0) return piece;
  const tail = piece.slice(-MAX_TAIL_CHARS);
  const scheme = NAME_BEFORE.exec(tail);
  if (!scheme) return gatePlain(piece);
  const cut = piece.length - tail.length + scheme.index + scheme[0].length;
  return gatePlain(piece.slice(0, cut)) + gatePlain(piece.slice(cut));
}

const MAX_TAIL_CHARS = 500;

function gatePlain(text: string): string {
  return text
    .split(REDACTED)
    .map((part) => redactText(part).text.replaceAll(REDACTED, MARK))
    .join(REDACTED);
}
