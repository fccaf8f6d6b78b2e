// What a checkpoint says: which entry was the newest of which journal, and when.

/**
 * A statement of this data folder's key, for who keeps it elsewhere: at `at` the journal `journal` had `seq` as its newest entry, with
 * that hash, which covers every entry before it. The hash is keyed, so a holder of the public key alone can tell that this was said, by
 * whom, and that two statements contradict each other (the same seq with another hash; a later one with a smaller seq); with the data
 * folder `keyward journal verify` tells whether the journal still is the one of the statement. It is no Merkle tree head.
 */
export interface Checkpoint {
  readonly journal: string;
  readonly seq: number;
  /** Lower-case hexadecimal. */
  readonly hash: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

const TEXT =
  /^keyward journal ([0-9a-f]{16})\n(0|[1-9]\d{0,15})\n([A-Za-z0-9+/]{43}=)\n(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)\n$/;

/** The text of the note: four lines. `encode` gives base64 of the bytes of a hexadecimal text. */
export function checkpointText({ journal, seq, hash, at }: Checkpoint, encode: (hex: string) => string): string {
  return `keyward journal ${journal}\n${seq}\n${encode(hash)}\n${new Date(at).toISOString()}\n`;
}

/** `undefined` for what is no checkpoint of ours. `decode` gives the bytes of a base64 text as hexadecimal. */
export function parseCheckpoint(text: string, decode: (base64: string) => string): Checkpoint | undefined {
  const [, journal, digits, encoded, time] = TEXT.exec(text) ?? [];
  if (journal === undefined || encoded === undefined || time === undefined) return undefined;
  const [seq, at] = [Number(digits), Date.parse(time)];
  return Number.isSafeInteger(seq) && !Number.isNaN(at) ? { journal, seq, hash: decode(encoded), at } : undefined;
}
