// The cookies of one delivery: what the caller's jar gives to each request, and what of it an answer must not show.
import { limits } from '../../shared/limits.ts';
import { REDACTED } from '../../shared/redact/marker.ts';
import type { KnownSecret, Scrubber } from '../../shared/redact/scrubber.ts';
import { writeTarget } from '../../shared/request/write-request.ts';
import type { Plan, RawExchange } from '../../shared/stages/stages.ts';
import type { CookieJars, JarCookie, JarOwner } from '../network/cookies.ts';
import { decoded, isSetting, readCookie } from './exchange-secrets.ts';

export interface TripCookies {
  /** What goes with the request of a plan; nothing where its settings switch cookies off. */
  of(plan: Plan): readonly JarCookie[];
  /**
   * Keeps what the answer to it sets, but no cookie that holds what its server was given: other ports and hosts of that server's domain
   * need not be where this may go.
   */
  keep(plan: Plan, answer: RawExchange): Promise<void>;
}

/**
 * The jar of a caller; which one of theirs, the plan's environment says. `unminted` knows what no server gave out; where that cannot
 * be told it gives nothing, and nothing is kept.
 */
export function openCookies(jars: CookieJars, caller: string, unminted: () => Scrubber | undefined): TripCookies {
  const ownerOf = ({ environmentId }: Plan): JarOwner => ({ caller, environmentId });
  return {
    of: (plan) => (plan.settings.disableCookies === true ? [] : jars.cookiesFor(ownerOf(plan), urlOf(plan))),
    async keep(plan, { headers }) {
      const fields = headers.filter(([name]) => name.toLowerCase() === 'set-cookie').map(([, value]) => value);
      if (plan.settings.disableCookies === true || fields.length === 0) return;
      const scrubber = unminted();
      if (scrubber) await jars.store(ownerOf(plan), urlOf(plan), fields.filter(isMinted(scrubber)));
    },
  };
}

/** Whether a Set-Cookie field holds nothing that its server did not give out, where it stands or as it would be sent back. */
function isMinted(unminted: Scrubber): (field: string) => boolean {
  return (field) => {
    if (field.length > limits.setCookieChars) return false;
    const { name, values } = readCookie(field);
    const texts = [field, ...values.flatMap((value) => [value, `${name}=${value}`])];
    return texts.every((text) => unminted.scrub(text).hits === 0) && ![name, ...values].some(unminted.isShortSecret);
  };
}

/** Origin and path. A secret in the path reads the same each time, so that the default path of a cookie is found again. */
function urlOf({ url, settings }: Plan): string {
  return url.origin + writeTarget({ ...url, query: [] }, settings, () => REDACTED);
}

/** What a server could show again of the cookies that it was sent, as they are and percent-decoded. */
export function sentCookies(cookies: readonly JarCookie[]): KnownSecret[] {
  return cookies
    .filter(({ name, value }) => !isSetting(name, value))
    .flatMap(({ value }) => {
      const bare = value.replace(/^"(.*)"$/, '$1');
      return Array.from(new Set([value, bare, decoded(bare)]), (text) => ({ id: SENT_COOKIE, value: text }));
    });
}

/** Of values that a server gave out itself, in an earlier answer. */
export const SENT_COOKIE = 'sent-cookie';
