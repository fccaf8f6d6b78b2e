// Secrets that are too short to be searched for: they would be found in ordinary words. A field that holds nothing else is one.
import { limits } from '../../limits.ts';
import { utf8 } from '../encodings.ts';
import { createFolder } from './folding.ts';
import { MIN_FOLDED } from './form-table.ts';

/** Whether this value is not searched for: too few characters, or too few that are no white space and no marks. */
export function isShort(value: string): boolean {
  if (value.length < limits.secretMinScrubChars) return true;
  if (PLENTY.test(value)) return false;
  const folded = { bytes: new Uint8Array(0), size: 0, seen: 0 };
  const bytes = utf8(value);
  createFolder().fold(bytes, 0, bytes.length, folded);
  return folded.size < MIN_FOLDED;
}

const PLENTY = new RegExp(`^[!-~]{${MIN_FOLDED}}`);

/** Tells whether a whole field, white space around it aside, is one of these values. */
export function createShortSecrets(values: readonly string[]): (field: string) => boolean {
  const short = new Set(values.flatMap(spellings));
  short.delete('');
  const longest = Array.from(short).reduce((most, { length }) => Math.max(most, length), 0);
  return (field) => {
    if (short.size === 0) return false;
    const trimmed = field.trim();
    return trimmed.length <= longest && short.has(trimmed);
  };
}

function spellings(value: string): readonly string[] {
  const plain = value.trim();
  const json = JSON.stringify(plain).slice(1, -1);
  const percent = encodeURIComponent(plain.replace(/\p{Cs}/gu, '\ufffd'));
  return [plain, json, json.replaceAll('/', '\\/'), percent, percent.replaceAll('%20', '+'), percent.toLowerCase()];
}
