// What can be said of a file that is no text: its format, and the numbers of its header. Numbers and names of ours only, nothing that
// stands in the file goes out.
import { type ByteView, viewBytes } from './byte-view.ts';
import { imageSize } from './image-size.ts';
import { formatOf, type MediaFormat } from './magic.ts';

export interface MediaFacts {
  readonly format: MediaFormat;
  /** In pixels. */
  readonly width?: number;
  readonly height?: number;
  /** Of a PDF, where its pages are not packed away. */
  readonly pages?: number;
  /** Files in an archive. */
  readonly entries?: number;
}

/** Facts from the bytes of a body; undefined for a format that is not known. Headers may state anything: nothing is believed to be there. */
export function mediaFacts(bytes: Uint8Array): MediaFacts | undefined {
  const view = viewBytes(bytes);
  const format = formatOf(view);
  if (format === undefined) return undefined;
  if (format === 'pdf') return withCount(format, 'pages', pdfPages(view));
  if (format === 'zip' || format === 'epub') return zipFacts(format, view);
  return { format, ...imageSize(format, view) };
}

function withCount(format: MediaFormat, name: 'pages' | 'entries', count: number | undefined): MediaFacts {
  return count === undefined ? { format } : { format, [name]: count };
}

const PDF_BYTES = 4 * 1024 * 1024;

/** Page objects in the open; none where they stand in compressed objects (ISO 32000-1 section 7.5.7). */
function pdfPages(view: ByteView): number | undefined {
  if (view.length > PDF_BYTES) return undefined;
  let pages = 0;
  for (let at = view.find('/Type', 0, view.length); at >= 0; at = view.find('/Type', at + 5, view.length)) {
    const name = view.u8(at + 5) === 0x20 ? at + 6 : at + 5;
    if (view.has('/Page', name) && !isNameByte(view.u8(name + 5))) pages += 1;
  }
  return pages > 0 ? pages : undefined;
}

function isNameByte(byte: number): boolean {
  return byte > 0x20 && !'()<>[]{}/%'.includes(String.fromCharCode(byte));
}

const END_BYTES = 22;
const MAX_COMMENT_BYTES = 0xffff;
const ENTRIES_UNKNOWN = 0xffff;
const OFFICE: readonly (readonly [folder: string, format: MediaFormat])[] = [
  ['word/', 'docx'],
  ['xl/', 'xlsx'],
  ['ppt/', 'pptx'],
];
const MAX_NAMES = 50;

/** APPNOTE.TXT: the number of entries stands in the end record, which a comment may follow; names in the central directory. */
function zipFacts(format: MediaFormat, view: ByteView): MediaFacts {
  const least = Math.max(0, view.length - END_BYTES - MAX_COMMENT_BYTES);
  let end = -1;
  for (
    let at = view.find('PK\x05\x06', least, view.length);
    at >= 0;
    at = view.find('PK\x05\x06', at + 4, view.length)
  ) {
    end = at;
  }
  if (end < 0) return { format };
  const entries = view.u16(end + 10, true);
  const kind = format === 'zip' ? officeFormat(view, view.u32(end + 16, true)) : format;
  return withCount(kind, 'entries', entries === ENTRIES_UNKNOWN ? undefined : entries);
}

function officeFormat(view: ByteView, directory: number): MediaFormat {
  let at = directory;
  for (let count = 0; count < MAX_NAMES && view.has('PK\x01\x02', at); count += 1) {
    const found = OFFICE.find(([folder]) => view.has(folder, at + 46));
    if (found) return found[1];
    at += 46 + view.u16(at + 28, true) + view.u16(at + 30, true) + view.u16(at + 32, true);
  }
  return 'zip';
}
