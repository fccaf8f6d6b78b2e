import { limits } from '../../shared/limits.ts';
import { isSensitiveName } from '../../shared/redact/names.ts';
import { createScrubber, type KnownSecret, type Scrubber } from '../../shared/redact/scrubber.ts';
import type { RawExchange } from '../../shared/stages/stages.ts';

export interface SetCookie {
  readonly name: string;
  /** As sent and percent-decoded: a server may echo either. Those over `limits.mintedChars` are not among them. */
  readonly values: readonly string[];
}

/** The cookies that an answer sets. Their header's name takes the values out of it; they are for what shows them elsewhere. */
export function setCookies({ headers }: RawExchange): SetCookie[] {
  return headers
    .filter(([name]) => name.toLowerCase() === 'set-cookie')
    .map(([, cookie]) => readCookie(cookie))
    .filter(({ values }) => values.length > 0);
}

export function cookieSecrets(cookies: readonly SetCookie[]): KnownSecret[] {
  return cookies.flatMap(({ name, values }) =>
    values.filter((value) => !isSetting(name, value)).map((value) => ({ id: 'set-cookie', value })),
  );
}

/** A number or words (`en-US`, `dark`, `Europe/Berlin`). */
const SETTING = /^(?:\d{0,6}|(?=.{1,20}$)(?:[A-Z]?[a-z]+|[A-Z]+)(?:[-_./](?:[A-Z]?[a-z]+|[A-Z]+)){0,3})$/;

/** Whether a cookie keeps a choice, not a credential: were its value hidden, every answer would lose these words. */
export function isSetting(name: string, value: string): boolean {
  return SETTING.test(value) && !isSensitiveName(name);
}

/** Each once, those of the latest answer first; the earliest go where they are more than are looked for. */
export function latestCookies(latest: readonly SetCookie[], earlier: readonly SetCookie[]): readonly SetCookie[] {
  const each = new Map([...latest, ...earlier].map((cookie) => [`${cookie.name}=${cookie.values[0]}`, cookie]));
  let room = limits.tripCookieChars;
  const fits = ({ values }: SetCookie): boolean => {
    for (const { length } of values) room -= length;
    return room >= 0;
  };
  return Array.from(each.values()).slice(0, limits.tripCookies).filter(fits);
}

/** RFC 6265 section 5.2: the value ends at the first semicolon; surrounding quotes are not part of what applications see. */
export function readCookie(cookie: string): SetCookie {
  const [pair = ''] = cookie.split(';', 1);
  const at = pair.indexOf('=');
  const value = pair
    .slice(at + 1)
    .trim()
    .replace(/^"(.*)"$/, '$1');
  const values = new Set([value, decoded(value)].filter(({ length }) => length > 0 && length <= limits.mintedChars));
  return { name: at < 0 ? '' : pair.slice(0, at).trim(), values: [...values] };
}

/** Percent-decoded, or as it is where that is not possible. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Both lists, each value once, and once more where only the other list has it as a leaf. */
export function joined(one: readonly KnownSecret[], other: readonly KnownSecret[]): readonly KnownSecret[] {
  if (one.length === 0 || other.length === 0) return one.length === 0 ? other : one;
  const values = new Set(one.map(({ value }) => value));
  const leaves = new Set(one.filter(({ leaf }) => leaf).map(({ value }) => value));
  return [...one, ...other.filter(({ value, leaf }) => !(leaf ? leaves : values).has(value))];
}

const REMEMBERED = 16;

/** Makes scrubbers and keeps the latest: building one costs more than using it, and most calls know the same secrets. */
export function rememberScrubbers(): (secrets: readonly KnownSecret[]) => Scrubber {
  let remembered: { readonly secrets: readonly KnownSecret[]; readonly scrubber: Scrubber }[] = [];
  return (secrets) => {
    const found = remembered.find((entry) => isSameList(entry.secrets, secrets));
    const used = found ?? { secrets, scrubber: createScrubber(secrets) };
    if (used !== remembered[0]) {
      remembered = [used, ...remembered.filter((entry) => entry !== used)].slice(0, REMEMBERED);
    }
    return used.scrubber;
  };
}

function isSameList(one: readonly KnownSecret[], other: readonly KnownSecret[]): boolean {
  return (
    one.length === other.length &&
    one.every(({ id, value, leaf }, index) => {
      const same = other[index];
      return id === same?.id && value === same.value && leaf === same.leaf;
    })
  );
}
