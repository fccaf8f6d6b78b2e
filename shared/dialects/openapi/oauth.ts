import { handlePart } from '../../collection/handle-part.ts';
import { isObject, type JsonObject, objectOr, textOf } from '../../collection/narrow.ts';
import { plainTemplate } from '../../template/lex.ts';
import type { Template } from '../../template/template.ts';
import { publicField, scopeField } from './credential-fields.ts';
import { own } from './opening.ts';

/** OpenAPI's flows, and Swagger 2's names for them, in Postman's terms; those that need no person first. */
const FLOWS: readonly (readonly [flow: string, grant: string])[] = [
  ['clientCredentials', 'client_credentials'],
  ['application', 'client_credentials'],
  ['password', 'password_credentials'],
  ['authorizationCode', 'authorization_code'],
  ['accessCode', 'authorization_code'],
  ['implicit', 'implicit'],
];

/**
 * The fields of an oauth2 scheme. The scheme's own handle is the client's secret where the client logs in by itself, the
 * password where a user does, else an access token that was got elsewhere.
 */
export function oauthFields(name: string, scheme: JsonObject, scopes: string): Record<string, Template> {
  const { flow, grant } = chooseFlow(scheme);
  const secret: Template = [handlePart(name)];
  return {
    grant_type: plainTemplate(grant),
    ...url('accessTokenUrl', flow.tokenUrl),
    ...url('authUrl', flow.authorizationUrl),
    ...url('refreshTokenUrl', flow.refreshUrl),
    ...scopeField(scopes),
    ...credentials(name, grant, secret),
  };
}

function chooseFlow(scheme: JsonObject): { flow: JsonObject; grant: string } {
  for (const [name, grant] of FLOWS) {
    const flow = scheme.flow === name ? scheme : own(scheme.flows, name);
    if (isObject(flow)) return { flow, grant };
  }
  return { flow: objectOr(undefined), grant: 'authorization_code' };
}

function credentials(name: string, grant: string, secret: Template): Record<string, Template> {
  if (grant === 'client_credentials') return { clientId: publicField(name, 'clientId'), clientSecret: secret };
  if (grant === 'password_credentials') return { username: publicField(name, 'username'), password: secret };
  return { accessToken: secret };
}

function url(field: string, stated: unknown): Record<string, Template> {
  const text = textOf(stated);
  return text === '' ? {} : { [field]: plainTemplate(text) };
}
