// The request for a token that an OAuth 2 auth makes before its own: what an agent's variables may not change of it, or not unseen.
import { redactUrl } from '../redact/redact-fields.ts';
import { displayRendered } from '../template/render.ts';
import { parseUrl } from './parse-url.ts';
import type { PlanFields, PlannedAuth } from './plan.ts';

/** The fields that say where to; with one of its own an agent would send a POST with credentials to a path of its choice. */
export const endpointFields = ['accessTokenUrl', 'refreshTokenUrl', 'authUrl', 'deviceAuthorizationUrl'] as const;

export type EndpointField = (typeof endpointFields)[number];

/** Fields that only say how a token goes with the request. Every other one counts as a part of the request for it. */
const CARRYING: ReadonlySet<string> = new Set([
  'accessToken',
  'addTokenTo',
  'headerPrefix',
  'tokenQueryName',
  'tokenSourceType',
]);

/** Names of the fields with which a token is asked for otherwise than the files say: such a request may change data. */
export function changedTokenFields({ auth }: Pick<PlanFields, 'auth'>): readonly string[] {
  return (auth.moved ?? []).filter((name) => !CARRYING.has(name));
}

/** Where a token is asked for where there is none: origin and path, secrets masked. Empty for any auth but OAuth 2. */
export function tokenEndpoints({ type, fields }: PlannedAuth): readonly string[] {
  if (type !== 'oauth2') return [];
  const shown = [fields.accessTokenUrl, fields.refreshTokenUrl].flatMap((field) => {
    const url = parseUrl(displayRendered(field ?? []).trim());
    return url === undefined ? [] : [redactUrl(url.origin + url.pathname).text];
  });
  return [...new Set(shown)];
}
