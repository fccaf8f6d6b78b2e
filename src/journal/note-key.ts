// Ed25519 keys of signed notes: the data folder's own, made at its first use, and the public ones that people keep of it.
import { createHash, createPrivateKey, createPublicKey, type KeyObject, randomBytes, sign, verify } from 'node:crypto';
import { join } from 'node:path';
import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { type NoteSignature, parseNote, type SignedNote, writeNote } from '../../shared/journal/signed-note.ts';
import { createPrivateFile, readPrivateFile } from '../state/private-file.ts';

const KEY_FILE = 'journal.signing.key';
/** Signature type 1 of signed notes: Ed25519. */
const ED25519 = 1;
const SEED_BYTES = 32;
const PUBLIC_BYTES = 32;
// RFC 8410, sections 4 and 7: what stands before the bare 32 bytes in PKCS #8 and in SubjectPublicKeyInfo.
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');

/** A public key under its name. */
export interface VerifierKey {
  readonly name: string;
  /** 8 lower-case hexadecimal digits. */
  readonly keyId: string;
  readonly publicKey: KeyObject;
  /** `<name>+<key id>+<base64 of type and key>`, as Go's sumdb/note writes and reads it. */
  readonly text: string;
}

export interface SignerKey extends VerifierKey {
  /** The note of a text that ends with a line feed. */
  sign(text: string): string;
}

/** The signing key of a data folder, or `missing`. Failures: those of private files; CONFIG/HOME_UNSAFE for a damaged key. */
export function readSignerKey(home: string, name: string): Result<SignerKey | 'missing'> {
  const path = join(home, KEY_FILE);
  const text = readPrivateFile(path);
  if (!text.ok) return text;
  if (text.value === undefined) return ok('missing');
  const encoded = /^([A-Za-z0-9_-]{43})\n$/.exec(text.value)?.[1];
  const problem =
    'it is damaged; put it back from a copy, or remove it and give the new public key to who checks checkpoints';
  if (encoded === undefined) return err(failure('CONFIG/HOME_UNSAFE', { home: path, problem }));
  return ok(signerKey(name, Buffer.from(encoded, 'base64url')));
}

/** Makes a signing key where there is none. Failures: those of private files. */
export function makeSignerKey(home: string): Result<'created' | 'exists'> {
  return createPrivateFile(join(home, KEY_FILE), `${randomBytes(SEED_BYTES).toString('base64url')}\n`);
}

/** The key of an Ed25519 seed of 32 bytes (RFC 8032, section 5.1.5). */
function signerKey(name: string, seed: Buffer): SignerKey {
  const key = createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(key);
  const bytes = publicKey.export({ format: 'der', type: 'spki' }).subarray(SPKI.length);
  const known = verifierKey(name, bytes, publicKey);
  return {
    ...known,
    sign(text) {
      const signature = sign(undefined, Buffer.from(text), key);
      const encoded = Buffer.concat([Buffer.from(known.keyId, 'hex'), signature]).toString('base64');
      return writeNote({ text, signatures: [{ name, keyId: known.keyId, encoded }] });
    },
  };
}

/** `undefined` for what is no verifier key of Ed25519, or carries another key's id. */
export function parseVerifierKey(text: string): VerifierKey | undefined {
  const [, name, keyId, encoded] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/u.exec(text) ?? [];
  if (name === undefined || encoded === undefined) return undefined;
  const bytes = strictBase64(encoded);
  if (bytes?.length !== 1 + PUBLIC_BYTES || bytes[0] !== ED25519) return undefined;
  const key = createPublicKey({ key: Buffer.concat([SPKI, bytes.subarray(1)]), format: 'der', type: 'spki' });
  const known = verifierKey(name, bytes.subarray(1), key);
  return known.keyId === keyId ? known : undefined;
}

export type OpenedNote =
  | { readonly verdict: 'good'; readonly text: string }
  /** No note; not signed by this key; signed by this key, but the signature does not fit the text. */
  | { readonly verdict: 'malformed' | 'unsigned' | 'forged' };

/** The text of a note, if this key signed it. Signatures of other keys do not matter (c2sp.org/signed-note, "Signatures"). */
export function openNote(note: string, key: VerifierKey): OpenedNote {
  const parsed = parseNote(note, strictBase64);
  if (!parsed) return { verdict: 'malformed' };
  const own = parsed.signatures.filter(({ name, keyId }) => name === key.name && keyId === key.keyId);
  if (own.length === 0) return { verdict: 'unsigned' };
  return own.every((signature) => isGood(parsed, signature, key))
    ? { verdict: 'good', text: parsed.text }
    : { verdict: 'forged' };
}

function isGood({ text }: SignedNote, { encoded }: NoteSignature, { publicKey }: VerifierKey): boolean {
  const signature = Buffer.from(encoded, 'base64').subarray(4);
  return verify(undefined, Buffer.from(text), publicKey, signature);
}

function verifierKey(name: string, bytes: Uint8Array, publicKey: KeyObject): VerifierKey {
  const typed = Buffer.concat([Buffer.from([ED25519]), bytes]);
  const digest = createHash('sha256').update(`${name}\n`).update(typed).digest('hex');
  const keyId = digest.slice(0, 8);
  return { name, keyId, publicKey, text: `${name}+${keyId}+${typed.toString('base64')}` };
}

/** Padded, without stray bits at the end: one text for the same bytes. */
function strictBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}
