// Each entry's hash covers the one before it, so no entry can be changed, removed, added or moved alone.
// The hash is a parameter: with a keyed one, whoever lacks the key cannot rebuild the chain either.

/** Takes the bytes to hash, gives lower-case hexadecimal. */
export type ChainHash = (bytes: Uint8Array) => string;

const ENTRY_DOMAIN = 'keyward.journal.v1\n';
const HEAD_DOMAIN = 'keyward.journal.head.v1\n';
const BASE_DOMAIN = 'keyward.journal.base.v1\n';
const ID_DOMAIN = 'keyward.journal.id.v1\n';

/** What stands for the entry before the first. */
export const CHAIN_START = '0'.repeat(64);

export interface ChainLink {
  readonly seq: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** The event's canonical text, exactly as stored. */
  readonly event: string;
}

/** The hash of an entry that follows the entry whose hash is `previous`. */
export function entryHash(previous: string, link: ChainLink, hash: ChainHash): string {
  return hash(encode(ENTRY_DOMAIN, `${previous}\n${link.seq}\n${link.at}\n${link.event}`));
}

/** Seals the position and hash of the newest entry, so that a shortened chain cannot pass for a whole one. */
export function headHash(seq: number, newest: string, hash: ChainHash): string {
  return hash(encode(HEAD_DOMAIN, `${seq}\n${newest}`));
}

/** Vouches for the position and hash of the last entry that was removed: whoever lacks the key can neither make a base nor move it. */
export function baseHash(seq: number, last: string, hash: ChainHash): string {
  return hash(encode(BASE_DOMAIN, `${seq}\n${last}`));
}

/** 16 hexadecimal characters that tell journals apart and give nothing of the key away. */
export function journalId(hash: ChainHash): string {
  return hash(encode(ID_DOMAIN, '')).slice(0, 16);
}

// The domain keeps a hash of one kind from standing in for another; the event comes last, so no separator can move.
function encode(domain: string, text: string): Uint8Array {
  return new TextEncoder().encode(domain + text);
}
