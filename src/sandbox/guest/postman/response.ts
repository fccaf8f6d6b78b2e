// Response of Postman's SDK: `pm.response`, and what `pm.sendRequest` gives.

import { btoa } from '../libraries/base64.ts';
import { encodeUtf8 } from '../libraries/utf8.ts';
import { textOf } from '../text-of.ts';
import { CookieList } from './cookie.ts';
import { HeaderList } from './header.ts';
import { isObject, jsonOf, Property } from './property.ts';
import { reasonPhrases } from './reasons.ts';

interface Details {
  readonly name: string;
  readonly detail: string;
  readonly code: number;
  readonly standardName: string;
}

interface ContentInfo {
  readonly contentType: string;
  readonly mimeType: string;
  readonly mimeFormat: string;
  readonly charset: string;
  readonly fileName: string;
}

export class Response extends Property {
  /** This and the next are undefined where there was no answer. */
  readonly code: number | undefined;
  readonly status: string | undefined;
  readonly headers: HeaderList;
  readonly cookies: CookieList;
  /** Of an answer that was received it is not there: `text()` is how to read it. */
  declare readonly body?: unknown;
  readonly responseTime: number | undefined;
  readonly responseSize: number | undefined;
  /** Bytes of the body, where `Buffer` is there to hold them. */
  declare stream?: unknown;
  declare originalRequest?: unknown;
  readonly #text: string | undefined;
  /** The text without marks of live references, for computing on it. */
  readonly #shown: () => string;

  constructor(definition?: unknown) {
    super(definition);
    const given = isObject(definition) ? definition : {};
    this.code = numberOf(given.code);
    const reason = textOf(given.reason ?? given.status ?? '');
    this.status = reason || (this.code === undefined ? undefined : (reasonPhrases[this.code] ?? ''));
    this.headers = new HeaderList(this, given.header);
    this.cookies = new CookieList(this, given.cookie);
    const { body, received, shown } = given;
    if (body !== undefined) this.body = body;
    this.#text = bodyText(received ?? body);
    this.#shown = typeof shown === 'function' ? (shown as () => string) : () => this.#text ?? '';
    this.responseTime = numberOf(given.responseTime);
    this.responseSize = numberOf(given.responseSize ?? this.#text?.length);
  }

  text(): string | undefined {
    return this.#text;
  }

  json(reviver?: (this: unknown, key: string, value: unknown) => unknown): unknown {
    return parseJson(this.text(), reviver);
  }

  jsonp(reviver?: (this: unknown, key: string, value: unknown) => unknown): unknown {
    const text = this.text()
      ?.replace(/^[^{(].*\(/, '')
      .replace(/\)[^}].*$|\)$/, '');
    return parseJson(text, reviver);
  }

  reason(): string {
    return this.status ?? '';
  }

  details(): Details {
    const { code = 0, status: name = '' } = this;
    return { name, detail: '', code, standardName: reasonPhrases[code] ?? name };
  }

  size(): { body: number; header: number; total: number } {
    const line = `HTTP/X.X ${this.code} ${this.reason()}\r\n\r\n`;
    const header = line.length + this.headers.contentSize();
    const body = this.responseSize ?? 0;
    return { body, header, total: body + header };
  }

  encoding(): { format: unknown; source: string | undefined } {
    const format = this.headers.get('Content-Encoding');
    return { format, source: format === undefined ? undefined : 'header' };
  }

  contentInfo(): ContentInfo {
    const contentType = textOf(this.headers.get('Content-Type') ?? 'text/plain');
    const [essence = '', ...parameters] = contentType.split(';').map((part) => part.trim());
    const [type = 'text', subtype = ''] = essence.toLowerCase().split('/');
    const charset = parameters
      .map((part) => /^charset="?([^"]+)/i.exec(part)?.[1])
      .find((found) => found !== undefined);
    const [, fileName] = /filename="?([^";]+)/i.exec(textOf(this.headers.get('Content-Disposition') ?? '')) ?? [];
    const format = formats.find(({ pattern }) => pattern.test(subtype));
    return {
      contentType,
      mimeType: format === undefined ? type : 'text',
      mimeFormat: format?.name ?? 'plain',
      charset: charset ?? 'utf8',
      fileName: fileName ?? 'response',
    };
  }

  mime(): never {
    throw new Error('`Response#mime` has been discontinued, use `Response#contentInfo` instead.');
  }

  dataURI(): string {
    const bytes = Array.from(encodeUtf8(this.#shown()), (byte) => String.fromCharCode(byte));
    return `data:${this.contentInfo().contentType};base64, ${btoa(bytes.join(''))}`;
  }

  override toJSON(): Record<string, unknown> {
    return jsonOf(this);
  }

  static isResponse(value: unknown): boolean {
    return value instanceof Response;
  }
}

const formats = [
  { pattern: /json/, name: 'json' },
  { pattern: /html/, name: 'html' },
  { pattern: /xml/, name: 'xml' },
  { pattern: /javascript|ecmascript/, name: 'script' },
  { pattern: /yaml/, name: 'yaml' },
];

function numberOf(given: unknown): number | undefined {
  return given === undefined ? undefined : Number(given);
}

function bodyText(body: unknown): string | undefined {
  return body === undefined || body === null ? undefined : textOf(body);
}

function parseJson(
  text: string | undefined,
  reviver?: (this: unknown, key: string, value: unknown) => unknown,
): unknown {
  try {
    return JSON.parse((text ?? '').replace(/^\uFEFF/, ''), reviver) as unknown;
  } catch (thrown) {
    // The name that Postman's assertions look for.
    const error = new Error(thrown instanceof Error ? thrown.message : 'Not JSON');
    error.name = 'JSONError';
    throw error;
  }
}
