import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { messageLeaves } from '../../../shared/media/message-leaves.ts';

const latin = (text: string) => Buffer.from(text, 'latin1');

/** Wire types and formats as the two specifications number them. */
const rows: readonly [what: string, bytes: string, leaves: string[] | undefined][] = [
  ['protobuf: numbers', '\x08\x96\x01\x11........\x1d....', []],
  ['protobuf: a text', '\x12\x07testing', ['testing']],
  ['protobuf: a message', '\x1a\x05\x0a\x03\xe9\xe8\xff', ['\xe9\xe8\xff']],
  ['protobuf: a text that ends too late', '\x12\x08testing', undefined],
  ['protobuf: a number that ends too late', '\x0d...', undefined],
  ['protobuf: a group', '\x0b\x08\x01\x0c', undefined],
  ['protobuf: field 0', '\x00\x01', undefined],
  ['protobuf: field 999', '\xb8\x3e\x01', []],
  ['protobuf: field 1000', '\xc0\x3e\x01', undefined],
  ['protobuf: a number with bytes to spare', '\x08\x80\x00', undefined],
  ['MessagePack: a map', '\x82\xa1a\x07\xa1b\xc3', ['a', 'b']],
  ['MessagePack: a list of numbers', '\x95\xcc.\xcd..\xce....\xcf........\xe0', []],
  ['MessagePack: more numbers', '\x96\xca....\xcb........\xd0.\xd1..\xd2....\xd3........', []],
  ['MessagePack: texts', '\x94\xa2ab\xd9\x02ab\xda\0\x02ab\xdb\0\0\0\x02ab', ['ab', 'ab', 'ab', 'ab']],
  ['MessagePack: bytes', '\x93\xc4\x02ab\xc5\0\x02ab\xc6\0\0\0\x02ab', ['ab', 'ab', 'ab']],
  ['MessagePack: kinds', '\x93\xd4tx\xd6txxxx\xc7\x03tabc', ['tx', 'txxxx', 'tabc']],
  ['MessagePack: long lists and maps', '\xdc\0\x02\xc0\xde\0\x01\xa1a\xdd\0\0\0\x00', ['a']],
  ['MessagePack: nothing but a number', '\x07', undefined],
  ['MessagePack: what is never used', '\x91\xc1', undefined],
  ['MessagePack: a list without its end', '\x92\x01', undefined],
  ['MessagePack: more than the list', '\x91\x01\x02', undefined],
  ['MessagePack: more values than bytes', '\xdd\xff\xff\xff\xff\x01', undefined],
];

describe('leaves of a message', () => {
  it.each(rows)('%s', (_, bytes, leaves) => {
    expect(messageLeaves(latin(bytes))?.map((leaf) => Buffer.from(leaf).toString('latin1'))).toEqual(leaves);
  });

  it('P7: are as good as never found in noise', () => {
    let found = 0;
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 64 }), (bytes) => {
        if (messageLeaves(bytes)) found += 1;
      }),
    );
    expect(found).toBeLessThan(3);
  });
});
