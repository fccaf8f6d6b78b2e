// What is left of the nonce of live references in a text, as it is or as scripts of their own spell it: backwards, in Base64, character by
// character with something between them, or as the numbers of its characters. Whoever it is sent to could read it.
import { limits } from '../limits.ts';
import { base64, utf8 } from '../redact/encodings.ts';

/** Bytes of whole groups of Base64, whose letters depend on nothing around them. */
const GROUPED = 9;
/** What at most stands between two characters: `, 0x`, `\u00`, `&#x`. */
const BETWEEN = '([^]{0,6}?)';

/** Finds a piece of liveNonceRest characters in either case, or one of each other spelling of the whole. `nonce` is ASCII. */
export function createNonceSearch(nonce: string): (text: string) => boolean {
  const backwards = [...nonce].toReversed().join('');
  const pieces = new RegExp([...piecesOf(nonce), ...piecesOf(backwards)].join('|'), 'i');
  const spelled = new RegExp(apart(nonce).join('|'), 'i');
  const encoded = new RegExp(base64Of(nonce).join('|'));
  return (text) => pieces.test(text) || encoded.test(text) || spelled.test(text);
}

function piecesOf(nonce: string): string[] {
  const chars = limits.liveNonceRest;
  return Array.from({ length: nonce.length - chars + 1 }, (_, at) => nonce.slice(at, at + chars));
}

/** At each of the three places that its beginning may have in a group. */
function base64Of(nonce: string): string[] {
  const ends = nonce.length - GROUPED;
  return [0, 1, 2].flatMap((first) => {
    const starts = Array.from({ length: Math.floor((ends - first) / GROUPED) + 1 }, (_, at) => first + at * GROUPED);
    return starts.map((start) => base64(utf8(nonce.slice(start, start + GROUPED))));
  });
}

function apart(nonce: string): string[] {
  const chars = [...nonce.slice(0, limits.liveNonceRest)];
  const spellings = [
    chars,
    chars.map((char) => char.charCodeAt(0).toString(16)),
    chars.map((char) => String(char.charCodeAt(0))),
  ];
  return spellings.map(([first = '', second = '', ...rest], index) =>
    [first, BETWEEN, second, ...rest.map((each) => `(?:\\${index + 1})${each}`)].join(''),
  );
}
