import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openNote, parseVerifierKey, readSignerKey, type VerifierKey } from '../../../src/journal/note-key.ts';
import { must, temporaryHome } from '../state/temporary-home.ts';

interface Vectors {
  readonly keys: readonly { readonly text: string; readonly good: boolean; readonly why?: string }[];
  readonly signer: Readonly<Record<'name' | 'seed' | 'verifier' | 'text' | 'note', string>>;
  readonly signatures: Readonly<Record<'peter' | 'enoch', string>>;
  readonly notes: readonly NoteVector[];
}

interface NoteVector {
  readonly what: string;
  readonly parts: readonly string[];
  readonly repeatLast?: number;
  readonly peter: string;
  readonly enoch: string;
}

const file = new URL('../../vectors/signed-notes.json', import.meta.url);
const { keys, signer, signatures, notes } = JSON.parse(readFileSync(file, 'utf8')) as Vectors;

function keyOf(text: string): VerifierKey {
  const key = parseVerifierKey(text);
  if (!key) throw new Error(`no key: ${text}`);
  return key;
}

describe('verifier keys', () => {
  for (const { text, good, why = 'as Go writes it' } of keys) {
    it(`${good ? 'takes' : 'refuses'} ${text.slice(0, 24)}: ${why}`, () =>
      expect(parseVerifierKey(text)?.text).toBe(good ? text : undefined));
  }

  it('takes no part of a key, and no key with one byte raised', () => {
    const { verifier: text } = signer;
    for (let from = 0; from < text.length; from += 1) {
      const raised = text.slice(0, from) + String.fromCharCode(text.charCodeAt(from) + 1) + text.slice(from + 1);
      expect(parseVerifierKey(raised), raised).toBeUndefined();
      for (let to = from + 1; to <= text.length; to += 1) {
        if (from > 0 || to < text.length) expect(parseVerifierKey(text.slice(from, to))).toBeUndefined();
      }
    }
  });
});

describe('signed notes', () => {
  it('are signed as Go signs them', () => {
    const home = temporaryHome();
    mkdirSync(home, { mode: 0o700 });
    const seed = Buffer.from(signer.seed, 'base64').toString('base64url');
    writeFileSync(join(home, 'journal.signing.key'), `${seed}\n`, { mode: 0o600 });
    const key = must(readSignerKey(home, signer.name));
    if (key === 'missing') throw new Error('the key is there');
    expect(key.text).toBe(signer.verifier);
    expect(key.sign(signer.text)).toBe(signer.note);
  });

  const [peter, enoch] = [keyOf(keys[0]?.text ?? ''), keyOf(keys[1]?.text ?? '')];
  for (const { what, parts, repeatLast = 1, ...verdicts } of notes) {
    it(what, () => {
      const filled = parts.map((part) =>
        part.replace('{text}', signer.text).replace('{peter}', signatures.peter).replace('{enoch}', signatures.enoch),
      );
      const note = filled.slice(0, -1).join('') + (filled.at(-1) ?? '').repeat(repeatLast);
      expect({ peter: openNote(note, peter).verdict, enoch: openNote(note, enoch).verdict }).toEqual(verdicts);
    });
  }

  it('do not hold once any byte is another', () => {
    const bytes = Buffer.from(signer.note);
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      expect(openNote(changed.toString('utf8'), peter).verdict, `byte ${at}`).not.toBe('good');
    }
  });
});
