// Request of Postman's SDK: `pm.request`, and what `pm.sendRequest` is given.

import { encodeUtf8 } from '../libraries/utf8.ts';
import { textOf } from '../text-of.ts';
import { type Header, HeaderList } from './header.ts';
import { fieldOf, hasField, jsonOf, Property } from './property.ts';
import { RequestAuth } from './request-auth.ts';
import { RequestBody } from './request-body.ts';
import { Url } from './url.ts';

interface HeaderOptions {
  readonly ignoreCase?: boolean;
  readonly enabled?: boolean;
  readonly multiValue?: boolean;
  readonly sanitizeKeys?: boolean;
}

export class Request extends Property {
  method = 'GET';
  url: Url = new Url();
  headers: HeaderList = new HeaderList();
  declare body?: RequestBody;
  declare auth?: RequestAuth;

  constructor(definition?: unknown) {
    const given = typeof definition === 'string' ? { url: definition } : definition;
    super(given);
    this.update(given);
  }

  update(definition: unknown): void {
    if (hasField(definition, 'url')) this.url.update(fieldOf(definition, 'url'));
    // `headers` is not Postman's word in a definition, but scripts write it, and mean the same.
    const header = fieldOf(definition, 'header') ?? fieldOf(definition, 'headers');
    if (header) this.headers = new HeaderList(this, header);
    if (hasField(definition, 'method')) this.method = textOf(fieldOf(definition, 'method') ?? 'GET').toUpperCase();
    const body = fieldOf(definition, 'body');
    if (body) this.body = new RequestBody(body);
    const auth = fieldOf(definition, 'auth');
    if (auth) this.auth = new RequestAuth(auth);
  }

  authorizeUsing(type: unknown, fields?: unknown): void {
    if (type === null) {
      delete this.auth;
      return;
    }
    const name = typeof type === 'object' ? fieldOf(type, 'type') : type;
    this.auth ??= new RequestAuth();
    this.auth.clear(name);
    this.auth.use(name, typeof type === 'object' && fields === undefined ? withoutType(type) : fields);
  }

  getHeaders(options: HeaderOptions = {}): Record<string, unknown> {
    return this.headers.toObject(options.enabled, !options.ignoreCase, options.multiValue, options.sanitizeKeys);
  }

  forEachHeader(callback: (header: Header, request: Request) => unknown): void {
    for (const header of this.headers.all()) callback(header, this);
  }

  addHeader(header: unknown): void {
    this.headers.add(header);
  }

  removeHeader(header: unknown, options: HeaderOptions = {}): void {
    const name = typeof header === 'string' ? header : fieldOf(header, 'key');
    if (typeof name !== 'string' || name === '') return;
    const normal = (text: string): string => (options.ignoreCase ? text.toLowerCase() : text);
    this.headers.remove((each: Header) => normal(each.key) === normal(name));
  }

  upsertHeader(header: unknown): void {
    const name = fieldOf(header, 'key');
    if (!name) return;
    const existing = this.headers.members.find((each) => each.key === name);
    if (existing) existing.value = fieldOf(header, 'value');
    else this.headers.add(header);
  }

  addQueryParams(params: unknown): void {
    this.url.addQueryParams(params);
  }

  removeQueryParams(params: unknown): void {
    this.url.removeQueryParams(params);
  }

  size(): { body: number; header: number; total: number; source: string } {
    const declared = Number.parseInt(String(this.headers.get('Content-Length')), 10);
    const isDeclared = Number.isFinite(declared);
    const body = isDeclared ? declared : encodeUtf8(this.body?.toString() ?? '').length;
    const line = `${this.method} ${this.url.getPathWithQuery()} HTTP/X.X\r\n\r\n`;
    const header = line.length + this.headers.contentSize();
    return { body, header, total: body + header, source: isDeclared ? 'CONTENT-LENGTH' : 'COMPUTED' };
  }

  clone(): Request {
    return new Request(this.toJSON());
  }

  override toJSON(): Record<string, unknown> {
    const json = jsonOf(this);
    if (this.headers.members.length === 0) delete json.header;
    return json;
  }

  static isRequest(value: unknown): boolean {
    return value instanceof Request;
  }
}

function withoutType(fields: unknown): Record<string, unknown> {
  const { type: _, ...rest } = fields as Record<string, unknown>;
  return rest;
}
