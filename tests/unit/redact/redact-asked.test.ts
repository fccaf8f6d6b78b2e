// Text that an agent may have arranged, for a person who decides on it.
import { describe, expect, it } from 'vitest';
import { redactAsked } from '../../../shared/redact/redact-asked.ts';
import { redactText } from '../../../shared/redact/redact-text.ts';

const OPEN = '-----BEGIN PRIVATE KEY-----';
const CLOSE = '-----END PRIVATE KEY-----';
const LINE = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj';
const ROWS: readonly (readonly [what: string, text: string, shown: string])[] = [
  ['a string of JSON', `{"a":"${OPEN}","amount":5}`, '{"a":"[redacted]","amount":5}'],
  [
    'JSON in a string',
    `{"a":"{\\"b\\":\\"${OPEN}\\",\\"amount\\":5}"}`,
    '{"a":"{\\"b\\":\\"[redacted]",\\"amount\\":5}"}',
  ],
  ['an end in another string', `["${OPEN}",5,"${CLOSE}"]`, `["[redacted]",5,"${CLOSE}"]`],
  ['a line', `${OPEN} x\namount: 5`, '[redacted]\namount: 5'],
  ['lines that are no key', `${OPEN}\namount\n5\n${CLOSE}`, '[redacted]\namount\n5\n-----END PRIVATE KEY-----'],
  ['an element', `<a>${OPEN}</a><amount>5</amount>`, '<a>[redacted]</a><amount>5</amount>'],
  ['a field of a form', `a=${OPEN}&amount=5`, 'a=[redacted]&amount=5'],
  ['a beginning on two lines', `-----\nBEGIN PRIVATE\nKEY-----\namount: 5`, '[redacted]\namount: 5'],
  ['a key for PuTTY', 'Private-Lines: 14\namount: 5', '[redacted]\namount: 5'],
];
const KEYS: readonly (readonly [what: string, text: string])[] = [
  ['a key', `${OPEN}\n${LINE}\n${LINE}\nAbCd==\n${CLOSE}`],
  ['a key in JSON', `${OPEN}\\n${LINE}\\n${LINE}\\nAbCd==\\n${CLOSE}`],
  ['an encrypted key', `${OPEN}\nProc-Type: 4,ENCRYPTED\nDEK-Info: DES-EDE3-CBC,00\n\n${LINE}\n${CLOSE}`],
  ['an indented key', `${OPEN}\n  ${LINE}\n  AbCd==\n  ${CLOSE}`],
  ['a key without its end', `${OPEN}\n${LINE}\n${LINE}`],
  [
    'an OpenPGP key',
    `-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n${LINE}\nAbCd\n=aB3d\n-----END PGP PRIVATE KEY BLOCK-----`,
  ],
];

describe('a question about text with a private key', () => {
  it.each(ROWS)('P8: hides no more than itself: %s', (_, text, shown) => {
    expect(redactAsked(text).text).toBe(shown);
    expect(redactText(redactAsked(text).text).text).toBe(redactAsked(text).text);
  });

  it.each(KEYS)('P1: hides all of it: %s', (_, text) => {
    expect(redactAsked(`a ${text}\nb`).text).toBe('a [redacted]\nb');
  });

  it('P1: hides every other secret as any text does', () => {
    const text = 'token ghp_0123456789abcdefghijABCDEFGHIJ012345 and https://a:secretpw@b.test/';
    expect(redactAsked(text)).toEqual(redactText(text));
  });
});
