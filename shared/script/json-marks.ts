// What reading a JSON text costs, told without reading it: a text of two megabytes may be one string or a million objects.
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** What a character outside of strings counts, and by how much it changes the level. */
const MARKS = Uint8Array.from({ length: 128 }, (_, code) => Number('[{,:'.includes(String.fromCharCode(code))));
const STEPS = Int8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  return Number('[{'.includes(character)) - Number(']}'.includes(character));
});

export interface JsonBounds {
  /** Brackets that open, commas and colons outside of strings: there is no value and no name without one, but the first. */
  readonly marks: number;
  /** Lists and objects in each other. */
  readonly levels: number;
}

/** The marks of a JSON text (RFC 8259), or of what of it a parser would read; undefined where it has more, or nests deeper, than `most`. */
export function jsonMarks(text: string, most: JsonBounds): number | undefined {
  let marks = 0;
  let level = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charCodeAt(at);
    if (character === QUOTE) at = endOfString(text, at + 1);
    else {
      marks += MARKS[character] ?? 0;
      level += STEPS[character] ?? 0;
      if (marks > most.marks || level > most.levels) return undefined;
    }
  }
  return marks;
}

/** Where the quote stands that ends it. */
function endOfString(text: string, from: number): number {
  let at = from;
  for (let character = text.charCodeAt(at); character !== QUOTE && at < text.length; character = text.charCodeAt(at)) {
    at += character === BACKSLASH ? 2 : 1;
  }
  return at;
}
