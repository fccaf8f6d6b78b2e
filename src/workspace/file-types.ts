// What the first bytes of a file say it is, and what its name says. A file that is sent under a false name can be a mistake, or a
// way to get something past whoever approves the request.
import { decodeText } from './decode-text.ts';

interface FileType {
  /** As it stands in a sentence. */
  readonly what: string;
  readonly extensions: readonly string[];
  /** Any of these; hexadecimal, with `..` for any byte, at an offset of bytes. */
  readonly signatures: readonly (readonly [offset: number, bytes: string])[];
  /** Ordinary text can start so. */
  readonly weak?: true;
  /** What else programs take for it where a name says so; never found in a file of another name. */
  readonly alsoTaken?: (bytes: Uint8Array, extension: string) => boolean;
}

const ascii = (text: string): string =>
  [...text].map((char) => char.charCodeAt(0).toString(16).padStart(2, '0')).join('');
const riff = (form: string): string => `${ascii('RIFF')}........${ascii(form)}`;
const box = (...names: readonly string[]) => names.map((name) => [4, ascii(name)] as const);
const hasOle = (bytes: Uint8Array): boolean => hasAt(bytes, 0, 'd0cf11e0a1b11ae1');
const PNG = '89504e470d0a1a0a';
const OFFICE: readonly string[] = ['docx', 'xlsx', 'pptx'];
const MPEG_FRAMES = ['fffb', 'fffa', 'fff3', 'fff2', 'ffe3', 'ffe2'];
const atStart = (...bytes: readonly string[]) => bytes.map((each) => [0, each] as const);

const TYPES: readonly FileType[] = [
  { what: 'a PNG image', extensions: ['png'], signatures: atStart(PNG) },
  { what: 'a JPEG image', extensions: ['jpg', 'jpeg', 'jfif'], signatures: atStart('ffd8ff') },
  { what: 'a GIF image', extensions: ['gif'], signatures: atStart(ascii('GIF87a'), ascii('GIF89a')) },
  { what: 'a WebP image', extensions: ['webp'], signatures: atStart(riff('WEBP')) },
  { what: 'a BMP image', extensions: ['bmp', 'dib'], signatures: atStart(ascii('BM')), weak: true },
  {
    what: 'a TIFF image',
    extensions: ['tif', 'tiff'],
    signatures: atStart('49492a00', '4d4d002a', '49492b00', '4d4d002b'),
  },
  {
    what: 'an icon',
    extensions: ['ico', 'cur'],
    signatures: atStart('00000100', '00000200'),
    alsoTaken: (bytes) => hasAt(bytes, 0, PNG),
  },
  {
    what: 'a PDF document',
    extensions: ['pdf'],
    signatures: atStart(ascii('%PDF-')),
    alsoTaken: hasLatePdfHeader,
  },
  {
    what: 'a ZIP archive',
    extensions: ['zip', 'docx', 'xlsx', 'pptx', 'odt', 'ods', 'odp', 'epub', 'jar', 'war', 'apk'],
    signatures: atStart('504b0304', '504b0506', '504b0708'),
    // An office document with a password.
    alsoTaken: (bytes, extension) => OFFICE.includes(extension) && hasOle(bytes),
  },
  { what: 'an older office document', extensions: [], signatures: atStart('d0cf11e0a1b11ae1') },
  { what: 'a gzip archive', extensions: ['gz', 'tgz'], signatures: atStart('1f8b') },
  { what: 'a bzip2 archive', extensions: ['bz2', 'tbz2'], signatures: atStart(ascii('BZh')), weak: true },
  { what: 'an xz archive', extensions: ['xz', 'txz'], signatures: atStart('fd377a585a00') },
  { what: 'a Zstandard archive', extensions: ['zst', 'zstd'], signatures: atStart('28b52ffd') },
  { what: 'a 7z archive', extensions: ['7z'], signatures: atStart('377abcaf271c') },
  { what: 'a RAR archive', extensions: ['rar'], signatures: atStart('526172211a07') },
  { what: 'a tar archive', extensions: ['tar'], signatures: [[257, ascii('ustar')]] },
  {
    what: 'an MP3 recording',
    extensions: ['mp3'],
    signatures: atStart(ascii('ID3'), ...MPEG_FRAMES),
    weak: true,
    alsoTaken: hasLateFrame,
  },
  {
    what: 'an MPEG-4 or QuickTime recording',
    extensions: ['mp4', 'm4a', 'm4v', 'mov', 'heic', 'avif'],
    signatures: box('ftyp', 'moov', 'mdat', 'wide', 'free', 'skip', 'pnot'),
    weak: true,
  },
  { what: 'a WAVE recording', extensions: ['wav'], signatures: atStart(riff('WAVE')) },
  { what: 'an AVI recording', extensions: ['avi'], signatures: atStart(riff('AVI ')) },
  { what: 'an Ogg recording', extensions: ['ogg', 'oga', 'ogv', 'opus'], signatures: atStart(ascii('OggS')) },
  { what: 'a FLAC recording', extensions: ['flac'], signatures: atStart(ascii('fLaC')) },
  { what: 'a Matroska recording', extensions: ['mkv', 'webm'], signatures: atStart('1a45dfa3') },
  { what: 'a WebAssembly module', extensions: ['wasm'], signatures: atStart('0061736d') },
  { what: 'a program', extensions: ['elf', 'so'], signatures: atStart('7f454c46') },
  { what: 'a Windows program', extensions: ['exe', 'dll'], signatures: atStart(ascii('MZ')), weak: true },
  {
    what: 'an SQLite database',
    extensions: ['sqlite', 'sqlite3'],
    signatures: atStart(`${ascii('SQLite format 3')}00`),
  },
  { what: 'a WOFF font', extensions: ['woff'], signatures: atStart(ascii('wOFF')) },
  { what: 'a WOFF2 font', extensions: ['woff2'], signatures: atStart(ascii('wOF2')) },
];

