import { describe, expect, it } from 'vitest';
import { spellings } from '../../leaks/spellings.ts';
import { createSearch, indexTexts } from './search.ts';

const SECRET = 'Qx7/live+Key==94_zTw?&1';
const texts = new Map(spellings(SECRET).map((spelling) => [spelling, Buffer.from(spelling)]));
const indexed = indexTexts(texts);

function find(pieces: readonly Buffer[]): Set<string> {
  const found = new Set<string>();
  const search = createSearch(indexed, (name) => found.add(name));
  for (const piece of pieces) search.feed(piece);
  return found;
}

describe('the search', () => {
  it('P1: finds each spelling, wherever the bytes are cut', () => {
    for (const [spelling, text] of texts) {
      const whole = Buffer.concat([Buffer.from('{"a":"'), text, Buffer.from('"}')]);
      for (let cut = 0; cut <= whole.length; cut += 1) {
        expect(find([whole.subarray(0, cut), whole.subarray(cut)]).has(spelling), `${spelling} cut at ${cut}`).toBe(
          true,
        );
      }
      expect(find(Array.from(whole, (byte) => Buffer.from([byte]))).has(spelling)).toBe(true);
    }
  });

  it('finds nothing in what is one character short, or in two answers', () => {
    const telling = SECRET.slice(0, 11);
    expect(find([Buffer.from(telling)])).toEqual(new Set());
    const found = new Set<string>();
    const search = createSearch(indexed, (name) => found.add(name));
    search.feed(Buffer.from(telling));
    search.end();
    search.feed(Buffer.from(SECRET.slice(11)));
    expect(found).toEqual(new Set());
  });
});
