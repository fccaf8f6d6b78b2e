// Which fields of an OAuth 2 auth take part in a grant. What does not take part need not be bound, is not opened and changes nothing.
import { readParameterField } from '../../shared/collection/oauth2-parameters.ts';
import type { PlannedAuth } from '../../shared/request/plan.ts';
import type { Plan } from '../../shared/stages/stages.ts';
import type { Piece } from '../../shared/template/template.ts';
import type { Grant, Outline } from '../oauth/outline.ts';
import type { EndpointUse } from './tokens-endpoint.ts';

const CLIENT = [
  'clientId',
  'clientSecret',
  'client_authentication',
  'privateKey',
  'algorithm',
  'kid',
  'keyId',
  'assertionAudience',
  'scope',
  'audience',
  'resource',
  'origin',
];

const OF_GRANT: Readonly<Record<Grant, readonly string[]>> = {
  client_credentials: [],
  password: ['username', 'password'],
  refresh_token: ['refreshToken'],
  authorization_code: [],
  device_code: [],
  implicit: [],
};

/** The fields that a grant sends. */
export function grantFields({ fields }: PlannedAuth, grant: Grant, isLogin = false): PlannedAuth['fields'] {
  const wanted = new Set([...CLIENT, ...OF_GRANT[grant]]);
  const takes = (name: string): boolean => {
    const list = readParameterField(name)?.list;
    return list === undefined ? wanted.has(name) : isLogin || list !== 'authRequestParams';
  };
  return Object.fromEntries(Object.entries(fields).filter(([name, value]) => takes(name) && value.length > 0));
}

export function isStated({ fields }: PlannedAuth, name: string): boolean {
  return (fields[name]?.length ?? 0) > 0;
}

/** The use of fields at the token endpoint, or where one is stated for refreshing, there. */
export function tokenUse(plan: Plan, outline: Outline, fields: PlannedAuth['fields'], refreshes: boolean): EndpointUse {
  const { tokenUrl = '', refreshUrl } = outline;
  if (refreshes && refreshUrl !== undefined) return { plan, url: refreshUrl, field: 'refreshTokenUrl', fields };
  return { plan, url: tokenUrl, field: 'accessTokenUrl', fields };
}

/** The auth that carries a token in the place where the plan's own wants it. */
export function carryToken({ placement }: Outline, token: readonly Piece[]): PlannedAuth {
  const text = (value: string): Piece[] => (value === '' ? [] : [{ kind: 'text', text: value }]);
  const isHeader = placement.in === 'header';
  return {
    type: 'apikey',
    fields: {
      key: text(isHeader ? 'Authorization' : placement.name),
      value: [...text(isHeader ? placement.prefix : ''), ...token],
      in: text(placement.in),
    },
  };
}
