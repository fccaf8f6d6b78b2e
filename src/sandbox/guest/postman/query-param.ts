// QueryParam of Postman's SDK: a field of a query or of a form.
import { fieldOf, hasField, isObject, Property } from './property.ts';
import { type MemberKind, PropertyList } from './property-list.ts';

interface Param {
  readonly key: string | null;
  readonly value: string | null;
}

export class QueryParam extends Property {
  key: unknown;
  value: unknown;
  declare system?: unknown;

  constructor(definition?: unknown) {
    super(definition);
    this.update(definition);
  }

  update(definition: unknown): void {
    const given = typeof definition === 'string' ? QueryParam.parseSingle(definition) : definition;
    this.key = fieldOf(given, 'key');
    this.value = fieldOf(given, 'value');
    if (hasField(given, 'system')) this.system = fieldOf(given, 'system');
  }

  override toString(): string {
    return QueryParam.unparseSingle(this);
  }

  override valueOf(): object {
    return (typeof this.value === 'string' ? this.value : '') as unknown as object;
  }

  static parse(query: unknown): Param[] {
    if (typeof query !== 'string') return [];
    const parts = query.split('&');
    // An empty part is a parameter without a name, only the last one is a name yet to come.
    return parts.map((part, index) =>
      part === '' && index < parts.length - 1 ? { key: null, value: null } : QueryParam.parseSingle(part),
    );
  }

  static parseSingle(param: string): Param {
    const equals = param.indexOf('=');
    if (equals < 0) return { key: param, value: null };
    return { key: param.slice(0, equals), value: param.slice(equals + 1) };
  }

  static unparse(params: unknown): string {
    if (!isObject(params)) return '';
    if (params instanceof PropertyList) return QueryParam.unparse(params.members);
    const list: unknown[] = Array.isArray(params)
      ? params.filter((param) => fieldOf(param, 'disabled') !== true)
      : Object.entries(params).map(([key, value]) => ({ key, value }));
    return list.map((param) => QueryParam.unparseSingle(param)).join('&');
  }

  static unparseSingle(param: unknown): string {
    const key = fieldOf(param, 'key');
    const value = fieldOf(param, 'value');
    const name = typeof key === 'string' ? escapeOutside(key, /[&#=]/g) : '';
    return typeof value === 'string' ? `${name}=${escapeOutside(value, /[&#]/g)}` : name;
  }
}

/** Escapes characters that would end the parameter, but not within `{{…}}`. */
function escapeOutside(text: string, reserved: RegExp): string {
  return text
    .split(/(\{\{[^{}]*?\}\})/)
    .map((part, index) => (index % 2 === 1 ? part : part.replace(reserved, (char) => encodeURIComponent(char))))
    .join('');
}

export const queryParamKind: MemberKind<QueryParam> = {
  Type: QueryParam,
  key: 'key',
  allowsMany: true,
  create: (definition) => new QueryParam(definition),
  parse: QueryParam.parse,
  unparse: QueryParam.unparse,
};
