// Beside a query parameter with a claim of the caller there must be no second value for a server to choose from.
import type { UrlTemplate } from '../collection/model.ts';
import { failure } from '../failure/failure.ts';
import { err, ok, type Result } from '../failure/result.ts';
import { displayRendered, type Scope } from '../template/render.ts';
import type { PlannedQuery } from './plan.ts';
import { hasClaim, planUrl } from './plan-url.ts';

/**
 * Judges a name that the agent gives to a query parameter. Failure: INPUT/INVALID where some server takes it for that of a parameter with
 * a claim, or where there is such a parameter and the name has a control character: PHP ends it there.
 */
export function judgeBesideClaim(query: readonly PlannedQuery[], wanted: string): Result<void> {
  const claimed = query.filter(carriesClaim);
  if (claimed.length === 0) return ok(undefined);
  if (/\p{Cc}/u.test(decoded(wanted))) {
    return err(failure('INPUT/INVALID', { problem: 'beside a claim no query parameter has a control character' }));
  }
  if (!claimed.some(({ name }) => areAlike(displayRendered(name ?? []), wanted))) return ok(undefined);
  return err(
    failure('INPUT/INVALID', { problem: `the query parameter "${wanted}" carries a claim and stays as saved` }),
  );
}

/** The same for the names in `query` that the agent's variables take part in: with other values the URL has others. */
export function judgeNamesBesideClaim(url: UrlTemplate, scope: Scope, query: readonly PlannedQuery[]): Result<void> {
  if (!query.some(carriesClaim)) return ok(undefined);
  const longer: Scope = {
    ...scope,
    spent: { chars: 0, references: 0, derived: 0 },
    find(name) {
      const found = scope.find(name);
      return found?.layer === 'agent' ? { ...found, text: `${found.text}x` } : found;
    },
  };
  const other = planUrl(url, longer);
  const others = other.ok ? namesOf(other.value.query) : [];
  const judged = namesOf(query)
    .filter((name, at) => name !== others[at])
    .map((name) => judgeBesideClaim(query, name));
  return judged.find(({ ok: isFit }) => !isFit) ?? ok(undefined);
}

function namesOf(query: readonly PlannedQuery[]): readonly string[] {
  return query.map(({ name }) => displayRendered(name ?? []));
}

/** Whether a claim of the caller stands in the name or the value. */
function carriesClaim({ name, value }: PlannedQuery): boolean {
  return hasClaim(name ?? []) || hasClaim(value ?? []);
}

/**
 * Names compare without case in some frameworks; in PHP `org.id`, `org id` and `org[id` are `org_id`, and `org[]` is `org`; in Rack and qs
 * `[org]` is `org`.
 */
function areAlike(one: string, other: string): boolean {
  const others = readings(other);
  return readings(one).some((reading) => others.includes(reading));
}

/** The whole of a name, with all that separates its parts as one character, and what stands before its first bracket. */
function readings(name: string): readonly string[] {
  const text = decoded(name.replaceAll('+', ' ')).toUpperCase().toLowerCase();
  return [text, text.split('[', 1)[0] ?? ''].map(joined).filter((reading) => reading !== '');
}

function joined(text: string): string {
  const parts = text.split(/[.\s_[\]]+/);
  return parts.filter((part) => part !== '').join('_');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
