// The class URL of the URL standard.

import { textOf } from '../text-of.ts';
import { parseUrl } from './parse-url.ts';
import { percentEncode, percentSets } from './percent.ts';
import { hostText, isSpecial, pathText, type UrlRecord, writeUrl } from './url-record.ts';
import type { SearchParamsClass } from './url-search-params.ts';

export interface UrlParts {
  /** What shall not be read as part of a URL becomes words, and comes back. */
  readonly hide: (text: string) => { readonly text: string; restore(text: string): string };
  readonly URLSearchParams: SearchParamsClass;
}

type TextField = 'scheme' | 'username' | 'password' | 'port' | 'query' | 'fragment';

/** What is used of it here; scripts have the whole. */
export interface UrlClass {
  new (text: unknown, base?: unknown): { readonly href: string };
  parse(text: unknown, base?: unknown): { readonly hostname: string } | null;
}

export function createUrlClass(parts: UrlParts): UrlClass {
  const Made = class URL extends AnyUrl {
    constructor(text: unknown, base?: unknown) {
      super(parts, text, base);
    }
  };
  const parse = (text: unknown, base?: unknown) => {
    try {
      return new Made(text, base);
    } catch {
      return null;
    }
  };
  return Object.assign(Made, { parse, canParse: (text: unknown, base?: unknown) => parse(text, base) !== null });
}

class AnyUrl {
  readonly #parts: UrlParts;
  #url: UrlRecord;
  #searchParams: InstanceType<SearchParamsClass> | undefined;

  constructor(parts: UrlParts, text: unknown, base: unknown) {
    this.#parts = parts;
    const parsedBase = base === undefined ? undefined : this.#parse(textOf(base));
    const url = base !== undefined && !parsedBase ? undefined : this.#parse(textOf(text), parsedBase);
    if (!url) throw Object.assign(new TypeError('Invalid URL'), { code: 'ERR_INVALID_URL', input: textOf(text) });
    this.#url = url;
  }

  get href(): string {
    return writeUrl(this.#url);
  }

  set href(text: string) {
    this.#url = this.#parse(String(text)) ?? invalid();
    this.#searchParams = undefined;
  }

  get origin(): string {
    const { scheme, path } = this.#url;
    if (scheme === 'blob' && typeof path === 'string') {
      const inner = parseUrl(path);
      return inner && /^https?$/.test(inner.scheme) ? `${inner.scheme}://${hostText(inner)}` : 'null';
    }
    return isSpecial(scheme) && scheme !== 'file' ? `${scheme}://${hostText(this.#url)}` : 'null';
  }

  get protocol(): string {
    return `${this.#url.scheme}:`;
  }

  set protocol(text: string) {
    const url = this.#parse(`${String(text).replace(/:[\s\S]*$/, '')}://h`);
    if (!url || isSpecial(url.scheme) !== isSpecial(this.#url.scheme)) return;
    this.#change(this.#parse(writeUrl({ ...this.#url, scheme: url.scheme })));
  }

  get username(): string {
    return this.#url.username;
  }

  set username(text: string) {
    this.#set('username', percentEncode(String(text), percentSets.userinfo));
  }

  get password(): string {
    return this.#url.password;
  }

  set password(text: string) {
    this.#set('password', percentEncode(String(text), percentSets.userinfo));
  }

  get host(): string {
    return hostText(this.#url);
  }

  set host(text: string) {
    const url = this.#parsePlace(String(text));
    if (url)
      this.#change({ ...this.#url, host: url.host, port: /:\d+$/.test(String(text)) ? url.port : this.#url.port });
  }

  get hostname(): string {
    return this.#url.host ?? '';
  }

  set hostname(text: string) {
    const url = /:\d*$/.test(String(text)) ? undefined : this.#parsePlace(String(text));
    if (url) this.#change({ ...this.#url, host: url.host });
  }

  get port(): string {
    return this.#url.port;
  }

  set port(text: string | number) {
    const [digits] = /^\d*/.exec(String(text)) ?? [];
    const url = digits === '' && text !== '' ? undefined : this.#parsePlace(`h:${digits}`);
    if (url) this.#set('port', url.port);
  }

  get pathname(): string {
    return pathText(this.#url);
  }

  set pathname(text: string) {
    if (typeof this.#url.path === 'string') return;
    const escaped = String(text).replace(/\?/g, '%3F').replace(/#/g, '%23');
    const url = this.#parse(`${this.#url.scheme}://h${/^[/\\]/.test(escaped) ? '' : '/'}${escaped}`);
    if (url) this.#change({ ...this.#url, path: url.path });
  }

  get search(): string {
    return this.#url.query ? `?${this.#url.query}` : '';
  }

  set search(text: string) {
    const query = String(text).replace(/^\?/, '');
    const set = isSpecial(this.#url.scheme) ? percentSets.specialQuery : percentSets.query;
    this.#set('query', query === '' ? undefined : encodeKeeping(query, set, this.#parts.hide));
    this.#searchParams = undefined;
  }

  get searchParams(): InstanceType<SearchParamsClass> {
    this.#searchParams ??= new this.#parts.URLSearchParams(this.#url.query ?? '', (query) =>
      this.#set('query', query === '' ? undefined : query),
    );
    return this.#searchParams;
  }

  get hash(): string {
    return this.#url.fragment ? `#${this.#url.fragment}` : '';
  }

  set hash(text: string) {
    const fragment = String(text).replace(/^#/, '');
    this.#set(
      'fragment',
      fragment === '' ? undefined : encodeKeeping(fragment, percentSets.fragment, this.#parts.hide),
    );
  }

  toString(): string {
    return this.href;
  }

  toJSON(): string {
    return this.href;
  }

  #parsePlace(text: string): UrlRecord | undefined {
    const { scheme } = this.#url;
    return /[@]/.test(text) || typeof this.#url.path === 'string'
      ? undefined
      : this.#parse(`${scheme}://${text.replace(/[/?#\\][\s\S]*$/, '')}/`);
  }

  #set<Field extends TextField>(field: Field, value: UrlRecord[Field]): void {
    this.#url = { ...this.#url, [field]: value };
  }

  #change(url: UrlRecord | undefined): void {
    if (url) this.#url = url;
  }

  #parse(text: string, base?: UrlRecord): UrlRecord | undefined {
    const hidden = this.#parts.hide(text);
    const url = parseUrl(hidden.text, base);
    return url && restored(url, hidden.restore);
  }
}

function invalid(): never {
  throw new TypeError('Invalid URL');
}

function encodeKeeping(text: string, set: string, hide: UrlParts['hide']): string {
  const hidden = hide(text);
  return hidden.restore(percentEncode(hidden.text, set));
}

function restored(url: UrlRecord, restore: (text: string) => string): UrlRecord {
  const { scheme, username, password, host, port, path, query, fragment } = url;
  return {
    scheme,
    username: restore(username),
    password: restore(password),
    host: host === undefined ? undefined : restore(host),
    port,
    path: typeof path === 'string' ? restore(path) : path.map(restore),
    query: query === undefined ? undefined : restore(query),
    fragment: fragment === undefined ? undefined : restore(fragment),
  };
}
