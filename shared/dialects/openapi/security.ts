// Security schemes as handles to bind: the secret of a scheme is the vault's handle of the scheme's name, so that
// `keyward secrets set <scheme> --origin URL` is all that a request needs.

import { handlePart } from '../../collection/handle-part.ts';
import type { AuthTemplate } from '../../collection/model.ts';
import { isObject, type JsonObject, listOr, objectOr, textOf } from '../../collection/narrow.ts';
import { isToken } from '../../request/header-policy.ts';
import { plainTemplate } from '../../template/lex.ts';
import type { Template } from '../../template/template.ts';
import { publicField, scopeField } from './credential-fields.ts';
import { oauthFields } from './oauth.ts';
import { type Opening, own } from './opening.ts';

/** A credential that goes beside the one of `auth`. */
export interface ExtraKey {
  readonly place: 'header' | 'query' | 'cookie';
  readonly name: string;
  readonly value: Template;
}

export interface Security {
  readonly auth: AuthTemplate;
  readonly extra: readonly ExtraKey[];
}

interface Scheme {
  readonly name: string;
  readonly type: string;
  readonly fields: Readonly<Record<string, Template>>;
  /** Of what is not done for it. */
  readonly note?: string;
}

const NO_AUTH: Security = { auth: { type: 'none', fields: {}, from: 'none' }, extra: [] };
/** What can be signed, or asked of a token server, given its secret. */
const EXECUTABLE: ReadonlySet<string> = new Set(['basic', 'bearer', 'digest', 'apikey', 'oauth2']);

/** The operation's security, else the document's: the first alternative of which every scheme can be executed. */
export function readSecurity(operation: JsonObject, opening: Opening): Security {
  const { root } = opening.document;
  const from = Array.isArray(operation.security) ? 'request' : 'collection';
  const alternatives = listOr(operation.security ?? root.security).filter(isObject);
  if (alternatives.length === 0) return from === 'request' ? none('request') : NO_AUTH;
  if (alternatives.length > 1) opening.note('other ways to authenticate are left out');
  const read = alternatives.slice(0, MAX_ALTERNATIVES).map((each) => readRequirement(each, opening));
  const chosen = read.find((schemes) => schemes.every(({ type }) => EXECUTABLE.has(type))) ?? read[0] ?? [];
  return combine(chosen, from, opening);
}

const MAX_ALTERNATIVES = 50;

function none(from: AuthTemplate['from']): Security {
  return { auth: { type: 'none', fields: {}, from }, extra: [] };
}

function combine(schemes: readonly Scheme[], from: AuthTemplate['from'], opening: Opening): Security {
  const first = schemes.find(({ type }) => EXECUTABLE.has(type) && type !== 'apikey') ?? schemes[0];
  if (!first) return none(from);
  const others = schemes.filter((scheme) => scheme !== first);
  if (others.some(({ type }) => type !== 'apikey')) {
    opening.note('it also needs an authentication that is left out');
  }
  for (const { note } of schemes) if (note !== undefined) opening.note(note);
  const { type, fields } = first;
  return { auth: { type, fields, from }, extra: others.filter((each) => each.type === 'apikey').map(extraKey) };
}

function extraKey({ fields }: Scheme): ExtraKey {
  const place = plain(fields.in);
  return {
    place: place === 'query' || place === 'cookie' ? place : 'header',
    name: plain(fields.key),
    value: fields.value ?? [],
  };
}

function plain(template: Template = []): string {
  return template.map((part) => (part.kind === 'text' ? part.text : '')).join('');
}

function readRequirement(requirement: JsonObject, opening: Opening): Scheme[] {
  const { root } = opening.document;
  const stated = opening.major === 2 ? root.securityDefinitions : objectOr(root.components).securitySchemes;
  return Object.keys(requirement).map((name) => {
    const scopes = listOr(requirement[name]).map(textOf).join(' ');
    return readScheme(name, opening.resolveObject(own(stated, name)), scopes);
  });
}

const NO_DISCOVERY = 'OpenID Connect discovery is not done: the access token is the secret of the scheme';
const UNDESCRIBED = 'a security scheme in it is not described';

function readScheme(name: string, stated: JsonObject, scopes: string): Scheme {
  const secret: Template = [handlePart(name)];
  switch (stated.type) {
    case 'basic':
      return { name, type: 'basic', fields: { username: publicField(name, 'username'), password: secret } };
    case 'http':
      return readHttp(name, textOf(stated.scheme), secret);
    case 'apiKey': {
      const place = stated.in === 'query' || stated.in === 'cookie' ? stated.in : 'header';
      const fields = { key: plainTemplate(textOf(stated.name)), value: secret, in: plainTemplate(place) };
      return { name, type: 'apikey', fields };
    }
    case 'oauth2':
      return { name, type: 'oauth2', fields: oauthFields(name, stated, scopes) };
    case 'openIdConnect':
      return { name, type: 'oauth2', fields: { accessToken: secret, ...scopeField(scopes) }, note: NO_DISCOVERY };
    case 'mutualTLS':
      return { name, type: 'mutualTLS', fields: {}, note: 'a client certificate is asked for' };
    default:
      return { name, type: textOf(stated.type) || 'undescribed', fields: {}, note: UNDESCRIBED };
  }
}

/** Schemes whose credentials are more than a token; of the registry (RFC 9110 section 16.4) and in use. */
const NO_TOKEN: ReadonlySet<string> = new Set([
  ...['concealed', 'dpop', 'gnap', 'hoba', 'mutual', 'negotiate', 'oauth', 'privatetoken', 'scram-sha-1'],
  ...['scram-sha-256', 'vapid', 'ntlm', 'kerberos', 'hawk', 'wsse', 'signature', 'hmac', 'aws4-hmac-sha256'],
  ...['eg1-hmac-sha256', 'asap'],
]);

function readHttp(name: string, stated: string, secret: Template): Scheme {
  const scheme = stated.toLowerCase();
  if (scheme === 'bearer') return { name, type: 'bearer', fields: { token: secret } };
  if (scheme === 'basic' || scheme === 'digest') {
    return { name, type: scheme, fields: { username: publicField(name, 'username'), password: secret } };
  }
  if (!isToken(scheme) || NO_TOKEN.has(scheme)) return { name, type: scheme || 'http', fields: {} };
  const note = `the secret of its security scheme goes after the word ${stated}`;
  return { name, type: 'bearer', fields: { token: secret, prefix: plainTemplate(stated) }, note };
}
