// Takes a text apart as people and programs write it: words, camelCase, snake_case, kebab-case, paths, URLs. Letters lose
// case and diacritics; scripts without spaces between words give a word for each character, so that any part of a
// sentence is found.

/** The words of one run such as `userId` or `payment_intents`, in order; a plain word is a run of one. */
export type Compound = readonly string[];

/** Longer words count by their beginning. */
const MAX_WORD_CHARS = 64;

/** The runs of a text in order; punctuation and white space give none. */
export function compoundsOf(text: string): Compound[] {
  const plain = WIDE.test(text) ? withoutMarks(text) : text;
  const compounds: string[][] = [];
  let open: string[] | undefined;
  for (let at = 0; at < plain.length; ) {
    const kind = kindAt(plain, at);
    const end = kind < LINK ? wordEnd(plain, at, kind) : at + widthAt(plain, at);
    if (kind === ALONE) compounds.push([plain.slice(at, end)]);
    // Only one link, and only right between two words, holds them together.
    if (kind === OTHER || kind === ALONE || (kind === LINK && at > 0 && kindAt(plain, at - 1) === LINK))
      open = undefined;
    if (kind < LINK) {
      const word = lowered(plain.slice(at, end)).slice(0, MAX_WORD_CHARS);
      if (open === undefined) {
        open = [];
        compounds.push(open);
      }
      open.push(word);
    }
    at = end;
  }
  return compounds;
}

/** A run as one word. */
export function joinedWord(compound: Compound): string {
  return compound.join('').slice(0, MAX_WORD_CHARS);
}

/** The words of all runs with one space between them. */
export function wordsText(compounds: readonly Compound[]): string {
  return compounds.map((compound) => compound.join(' ')).join(' ');
}

function wordEnd(text: string, start: number, first: number): number {
  let before = first;
  let at = start + widthAt(text, start);
  while (at < text.length) {
    const kind = kindAt(text, at);
    if (kind >= LINK || isSeam(text, at, before, kind)) break;
    before = kind;
    at += widthAt(text, at);
  }
  return at;
}

// What words are made of comes first.
const [LOWER, UPPER, DIGIT, LINK, ALONE, OTHER] = [0, 1, 2, 3, 4, 5];

const asciiKinds = Uint8Array.from({ length: 128 }, (_, code) => {
  if (code >= 97 && code <= 122) return LOWER;
  if (code >= 65 && code <= 90) return UPPER;
  if (code >= 48 && code <= 57) return DIGIT;
  return '-_.'.includes(String.fromCharCode(code)) ? LINK : OTHER;
});

function kindAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code < 128 ? (asciiKinds[code] ?? OTHER) : wideKind(text, at, code);
}

/** Of characters beyond ASCII what was found out once; the letters of a text repeat. */
const wideKinds = new Map<number, number>();

function wideKind(text: string, at: number, code: number): number {
  const known = wideKinds.get(code);
  if (known !== undefined) return known;
  const kind = judge(String.fromCodePoint(text.codePointAt(at) ?? code));
  // Half of a pair stands for many characters.
  if (code < 0xd800 || code > 0xdfff) wideKinds.set(code, kind);
  return kind;
}

function judge(char: string): number {
  if (SPACELESS.test(char)) return ALONE;
  if (/^\p{Lu}/u.test(char)) return UPPER;
  if (/^\p{N}/u.test(char)) return DIGIT;
  return /^\p{L}/u.test(char) ? LOWER : OTHER;
}

const SPACELESS =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{So}]/u;

function widthAt(text: string, at: number): 1 | 2 {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}

// Before a capital, and before the last of several: `userId`, `APIKey`.
function isSeam(text: string, at: number, before: number, kind: number): boolean {
  if (kind !== UPPER) return false;
  return before !== UPPER || (at + 1 < text.length && kindAt(text, at + 1) === LOWER);
}

// Letters that people look for by another one and that no normal form takes apart.
const STAND_INS: Readonly<Record<string, string>> = {
  ø: 'o',
  Ø: 'O',
  ł: 'l',
  Ł: 'L',
  đ: 'd',
  Đ: 'D',
  æ: 'ae',
  Æ: 'AE',
  œ: 'oe',
  Œ: 'OE',
  ς: 'σ',
};

/** Compatibility forms, marks, strokes and invisible characters away; case stays, because it tells words apart. */
function withoutMarks(text: string): string {
  const plain = text.normalize('NFKD').replace(/[\p{M}\p{Cf}]+/gu, '');
  return plain.replace(/[øØłŁđĐæÆœŒς]/g, (letter) => STAND_INS[letter] ?? letter);
}

const WIDE = /[\u0080-\uffff]/;

// By way of upper case, because ß and ſ have no lower case of their own; some letters get a mark by it.
function lowered(word: string): string {
  return WIDE.test(word) ? withoutMarks(word.toUpperCase().toLowerCase()) : word.toLowerCase();
}
