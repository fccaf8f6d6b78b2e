import { createScrubber, type KnownSecret, type Scrubber } from '../../shared/redact/scrubber.ts';
import type { RawExchange } from '../../shared/stages/stages.ts';

/** The values of the cookies that an answer sets, as sent and percent-decoded: a server may echo either. */
export function cookieSecrets({ headers }: RawExchange): KnownSecret[] {
  return headers
    .filter(([name]) => name.toLowerCase() === 'set-cookie')
    .flatMap(([, cookie]) => cookieForms(cookie))
    .map((value) => ({ id: 'set-cookie', value }));
}

/** RFC 6265 section 5.2: the value ends at the first semicolon; surrounding quotes are not part of what applications see. */
function cookieForms(cookie: string): string[] {
  const [pair = ''] = cookie.split(';', 1);
  const value = pair
    .slice(pair.indexOf('=') + 1)
    .trim()
    .replace(/^"(.*)"$/, '$1');
  return value === '' ? [] : [...new Set([value, decoded(value)])];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Both lists, each value once. */
export function joined(one: readonly KnownSecret[], other: readonly KnownSecret[]): readonly KnownSecret[] {
  if (one.length === 0 || other.length === 0) return one.length === 0 ? other : one;
  const values = new Set(one.map(({ value }) => value));
  return [...one, ...other.filter(({ value }) => !values.has(value))];
}

const REMEMBERED = 16;

/** Makes scrubbers and keeps the latest: building one costs more than using it, and most calls know the same secrets. */
export function rememberScrubbers(): (secrets: readonly KnownSecret[]) => Scrubber {
  let remembered: { readonly secrets: readonly KnownSecret[]; readonly scrubber: Scrubber }[] = [];
  return (secrets) => {
    const found = remembered.find((entry) => isSameList(entry.secrets, secrets));
    if (found) return found.scrubber;
    const scrubber = createScrubber(secrets);
    remembered = [{ secrets, scrubber }, ...remembered].slice(0, REMEMBERED);
    return scrubber;
  };
}

function isSameList(one: readonly KnownSecret[], other: readonly KnownSecret[]): boolean {
  return (
    one.length === other.length &&
    one.every(({ id, value }, index) => id === other[index]?.id && value === other[index]?.value)
  );
}
