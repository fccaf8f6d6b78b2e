// Signed notes (c2sp.org/signed-note): a text, an empty line, and a line for each signature. Pure: keys are elsewhere.

/** One signature line. A key is known by its name and its id together. */
export interface NoteSignature {
  readonly name: string;
  /** 8 lower-case hexadecimal digits. */
  readonly keyId: string;
  /** Base64 of the key id's four bytes and of the signature, as it stands. */
  readonly encoded: string;
}

export interface SignedNote {
  /** With its last line feed: exactly what is signed. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** Larger than any note with the sixteen signatures that a verifier has to take. */
export const MAX_NOTE_CHARS = 100_000;
const MAX_SIGNATURES = 100;
const SIGNATURE_LINE = /^\u2014 ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/u;

/** The note of a text that ends with a line feed and has no empty line at its end. */
export function writeNote({ text, signatures }: SignedNote): string {
  return `${text}\n${signatures.map(({ name, encoded }) => `\u2014 ${name} ${encoded}\n`).join('')}`;
}

/** `undefined` for what is no signed note; `bytesOf` decodes base64. That a signature line is well formed does not make it good. */
export function parseNote(note: string, bytesOf: (base64: string) => Uint8Array | undefined): SignedNote | undefined {
  if (note.length > MAX_NOTE_CHARS || !note.endsWith('\n') || hasControl(note)) return undefined;
  const end = note.lastIndexOf('\n\n');
  if (end === -1) return undefined;
  const lines = note.slice(end + 2, -1).split('\n');
  if (lines.length > MAX_SIGNATURES) return undefined;
  const signatures = lines.flatMap((line) => parseLine(line, bytesOf) ?? []);
  return signatures.length === lines.length ? { text: note.slice(0, end + 1), signatures } : undefined;
}

function parseLine(line: string, bytesOf: (base64: string) => Uint8Array | undefined): NoteSignature | undefined {
  const [, name, encoded] = SIGNATURE_LINE.exec(line) ?? [];
  if (name === undefined || encoded === undefined) return undefined;
  const bytes = bytesOf(encoded);
  // A key id and at least a byte of signature.
  if (bytes === undefined || bytes.length < 5) return undefined;
  const keyId = [...bytes.slice(0, 4)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return { name, keyId, encoded };
}

/** Control characters other than the line feed. */
function hasControl(text: string): boolean {
  return [...text].some((char) => char < ' ' && char !== '\n');
}
