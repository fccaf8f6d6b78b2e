// Cookie and CookieList of Postman's SDK.
import { textOf } from '../text-of.ts';
import { fieldOf, hasField, jsonOf } from './property.ts';
import { type MemberKind, PropertyList } from './property-list.ts';

const attributes: Readonly<Record<string, keyof Cookie>> = {
  httponly: 'httpOnly',
  secure: 'secure',
  domain: 'domain',
  path: 'path',
  'max-age': 'maxAge',
  session: 'session',
  expires: 'expires',
};

export class Cookie {
  declare name?: string;
  declare value?: string;
  declare domain?: string;
  declare path?: string;
  declare expires?: Date;
  declare maxAge?: number;
  declare secure?: boolean;
  declare httpOnly?: boolean;
  declare hostOnly?: boolean;
  declare session?: boolean;

  constructor(definition?: unknown) {
    this.update(typeof definition === 'string' ? Cookie.parse(definition) : definition);
  }

  update(definition: unknown): void {
    const name = fieldOf(definition, 'name') ?? fieldOf(definition, 'key');
    if (name !== undefined) this.name = textOf(name);
    for (const field of ['value', 'domain', 'path'] as const) {
      const value = fieldOf(definition, field);
      if (value !== undefined) this[field] = textOf(value);
    }
    for (const field of ['secure', 'httpOnly', 'hostOnly', 'session'] as const) {
      if (hasField(definition, field)) this[field] = Boolean(fieldOf(definition, field));
    }
    if (hasField(definition, 'maxAge')) this.maxAge = Number(fieldOf(definition, 'maxAge'));
    const expires = fieldOf(definition, 'expires');
    if (expires !== undefined && expires !== null)
      this.expires = expires instanceof Date ? expires : new Date(textOf(expires));
  }

  valueOf(): object {
    const text = this.value ?? '';
    try {
      return decodeURIComponent(text) as unknown as object;
    } catch {
      return text as unknown as object;
    }
  }

  toString(): string {
    const pairs = [`${this.name ?? ''}=${this.value ?? ''}`];
    if (this.expires !== undefined) pairs.push(`Expires=${this.expires.toUTCString()}`);
    if (this.maxAge !== undefined) pairs.push(`Max-Age=${this.maxAge}`);
    if (this.domain !== undefined && !this.hostOnly) pairs.push(`Domain=${this.domain}`);
    if (this.path !== undefined) pairs.push(`Path=${this.path}`);
    if (this.secure) pairs.push('Secure');
    if (this.httpOnly) pairs.push('HttpOnly');
    return pairs.join('; ');
  }

  toJSON(): Record<string, unknown> {
    return jsonOf(this);
  }

  /** A `Set-Cookie` header. */
  static parse(text: string): Record<string, unknown> {
    const [first = '', ...rest] = text.split(/; */).map(pairOf);
    const cookie: Record<string, unknown> = first === '' ? {} : { key: first.name, value: first.value };
    for (const pair of rest) {
      const attribute = attributes[pair.name.toLowerCase()];
      if (attribute !== undefined) cookie[attribute] = pair.value;
    }
    return cookie.domain === undefined ? { ...cookie, hostOnly: true } : cookie;
  }

  static isCookie(value: unknown): boolean {
    return value instanceof Cookie;
  }
}

function pairOf(text: string): { name: string; value: string | true } {
  const equals = text.indexOf('=');
  if (equals < 0) return { name: text.trim(), value: true };
  const value = text.slice(equals + 1).trim();
  return { name: text.slice(0, equals).trim(), value: value.startsWith('"') ? value.slice(1, -1) : value };
}

const cookieKind: MemberKind<Cookie> = {
  Type: Cookie,
  key: 'name',
  ignoresCase: true,
  allowsMany: true,
  create: (definition) => new Cookie(definition),
};

export class CookieList extends PropertyList<Cookie> {
  constructor(_parent?: unknown, cookies?: unknown) {
    super(cookieKind, cookies);
  }

  static isCookieList(value: unknown): boolean {
    return value instanceof CookieList;
  }
}
