import { describe, expect, it } from 'vitest';
import { limits } from '../../../shared/limits.ts';
import { markRaw } from '../../../shared/stages/stages.ts';
import { cookieSecrets, latestCookies, type SetCookie, setCookies } from '../../../src/courier/exchange-secrets.ts';

function set(...cookies: string[]): SetCookie[] {
  const headers = cookies.map((cookie) => ['Set-Cookie', cookie] as const);
  const timing = { totalMs: 0, firstByteMs: 0 };
  return setCookies(markRaw({ status: 200, statusText: '', headers, trailers: [], body: new Uint8Array(), timing }));
}

const named = (count: number, value: string) =>
  set(...Array.from({ length: count }, (_, index) => `c${index}=${value}`));
const { mintedChars, tripCookies, tripCookieChars } = limits;

describe('cookies that are looked for', () => {
  const longest = 'a'.repeat(mintedChars);
  const rows: readonly (readonly [what: string, cookie: string, values: readonly string[]])[] = [
    ['as sent and decoded', 'sid=a%2Fb; Path=/', ['a%2Fb', 'a/b']],
    ['once where both are one', ' sid = "a b" ;HttpOnly', ['a b']],
    ['of the most characters', `sid=${longest}`, [longest]],
    ['not longer', `sid=${longest}a`, []],
    ['decoded where only that is short enough', `sid=${longest.slice(1)}%61`, [longest]],
    ['not empty', 'sid=; Path=/', []],
  ];

  it.each(rows)('P12: %s', (_, cookie, values) => {
    expect(set(cookie).flatMap((each) => each.values)).toEqual(values);
  });

  it('P12: of a call with its redirects, so many, those of the latest answer first', () => {
    const earlier = named(tripCookies, 'old');
    const latest = set('last=new', 'c1=old');
    const kept = latestCookies(latest, earlier);
    expect(kept).toHaveLength(tripCookies);
    expect(kept.slice(0, 3).map(({ name }) => name)).toEqual(['last', 'c1', 'c0']);
    expect(kept.at(-1)?.name).toBe(`c${tripCookies - 2}`);
  });

  it('P12: and so many characters of them', () => {
    const most = tripCookieChars / mintedChars;
    const kept = latestCookies(named(2 * most, longest), []);
    expect(kept).toHaveLength(most);
    expect(cookieSecrets(latestCookies(set('one=m0re'), kept))).toHaveLength(most);
  });
});