const TEXT: readonly string[] = [
  ...['txt', 'text', 'md', 'csv', 'tsv', 'json', 'ndjson', 'jsonl', 'geojson', 'xml', 'svg', 'html', 'htm', 'xhtml'],
  ...['yaml', 'yml', 'toml', 'ini', 'graphql', 'gql', 'js', 'css', 'ics', 'vcf', 'sql', 'pem'],
];

export interface Mismatch {
  readonly extension: string;
  readonly expected: string;
  readonly found: string;
}

/** How a file's bytes contradict its name; undefined where they agree, or where the name's extension is not in the table. */
export function findMismatch(fileName: string, bytes: Uint8Array): Mismatch | undefined {
  const extension = extensionOf(fileName);
  const wanted = TYPES.find(({ extensions }) => extensions.includes(extension));
  if (wanted) {
    if (isOf(wanted, bytes) || wanted.alsoTaken?.(bytes, extension)) return undefined;
    return { extension, expected: wanted.what, found: whatIs(bytes) };
  }
  if (!TEXT.includes(extension)) return undefined;
  const found = TYPES.find((type) => !type.weak && isOf(type, bytes));
  if (found && !isPrintable(decodeText(bytes))) return { extension, expected: 'text', found: found.what };
  return isText(bytes) ? undefined : { extension, expected: 'text', found: 'something else' };
}

function extensionOf(fileName: string): string {
  const dot = fileName.lastIndexOf('.');
  return dot < 0 ? '' : fileName.slice(dot + 1).toLowerCase();
}

function whatIs(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'nothing';
  return TYPES.find((type) => isOf(type, bytes))?.what ?? (isText(bytes) ? 'text' : 'something else');
}

function isOf({ signatures }: FileType, bytes: Uint8Array): boolean {
  return signatures.some(([offset, signature]) => hasAt(bytes, offset, signature));
}

function hasAt(bytes: Uint8Array, offset: number, signature: string): boolean {
  for (let at = 0; at * 2 < signature.length; at += 1) {
    const wanted = signature.slice(at * 2, at * 2 + 2);
    const byte = bytes[offset + at];
    if (byte === undefined || (wanted !== '..' && byte !== Number.parseInt(wanted, 16))) return false;
  }
  return true;
}

/** Readers of PDF look for its header in the first 1,024 bytes (ISO 32000-1, annex H). */
function hasLatePdfHeader(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, PDF_HEADER_WITHIN + '%PDF-'.length)).includes('%PDF-');
}

const PDF_HEADER_WITHIN = 1_024;

/** Behind zeros, or a tag of APE. */
function hasLateFrame(bytes: Uint8Array): boolean {
  if (hasAt(bytes, 0, ascii('APETAGEX'))) return true;
  const start = bytes.subarray(0, PADDING_WITHIN).findIndex((byte) => byte !== 0);
  return start > 0 && [...MPEG_FRAMES, ascii('ID3')].some((signature) => hasAt(bytes, start, signature));
}

const PADDING_WITHIN = 4_096;

/** Bytes of any encoding that has no zero bytes, or UTF-16. */
function isText(bytes: Uint8Array): boolean {
  if (!bytes.includes(0)) return true;
  const hasMark = hasAt(bytes, 0, 'fffe') || hasAt(bytes, 0, 'feff');
  if (hasMark) return !(decodeText(bytes) ?? '\0').includes('\0');
  return isPrintable(unmarkedUtf16(bytes));
}

/** The text of UTF-16 without its mark, where every second byte of the first few is zero. */
function unmarkedUtf16(bytes: Uint8Array): string | undefined {
  if (bytes.length % 2 !== 0) return undefined;
  const start = bytes.subarray(0, 16);
  const isLittle = start.every((byte, at) => at % 2 === 0 || byte === 0);
  const isBig = start.every((byte, at) => at % 2 !== 0 || byte === 0);
  if (isLittle === isBig) return undefined;
  const mark = isLittle ? [0xff, 0xfe] : [0xfe, 0xff];
  return decodeText(Buffer.concat([Buffer.from(mark), bytes]));
}

function isPrintable(text: string | undefined): boolean {
  return text !== undefined && !/(?![\t\n\f\r])\p{Cc}/u.test(text);
}
