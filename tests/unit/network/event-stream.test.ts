import { describe, expect, it } from 'vitest';
import { wholeEvents } from '../../../src/network/event-stream.ts';

const rows: readonly (readonly [cut: string, whole: string])[] = [
  ['', ''],
  ['data: 1\n\n', 'data: 1\n\n'],
  ['data: 1\n\ndata: 2', 'data: 1\n\n'],
  ['data: 1\n\ndata: 2\n', 'data: 1\n\n'],
  ['data: 1\n\ndata: 2\n\nid: 3\n', 'data: 1\n\ndata: 2\n\n'],
  ['data: 1\r\n\r\ndata: 2\r\n', 'data: 1\r\n\r\n'],
  ['data: 1\r\n\r\ndata: 2\r\n\r', 'data: 1\r\n\r\ndata: 2\r\n\r'],
  ['data: 1\r\rdata: 2\r', 'data: 1\r\r'],
  ['data: 1\n\r\ndata: 2', 'data: 1\n\r\n'],
  [': keep-alive\n\n', ': keep-alive\n\n'],
  ['data: 1\r\nda', 'data: 1\r\nda'],
  ['data: the first is not who', 'data: the first is not who'],
  ['\ndata: 1', '\ndata: 1'],
];

describe('an event stream that was cut', () => {
  it.each(rows)('P12: %j keeps %j', (cut, whole) => {
    expect(Buffer.from(wholeEvents(Buffer.from(cut))).toString()).toBe(whole);
  });
});
