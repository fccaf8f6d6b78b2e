// Header and HeaderList of Postman's SDK.
import { textOf } from '../text-of.ts';
import { fieldOf, hasField, Property } from './property.ts';
import { type MemberKind, PropertyList } from './property-list.ts';

export class Header extends Property {
  key = '';
  value: unknown = '';
  declare system?: unknown;

  constructor(definition?: unknown, name?: unknown) {
    const given = typeof definition === 'string' ? headerOf(definition, name) : definition;
    super(given);
    this.update(given);
  }

  update(definition: unknown): void {
    this.key = textOf(fieldOf(definition, 'key') ?? '');
    this.value = hasField(definition, 'value') ? fieldOf(definition, 'value') : '';
    if (hasField(definition, 'system')) this.system = fieldOf(definition, 'system');
    if (hasField(definition, 'disabled')) this.disabled = Boolean(fieldOf(definition, 'disabled'));
  }

  override toString(): string {
    return `${this.key}: ${String(this.value)}`;
  }

  override valueOf(): object {
    return this.value as object;
  }

  static create(definition?: unknown, name?: unknown): Header {
    return new Header(definition, name);
  }

  static parse(text: string): { key: string; value: string }[] {
    const lines = text.replace(/\r\n([ \t])/g, '$1').matchAll(/^(\S+):(.*)$/gm);
    return [...lines].map(([, key = '', value = '']) => ({ key, value: value.trim() }));
  }

  static parseSingle(line: string): { key: string; value: string } {
    const colon = line.indexOf(':');
    const end = colon < 0 ? line.length : colon;
    return { key: line.slice(0, end).trim(), value: line.slice(end + 1).trim() };
  }

  static unparse(headers: readonly Header[] | HeaderList, separator = '\r\n'): string {
    const members = headers instanceof PropertyList ? headers.members : headers;
    return members.map((header) => (header.disabled ? '' : `${Header.unparseSingle(header)}${separator}`)).join('');
  }

  static unparseSingle(header: Header): string {
    return `${header.key}: ${String(header.value)}`;
  }

  static isHeader(value: unknown): boolean {
    return value instanceof Header;
  }
}

function headerOf(text: string, name: unknown): unknown {
  return typeof name === 'string' ? { key: name, value: text } : Header.parseSingle(text);
}

const headerKind: MemberKind<Header> = {
  Type: Header,
  key: 'key',
  ignoresCase: true,
  allowsMany: true,
  create: (definition, name) => new Header(definition, name),
  parse: Header.parse,
  unparse: Header.unparse,
};

export class HeaderList extends PropertyList<Header> {
  constructor(_parent?: unknown, headers?: unknown) {
    super(headerKind, listOf(headers));
  }

  contentSize(): number {
    return Header.unparse(this).length;
  }

  static isHeaderList(value: unknown): boolean {
    return value instanceof HeaderList;
  }
}

/** A map of names to values, as `pm.sendRequest({ header: { Accept: '…' } })` has it, is taken too. */
function listOf(headers: unknown): unknown {
  if (typeof headers !== 'object' || headers === null || Array.isArray(headers)) return headers;
  if (headers instanceof PropertyList || hasField(headers, 'key')) return headers;
  return Object.entries(headers).map(([key, value]: [string, unknown]) => ({ key, value }));
}
