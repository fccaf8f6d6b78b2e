import { describe, expect, it } from 'vitest';
import { findMismatch } from '../../../src/workspace/file-types.ts';

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');
const ascii = (text: string) => Buffer.from(text, 'latin1');
const rest = Buffer.alloc(300, 1);
const start = (bytes: Buffer) => Buffer.concat([bytes, rest]);

/** A first few bytes of each type, and names that go with them. */
const ROWS: readonly (readonly [bytes: Buffer, ...names: string[]])[] = [
  [start(hex('89 50 4e 47 0d 0a 1a 0a')), 'a.png', 'A.PNG'],
  [start(hex('ff d8 ff e0')), 'a.jpg', 'a.jpeg'],
  [start(ascii('GIF87a')), 'a.gif'],
  [start(ascii('GIF89a')), 'a.gif'],
  [start(ascii('RIFF\x01\x02\x03\x04WEBP')), 'a.webp'],
  [start(ascii('BM')), 'a.bmp'],
  [start(hex('49 49 2a 00')), 'a.tif', 'a.tiff'],
  [start(hex('4d 4d 00 2a')), 'a.tiff'],
  [start(hex('00 00 01 00')), 'favicon.ico'],
  [start(ascii('%PDF-1.7')), 'a.pdf'],
  [start(hex('50 4b 03 04')), 'a.zip', 'a.docx', 'a.xlsx', 'a.pptx', 'a.jar', 'a.epub', 'a.odt'],
  [hex('50 4b 05 06'), 'a.zip'],
  [start(hex('1f 8b 08')), 'a.gz', 'a.tar.gz', 'a.tgz'],
  [start(ascii('BZh9')), 'a.bz2'],
  [start(hex('fd 37 7a 58 5a 00')), 'a.xz'],
  [start(hex('28 b5 2f fd')), 'a.zst'],
  [start(hex('37 7a bc af 27 1c')), 'a.7z'],
  [start(ascii('Rar!\x1a\x07')), 'a.rar'],
  [Buffer.concat([Buffer.alloc(257), ascii('ustar'), rest]), 'a.tar'],
  [start(ascii('ID3')), 'a.mp3'],
  [start(hex('ff fb 90')), 'a.mp3'],
  [start(ascii('\0\0\0\x18ftypmp42')), 'a.mp4', 'a.m4a', 'a.mov'],
  [start(ascii('\0\0\0\x18moov')), 'a.mov'],
  [start(ascii('RIFF\x01\x02\x03\x04WAVE')), 'a.wav'],
  [start(ascii('RIFF\x01\x02\x03\x04AVI ')), 'a.avi'],
  [start(ascii('OggS')), 'a.ogg', 'a.opus'],
  [start(ascii('fLaC')), 'a.flac'],
  [start(hex('1a 45 df a3')), 'a.webm'],
  [start(ascii('\0asm')), 'a.wasm'],
  [start(hex('7f 45 4c 46')), 'a.elf', 'a.so'],
  [start(ascii('MZ')), 'a.exe'],
  [start(ascii('SQLite format 3\0')), 'a.sqlite'],
  [start(ascii('wOFF')), 'a.woff'],
  [start(ascii('wOF2')), 'a.woff2'],
  [ascii('{"a":1}'), 'a.json', 'a.csv', 'a.xml', 'a.yaml', 'a.html', 'a.txt', 'a.md'],
  [Buffer.alloc(0), 'a.txt', 'a.json'],
  [Buffer.from('\uFEFFzwölf', 'utf16le'), 'a.csv'],
  [Buffer.from('\uFEFFzwölf', 'utf16le').swap16(), 'a.csv'],
  [ascii('zw\xf6lf'), 'latin1.txt'],
  [ascii('BMW, MZ and BZh are words'), 'cars.txt'],
];

