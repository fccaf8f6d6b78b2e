// What a file is by its first bytes, as its format's own document fixes them; the first row that fits decides.
import { type ByteView, viewBytes } from './byte-view.ts';

export const mediaFormats = [
  ...(['png', 'jpeg', 'gif', 'webp', 'bmp', 'ico', 'tiff', 'avif', 'heic', 'jxl'] as const),
  ...([
    'pdf',
    'zip',
    'docx',
    'xlsx',
    'pptx',
    'epub',
    'ole',
    'gzip',
    'zstd',
    'xz',
    'bzip2',
    '7z',
    'rar',
    'tar',
  ] as const),
  ...(['mp4', 'mov', 'webm', 'avi', 'mp3', 'aac', 'flac', 'ogg', 'wav', 'midi'] as const),
  ...(['woff', 'woff2', 'ttf', 'otf', 'wasm', 'elf', 'exe', 'sqlite', 'parquet', 'avro', 'plist'] as const),
] as const;

export type MediaFormat = (typeof mediaFormats)[number];

/** What stands in these may be compressed or split in ways that are not looked through. */
export const packedFormats: ReadonlySet<MediaFormat> = new Set<MediaFormat>([
  ...([
    'pdf',
    'zip',
    'docx',
    'xlsx',
    'pptx',
    'epub',
    'ole',
    'gzip',
    'zstd',
    'xz',
    'bzip2',
    '7z',
    'rar',
    'tar',
  ] as const),
  ...(['webm', 'mp4', 'mov', 'avi', 'woff', 'woff2', 'sqlite', 'parquet', 'avro', 'elf', 'exe', 'wasm'] as const),
]);

/** Latin-1 characters at places of the file. */
type Row = readonly [format: MediaFormat, ...marks: readonly (readonly [at: number, text: string])[]];

const rows: readonly Row[] = [
  ['png', [0, '\x89PNG\r\n\x1a\n']],
  ['jpeg', [0, '\xff\xd8\xff']],
  ['gif', [0, 'GIF87a']],
  ['gif', [0, 'GIF89a']],
  ['webp', [0, 'RIFF'], [8, 'WEBP']],
  ['wav', [0, 'RIFF'], [8, 'WAVE']],
  ['avi', [0, 'RIFF'], [8, 'AVI ']],
  ['tiff', [0, 'II*\0']],
  ['tiff', [0, 'MM\0*']],
  ['jxl', [0, '\0\0\0\x0cJXL ']],
  ['avif', [4, 'ftypavif']],
  ['avif', [4, 'ftypavis']],
  ['heic', [4, 'ftyphei']],
  ['heic', [4, 'ftypmif1']],
  ['mov', [4, 'ftypqt  ']],
  ['mp4', [4, 'ftyp']],
  ['pdf', [0, '%PDF-']],
  ['epub', [0, 'PK\x03\x04'], [30, 'mimetypeapplication/epub+zip']],
  ['zip', [0, 'PK\x03\x04']],
  ['zip', [0, 'PK\x05\x06']],
  ['ole', [0, '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1']],
  ['gzip', [0, '\x1f\x8b\x08']],
  ['zstd', [0, '\x28\xb5\x2f\xfd']],
  ['xz', [0, '\xfd7zXZ\0']],
  ['bzip2', [0, 'BZh'], [4, '1AY&SY']],
  ['7z', [0, "7z\xbc\xaf'\x1c"]],
  ['rar', [0, 'Rar!\x1a\x07']],
  ['tar', [257, 'ustar']],
  ['webm', [0, '\x1a\x45\xdf\xa3']],
  ['mp3', [0, 'ID3']],
  ['flac', [0, 'fLaC']],
  ['ogg', [0, 'OggS']],
  ['midi', [0, 'MThd']],
  ['woff', [0, 'wOFF']],
  ['woff2', [0, 'wOF2']],
  ['ttf', [0, '\0\x01\0\0']],
  ['otf', [0, 'OTTO']],
  ['wasm', [0, '\0asm']],
  ['elf', [0, '\x7fELF']],
  ['sqlite', [0, 'SQLite format 3\0']],
  ['parquet', [0, 'PAR1']],
  ['avro', [0, 'Obj\x01']],
  ['plist', [0, 'bplist00']],
  ['ico', [0, '\0\0\x01\0']],
  ['bmp', [0, 'BM']],
  ['exe', [0, 'MZ']],
];

/** Two or three bytes are no proof: what begins like these must go on like them. */
const proofs: Partial<Record<MediaFormat, (view: ByteView) => boolean>> = {
  bmp: (view) => [12, 40, 52, 56, 64, 108, 124].includes(view.u32(14, true)) && view.u32(10, true) >= 26,
  exe: (view) => view.has('PE\0\0', view.u32(60, true)),
  // RFC 1952 section 2.3.1.2: reserved flags are zero.
  gzip: (view) => (view.u8(3) & 0xe0) === 0,
  ico: (view) => view.u16(4, true) > 0 && view.u16(4, true) <= 256 && view.u8(9) === 0,
};

/** The format of a file, or undefined where its first bytes are those of none that is known. */
export function formatOf(view: ByteView): MediaFormat | undefined {
  const row = rows.find(
    ([format, ...marks]) => marks.every(([at, text]) => view.has(text, at)) && (proofs[format]?.(view) ?? true),
  );
  if (row) return row[0];
  // MPEG audio has no mark but eleven set bits (ISO/IEC 11172-3), with layer, bit rate and sampling rate that exist; ADTS has twelve.
  const [one, two, three] = [view.u8(0), view.u8(1), view.u8(2)];
  if (one !== 0xff) return undefined;
  if ((two & 0xf6) === 0xf0) return 'aac';
  const isFrame = (two & 0xe6) === 0xe2 && (two & 0x18) !== 0x08 && three >> 4 !== 15 && three >> 4 !== 0;
  return isFrame && (three & 0x0c) !== 0x0c ? 'mp3' : undefined;
}

/** Archives are read from their end too, and other packers are none of the formats above. */
const packedMarks = ['PK\x01\x02', 'PK\x07\x08', '\x04\x22\x4d\x18', 'LZIP', 'sNaPpY', 'MSCF\0\0\0\0'];
const imageRows = rows.filter(([format]) => ['png', 'jpeg', 'gif', 'webp'].includes(format));
const packedRows = rows.filter(([format]) => packedFormats.has(format));

/** Whether a packed file may begin anywhere in the bytes. */
export function holdsPacked(bytes: Uint8Array): boolean {
  const view = viewBytes(bytes);
  return (
    packedMarks.some((mark) => view.find(mark, 0, view.length) >= 0) || packedRows.some((row) => stands(row, bytes))
  );
}

/** Whether an image may begin anywhere in the bytes. */
export function holdsImage(bytes: Uint8Array): boolean {
  return imageRows.some((row) => stands(row, bytes));
}

function stands([format, first, ...marks]: Row, bytes: Uint8Array): boolean {
  if (!first) return false;
  const [offset, text] = first;
  const view = viewBytes(bytes);
  for (let at = view.find(text, 0, view.length); at >= 0; at = view.find(text, at + 1, view.length)) {
    const start = at - offset;
    const fits = marks.every(([place, mark]) => view.has(mark, start + place));
    if (fits && (proofs[format]?.(viewBytes(bytes.subarray(Math.max(0, start)))) ?? true)) return true;
  }
  return false;
}
