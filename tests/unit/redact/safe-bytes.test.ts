import { deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { limits } from '../../../shared/limits.ts';
import { createNameMatcher } from '../../../shared/redact/names.ts';
import { safeBytes } from '../../../shared/redact/safe-bytes.ts';
import { createScrubber } from '../../../shared/redact/scrubber.ts';
import { pdf, png, zip } from '../tools/files.ts';

const SECRET = 'Xq7-geheim-Ä94_zTw1';
const tools = { scrubber: createScrubber([{ id: 's', value: SECRET }]), judge: createNameMatcher() };

const around = (bytes: Uint8Array) => Buffer.concat([Buffer.from([8, 150, 1, 0, 255]), bytes, Buffer.from([0, 1, 2])]);
const swapped = (text: string) => Buffer.from(text, 'utf16le').swap16();

const refused: readonly [what: string, bytes: Uint8Array, why: string][] = [
  ['a secret', around(Buffer.from(SECRET)), 'secret'],
  ['a secret in Latin 1', around(Buffer.from(SECRET, 'latin1')), 'secret'],
  ['a secret in UTF-16', around(Buffer.from(SECRET, 'utf16le')), 'secret'],
  [
    'a secret in UTF-16 at another offset',
    Buffer.concat([Buffer.from([9]), around(Buffer.from(SECRET, 'utf16le'))]),
    'secret',
  ],
  ['a secret in UTF-16, big end first', around(swapped(SECRET)), 'secret'],
  ['a secret in base64', around(Buffer.from(Buffer.from(SECRET).toString('base64'))), 'secret'],
  ['a secret in a zlib stream', around(deflateSync(`it is ${SECRET}`)), 'secret'],
  ['a secret in a gzip stream', around(gzipSync(`it is ${SECRET}`)), 'secret'],
  ['a secret in a comment of an image', png(1, 1, [SECRET]), 'secret'],
  ['a credential of a known shape', around(Buffer.from('ghp_16C7e42F292c6912E7710c838347Ae178B4a')), 'secret'],
  ['a field', around(Buffer.from('{"password":"p4ss-w0rd"}')), 'secret'],
  ['an archive', zip({ a: 'a' }), 'packed'],
  ['a document', pdf(1), 'packed'],
  ['too many', Buffer.alloc(limits.shownBytes + 1, 200), 'size'],
];

describe('bytes of a body', () => {
  it.each(refused)('P1 P7: %s are not given', (_, bytes, why) => {
    expect(safeBytes(bytes, tools)).toEqual({ bytesRefused: why });
  });

  it.each([png(3, 2), Buffer.from([8, 150, 1]), Buffer.alloc(limits.shownBytes, 200)])(
    'else they are, in base64',
    (bytes) => {
      expect(safeBytes(bytes, tools)).toEqual({ base64: Buffer.from(bytes).toString('base64') });
    },
  );
});
