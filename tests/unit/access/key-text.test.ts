import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyParts, keyText, parseKeyText } from '../../../shared/access/key-text.ts';
import { redactText } from '../../../shared/redact/redact-text.ts';
import '../../property-seed.ts';

const SCANNER = /\bkeyward_[0-9A-Za-z]{12}_[0-9A-Za-z]{38}\b/;
const letters = (length: number) =>
  fc.string({ minLength: length, maxLength: length, unit: fc.constantFrom(...keyParts.alphabet) });
const parts = fc.record({ keyId: letters(keyParts.idChars), secret: letters(keyParts.secretChars) });

describe('the text of a key', () => {
  it('says what it was made of', () => {
    fc.assert(
      fc.property(parts, (made) => {
        expect(parseKeyText(keyText(made))).toEqual(made);
      }),
    );
  });

  it('ends with the CRC-32 of all before it in base 62', () => {
    fc.assert(
      fc.property(parts, (made) => {
        const text = keyText(made);
        const value = [...text.slice(-6)].reduce((sum, digit) => sum * 62 + keyParts.alphabet.indexOf(digit), 0);
        expect(value).toBe(crc32(text.slice(0, -6)));
      }),
    );
  });

  it('is no key with any one character changed, left out or doubled', () => {
    const text = keyText({ keyId: 'abcdefABCDEF', secret: '0123456789abcdefghijABCDEFGHIJ01' });
    for (let at = 0; at < text.length; at += 1) {
      const [before, after] = [text.slice(0, at), text.slice(at + 1)];
      const other = text[at] === 'x' ? 'y' : 'x';
      for (const changed of [before + other + after, before + after, `${before}${text[at]}${text[at]}${after}`]) {
        expect(parseKeyText(changed), changed).toBeUndefined();
      }
    }
    for (const around of [` ${text}`, `${text}\n`, text.toUpperCase(), '', 'keyward_']) {
      expect(parseKeyText(around)).toBeUndefined();
    }
  });

  it('P1: is found by scanners and by our own redactor', () => {
    fc.assert(
      fc.property(parts, (made) => {
        const text = keyText(made);
        expect(SCANNER.exec(`key: ${text}.`)?.[0]).toBe(text);
        expect(redactText(`see ${text} there`).text).toBe('see [redacted] there');
      }),
    );
  });
});
