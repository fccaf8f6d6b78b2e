import type { AuthTemplate, Field } from '../../collection/model.ts';
import { sealHeader, sealPlain, sealText } from '../../collection/seal-literals.ts';
import { createSecretAuthTest } from '../../collection/secret-auth-fields.ts';
import { limits } from '../../limits.ts';
import { isConnectionHeader } from '../../request/header-policy.ts';
import { lexTemplate } from '../../template/lex.ts';
import { cutOutside, indexOutside } from '../outside-references.ts';
import { linesOf } from './blocks.ts';
import { isHandler } from './scripts.ts';

export interface HeaderLines {
  /** As written; names without blanks around them. */
  readonly pairs: readonly (readonly [name: string, value: string])[];
  /** Offset of what follows: the body, or what is done with the answer. */
  readonly next: number;
  /** Whether a line is no header. */
  readonly hasOther: boolean;
  readonly notes: readonly string[];
}

/** More than a request may have, so that one with too many fails and is not cut short. */
const MAX_HEADERS = 2 * limits.requestHeaders;
const TOO_MANY = 'Headers beyond the number that a request may have are left out';

/** The headers from an offset to the first empty line; comments between them are passed over. */
export function readHeaderLines(text: string, start: number, end: number): HeaderLines {
  const pairs: [string, string][] = [];
  const notes: string[] = [];
  let hasOther = false;
  let next = end;
  for (const line of linesOf(text, start, end)) {
    const isGap = line.text.trim() === '';
    if (isGap || isHandler(line.text) || /^<@?[\w-]*\s/.test(line.text)) {
      next = isGap ? line.next : line.start;
      break;
    }
    if (/^\s*(?:#|\/\/)/.test(line.text)) continue;
    const [name = '', value] = cutOutside(line.text, ':');
    if (value === undefined || name.trim() === '') hasOther = true;
    else if (pairs.length < MAX_HEADERS) pairs.push([name.trim(), value.trim()]);
    else if (notes.length === 0) notes.push(TOO_MANY);
  }
  return { pairs, next, hasOther, notes };
}

export interface Headers {
  readonly fields: readonly Field[];
  readonly auth: AuthTemplate;
  readonly notes: readonly string[];
}

const CONNECTION = 'Headers of the connection are set by the client';

/** The headers that are sent; an Authorization in the words of a scheme is the request's auth. */
export function readHeaders(pairs: HeaderLines['pairs'], host: string): Headers {
  const fields: Field[] = [];
  const notes = new Set<string>();
  let auth: AuthTemplate = { type: 'none', fields: {}, from: 'none' };
  for (const [name, value] of pairs) {
    const folded = name.toLowerCase();
    const scheme = folded === 'authorization' ? readScheme(value) : undefined;
    if (scheme) auth = scheme;
    else if (folded === 'x-request-type' && /^graphql$/i.test(value)) continue;
    else if (folded === 'host' && (value === host || host === '')) continue;
    else if (isConnectionHeader(name) && folded !== 'host') notes.add(CONNECTION);
    else fields.push({ name: lexTemplate(name), value: sealHeader(name, value), enabled: true });
  }
  return { fields, auth, notes: [...notes] };
}

/** `Basic user password`, `Basic user:password`, `Digest …`, `AWS key secret …`, `Bearer token`; undefined: the header as it is. */
function readScheme(value: string): AuthTemplate | undefined {
  const [scheme = '', rest = ''] = cutOutside(value, ' ');
  const stated = rest.trim();
  switch (scheme.toLowerCase()) {
    case 'basic':
    case 'digest':
      return userAuth(scheme.toLowerCase(), stated);
    case 'bearer':
      return stated === '' || /\s/.test(stated.replace(/\{\{[^{}]*\}\}/g, ''))
        ? undefined
        : withFields('bearer', { token: stated });
    case 'aws':
      return awsAuth(stated);
    default:
      return undefined;
  }
}

function userAuth(type: string, stated: string): AuthTemplate | undefined {
  const separator = indexOutside(stated, ' ') !== -1 ? ' ' : ':';
  const [username = '', password] = cutOutside(stated, separator);
  // One word is credentials that are encoded already, a list of parameters is an answer to a challenge.
  if (password === undefined || (type === 'digest' && indexOutside(username, '=') !== -1)) return undefined;
  return withFields(type, { username, password: password.trim() });
}

function awsAuth(stated: string): AuthTemplate | undefined {
  const [accessKey, secretKey, ...more] = stated.split(/\s+/);
  if (accessKey === undefined || secretKey === undefined) return undefined;
  const named = new Map(
    more.map((word) => cutOutside(word, ':')).map(([name, value]) => [name.toLowerCase(), value ?? '']),
  );
  return withFields('awsv4', {
    accessKey,
    secretKey,
    sessionToken: named.get('token') ?? '',
    region: named.get('region') ?? '',
    service: named.get('service') ?? '',
  });
}

function withFields(type: string, fields: Readonly<Record<string, string>>): AuthTemplate {
  const stated = Object.entries(fields).filter(([, value]) => value !== '');
  const isSecret = createSecretAuthTest(type, fields.password);
  return {
    type,
    fields: Object.fromEntries(
      stated.map(([name, value]) => [name, isSecret(name) ? sealText(value) : sealPlain(value)]),
    ),
    from: 'request',
  };
}
