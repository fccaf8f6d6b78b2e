import { failure } from '../failure/failure.ts';
import { err, ok, type Result } from '../failure/result.ts';
import { displayRendered, renderedText } from '../template/render.ts';
import { judgeKeyHeader } from './agent-headers.ts';
import { judgeBesideClaim } from './beside-claim.ts';
import { isToken } from './header-policy.ts';
import type { PlannedAuth, PlannedQuery } from './plan.ts';
import { plainText } from './render-plain.ts';

/**
 * Judges the name of the header, parameter or cookie that an apikey auth states; `fromAgent` where the agent's variables take part in
 * it; `query` is what the URL has, `addable` are patterns of headers. Failures: SECRET/PLACE_NOT_ALLOWED for a secret, because names are
 * shown and judged; REQUEST/AUTH_INVALID for what is no cookie-name (RFC 6265 section 4.1.1), which could be several cookies;
 * REQUEST/HEADER_INVALID for a header that an agent may not set; INPUT/INVALID for a parameter that it may not.
 */
export function judgeKeyName(
  { type, fields }: PlannedAuth,
  fromAgent: boolean,
  { query, addable }: { readonly query: readonly PlannedQuery[]; readonly addable: readonly string[] | undefined },
): Result<void> {
  if (type !== 'apikey') return ok(undefined);
  const key = plainText(fields.key ?? [], 'name of an API key');
  if (!key.ok) return key;
  const name = key.value;
  if (name === '') return ok(undefined);
  const place = renderedText(fields.in ?? []);
  if (place === 'cookie' && !isToken(name)) {
    return err(
      failure('REQUEST/AUTH_INVALID', { type, problem: 'the name of its cookie is none that a cookie can have' }),
    );
  }
  if (fromAgent && place === 'query') return judgeBesideClaim(query, name);
  const isHeader = place !== 'cookie' && place !== 'query';
  return fromAgent && isHeader ? judgeKeyHeader(name, displayRendered(fields.value ?? []), addable) : ok(undefined);
}
