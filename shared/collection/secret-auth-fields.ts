import { isSensitiveName } from '../redact/names.ts';
import { readParameterField } from './oauth2-parameters.ts';

// Fields of each auth type that hold a credential, by Postman's names. Public halves (user names, key ids of
// published keys) stay readable.
const SECRET_FIELDS: Readonly<Record<string, readonly string[]>> = {
  none: [],
  basic: ['password'],
  bearer: ['token'],
  apikey: ['value'],
  awsv4: ['accessKey', 'secretKey', 'sessionToken'],
  digest: ['password', 'nonce', 'opaque', 'clientNonce'],
  ntlm: ['password'],
  oauth1: ['consumerSecret', 'token', 'tokenSecret', 'privateKey', 'verifier'],
  oauth2: [
    'accessToken',
    'clientSecret',
    'password',
    'refreshToken',
    'code_verifier',
    'idToken',
    'authCode',
    'privateKey',
  ],
  hawk: ['authKey'],
  wsse: ['password'],
  edgegrid: ['accessToken', 'clientToken', 'clientSecret'],
  jwt: ['secret', 'privateKey'],
  asap: ['privateKey'],
};

// What a scheme of an unknown type may tell about itself.
const STRUCTURAL =
  /^(?:in|type|key|kid|algorithm|method|realm|region|service|user|username|location|scope|state|name|url)$/i;
// A location, a label or a switch is no credential, though its name has "token" in it.
const PLACE = /(?:url|uri|type|name|prefix|location|enabled|method|algorithm|encoded|^addTokenTo)$/i;

/** The types in which a service may take a key as the user name, and no password. */
const LOGINS: ReadonlySet<string> = new Set(['basic', 'digest', 'ntlm', 'wsse', 'anyauth', 'negotiate']);

/**
 * Tells of the fields of one stated auth which hold a credential: as isSecretAuthField, and the user name where it stands
 * alone. `password` is the password's text, undefined where none is stated.
 */
export function createSecretAuthTest(type: string, password: string | undefined): (field: string) => boolean {
  const isAlone = LOGINS.has(type) && (password ?? '') === '';
  return (field) => (isAlone && field === 'username') || isSecretAuthField(type, field);
}

/** Whether an auth field holds a credential. Of an unknown type every field does that is not plainly structural. */
export function isSecretAuthField(type: string, field: string): boolean {
  const parameter = type === 'oauth2' ? readParameterField(field) : undefined;
  if (parameter) return isSecretParameter(parameter.name);
  const known = Object.hasOwn(SECRET_FIELDS, type) ? SECRET_FIELDS[type] : undefined;
  if (!known) return !STRUCTURAL.test(field);
  return known.includes(field) || (isSensitiveName(field) && !PLACE.test(field));
}

/** RFC 6749, RFC 7521, RFC 7636: parameters whose value is a credential, whatever the rules by name say. */
const SECRET_PARAMETERS =
  /^(?:client_secret|client_assertion|assertion|password|refresh_token|code|code_verifier|subject_token|actor_token)$/i;

function isSecretParameter(name: string): boolean {
  return SECRET_PARAMETERS.test(name) || (isSensitiveName(name) && !PLACE.test(name));
}