/** What programs take for a type though it does not begin as one, and names that it does not go with. */
const ODD: readonly (readonly [bytes: Buffer, name: string, others: readonly string[]])[] = [
  [start(ascii('\r\n%PDF-1.7')), 'a.pdf', ['a.png', 'a.docx']],
  [start(ascii('\xef\xbb\xbf%PDF-1.4')), 'a.pdf', ['a.png', 'a.mp3']],
  [Buffer.concat([Buffer.alloc(1_024, 1), ascii('%PDF-1.4')]), 'a.pdf', ['a.png']],
  [start(hex('89 50 4e 47 0d 0a 1a 0a')), 'favicon.ico', ['a.jpg', 'a.txt']],
  [start(ascii('\0\0\0\x08pnot')), 'a.mov', ['a.png']],
  [start(hex('d0 cf 11 e0 a1 b1 1a e1')), 'a.docx', ['a.zip', 'a.jar', 'a.txt', 'a.pdf']],
  [start(hex('d0 cf 11 e0 a1 b1 1a e1')), 'a.xlsx', ['a.odt']],
  [start(ascii('APETAGEX')), 'a.mp3', ['a.wav']],
  [start(hex('00 00 00 00 ff fb')), 'a.mp3', ['a.flac', 'a.txt']],
  [ascii('GIF89a is a format\n'), 'a.txt', ['a.png']],
  [Buffer.from('%PDF- is the header \u2013 of a PDF'), 'a.md', ['a.zip']],
  [Buffer.from('a;b\r\n1;2\r\nzw\u00f6lf', 'utf16le'), 'a.csv', ['a.png']],
  [Buffer.from('a;b\r\n1;2\r\nzw\u00f6lf', 'utf16le').swap16(), 'a.csv', ['a.png']],
];

const TYPES = ROWS.map(([bytes, ...names]) => ({ bytes, names }));
const BINARY = TYPES.filter(({ bytes }) => bytes.length > 100);

describe('a file and its name', () => {
  it.each(TYPES)('P8: agree: $names', ({ bytes, names }) => {
    for (const name of names) expect(findMismatch(name, bytes), name).toBeUndefined();
  });

  it('P8: agree where nothing is known of the name', () => {
    for (const { bytes } of TYPES) {
      for (const name of ['a', 'a.bin', 'a.dat', '.', 'png', 'a.']) expect(findMismatch(name, bytes)).toBeUndefined();
    }
  });

  it.each(ODD)('P8: agree where it is unusual: %#', (bytes, name, others) => {
    expect(findMismatch(name, bytes), name).toBeUndefined();
    for (const other of others) expect(findMismatch(other, bytes), other).toBeDefined();
  });

  it('P8: disagree in every other pair of types', () => {
    for (const { bytes, names } of BINARY) {
      const known = TYPES.filter((type) => type.names.some((name) => names.includes(name)));
      // An icon can hold a PNG image.
      const own = [...known.flatMap((type) => type.names), ...(names.includes('a.png') ? ['favicon.ico'] : [])];
      const others = TYPES.flatMap((type) => type.names).filter((name) => !own.includes(name) && !isText(name));
      for (const name of others) expect(findMismatch(name, bytes), `${names[0]} as ${name}`).toBeDefined();
    }
  });

  it.each([
    ['a.png', start(hex('50 4b 03 04')), 'a PNG image', 'a ZIP archive'],
    ['a.png', start(hex('89 50 4e 47 0d 0a 1a 0b')), 'a PNG image', 'text'],
    ['a.png', hex('89 50 4e 47 0d 0a 1a'), 'a PNG image', 'text'],
    ['a.pdf', ascii('hello'), 'a PDF document', 'text'],
    ['a.pdf', Buffer.alloc(0), 'a PDF document', 'nothing'],
    ['a.txt', start(ascii('%PDF-1.7')), 'text', 'a PDF document'],
    ['a.json', Buffer.from([0x7b, 0x00, 0x7d]), 'text', 'something else'],
    ['a.csv', Buffer.from([0xff, 0xfe, 0x61, 0x00, 0x00, 0x00]), 'text', 'something else'],
    ['a.pdf', Buffer.concat([Buffer.alloc(1_025, 1), ascii('%PDF-1.4')]), 'a PDF document', 'text'],
    ['a.txt', ascii('GIF89a\x01'), 'text', 'a GIF image'],
    ['a.csv', hex('00 01 00 02 00 03 00 04'), 'text', 'something else'],
    ['a.csv', hex('61 00 62 00 63'), 'text', 'something else'],
    ['a.csv', hex('00 00 00 00'), 'text', 'something else'],
    ['invoice.pdf.txt', start(hex('7f 45 4c 46')), 'text', 'a program'],
  ])('P8: disagree: %s', (name, bytes, expected, found) => {
    expect(findMismatch(name, bytes)).toMatchObject({ expected, found });
  });
});

/** Bytes of a weak type can be text as well. */
function isText(name: string): boolean {
  return /\.(txt|json|csv|xml|yaml|html|md)$/.test(name);
}
