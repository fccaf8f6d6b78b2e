// A text as the search sees it: lower case, compatibility forms decomposed, marks, white space and invisible characters left
// out.

export interface Folded {
  readonly codes: Uint16Array;
  readonly size: number;
  /** Index in the text that each code came from. */
  readonly at: Int32Array;
}

export interface Folder {
  /** What an ASCII code folds to; 0 for what is left out. */
  readonly ascii: Uint8Array;
  /** What any other code folds to. */
  wide(code: number): readonly number[];
  fold(text: string): Folded;
}

const ascii = Uint8Array.from({ length: 128 }, (_, code) =>
  code <= 32 || code === 127 ? 0 : code >= 65 && code <= 90 ? code + 32 : code,
);

export function createFolder(): Folder {
  const known = new Map<number, readonly number[]>();
  const wide = (code: number): readonly number[] => {
    const found = known.get(code);
    if (found) return found;
    const made = decompose(code);
    known.set(code, made);
    return made;
  };
  return { ascii, wide, fold: (text) => foldText(text, wide) };
}

function decompose(code: number): readonly number[] {
  if (code >= 0xd800 && code <= 0xdfff) return [code];
  // By way of upper case, because ß and ſ have no lower case of their own.
  const plain = String.fromCharCode(code).normalize('NFKD').toUpperCase().toLowerCase().normalize('NFKD');
  const kept = plain.replace(/[\p{M}\p{Cf}\s]/gu, '');
  return Array.from({ length: kept.length }, (_, at) => kept.charCodeAt(at)).filter(
    (unit) => unit > 32 && unit !== 127,
  );
}

// One character of Unicode decomposes to at most 18 units (NFKD of U+FDFA).
const MAX_EXPANSION = 18;

function foldText(text: string, wide: (code: number) => readonly number[]): Folded {
  let codes = new Uint16Array(text.length + MAX_EXPANSION);
  let at = new Int32Array(text.length + MAX_EXPANSION);
  let size = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code < 128) {
      const folded = ascii[code] ?? 0;
      if (folded === 0) continue;
      codes[size] = folded;
      at[size] = index;
      size += 1;
      continue;
    }
    for (const unit of wide(code)) {
      codes[size] = unit;
      at[size] = index;
      size += 1;
    }
    if (size + (text.length - index) + MAX_EXPANSION <= codes.length) continue;
    codes = grown(codes, new Uint16Array(codes.length * 2));
    at = grown(at, new Int32Array(at.length * 2));
  }
  return { codes, size, at };
}

function grown<T extends Uint16Array | Int32Array>(from: T, into: T): T {
  into.set(from);
  return into;
}
