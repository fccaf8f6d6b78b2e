// The cookies of one delivery: what the caller's jar gives to each request, and what of it an answer must not show.
import { REDACTED } from '../../shared/redact/marker.ts';
import type { KnownSecret } from '../../shared/redact/scrubber.ts';
import { writeTarget } from '../../shared/request/write-request.ts';
import type { Plan, RawExchange } from '../../shared/stages/stages.ts';
import type { CookieJars, JarCookie, JarOwner } from '../network/cookies.ts';
import { decoded, isSetting } from './exchange-secrets.ts';

export interface TripCookies {
  /** What goes with the request of a plan; nothing where its settings switch cookies off. */
  of(plan: Plan): readonly JarCookie[];
  /** Keeps what the answer to it sets. */
  keep(plan: Plan, answer: RawExchange): Promise<void>;
}

/** The jar of a caller; which one of theirs, the plan's environment says. */
export function openCookies(jars: CookieJars, caller: string): TripCookies {
  const ownerOf = ({ environmentId }: Plan): JarOwner => ({ caller, environmentId });
  return {
    of: (plan) => (plan.settings.disableCookies === true ? [] : jars.cookiesFor(ownerOf(plan), urlOf(plan))),
    async keep(plan, { headers }) {
      if (plan.settings.disableCookies === true) return;
      const fields = headers.filter(([name]) => name.toLowerCase() === 'set-cookie').map(([, value]) => value);
      await jars.store(ownerOf(plan), urlOf(plan), fields);
    },
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
