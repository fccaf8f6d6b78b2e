// RequestBody of Postman's SDK.
import { textOf } from '../text-of.ts';
import { formParamKind } from './form-param.ts';
import { fieldOf, isObject, jsonOf } from './property.ts';
import { PropertyList } from './property-list.ts';
import { QueryParam, queryParamKind } from './query-param.ts';

const modes = ['raw', 'urlencoded', 'formdata', 'file', 'graphql'] as const;
export type BodyMode = (typeof modes)[number];

export class RequestBody {
  mode: unknown;
  raw: unknown;
  urlencoded: unknown;
  formdata: unknown;
  file: unknown;
  graphql: unknown;
  options: unknown;
  disabled: unknown;

  constructor(definition?: unknown) {
    this.update(definition);
  }

  update(definition: unknown): void {
    const given = typeof definition === 'string' ? { mode: 'raw', raw: definition } : definition;
    const name = fieldOf(given, 'mode');
    if (!name) return;
    const mode = modes.find((each) => each === textOf(name).toLowerCase()) ?? 'raw';
    const { raw, urlencoded, formdata, file, graphql, options, disabled } = given as Partial<RequestBody>;
    this.mode = mode;
    this.raw = mode === 'raw' ? raw || '' : raw;
    this.urlencoded =
      urlencoded || mode === 'urlencoded' ? new PropertyList(queryParamKind, fieldsOf(urlencoded)) : urlencoded;
    this.formdata = formdata || mode === 'formdata' ? new PropertyList(formParamKind, formdata) : formdata;
    this.file = typeof file === 'string' ? { src: file } : file;
    this.graphql = mode === 'graphql' ? (graphql ?? {}) : graphql;
    this.options = isObject(options) ? options : undefined;
    this.disabled = disabled;
  }

  isEmpty(): boolean {
    const data: unknown = modes.some((mode) => mode === this.mode) ? this[this.mode as BodyMode] : undefined;
    if (!data) return true;
    if (this.mode === 'file') return !(fieldOf(data, 'src') || fieldOf(data, 'content'));
    if (data instanceof PropertyList) return data.count() === 0;
    return isObject(data) && Object.keys(data).length === 0;
  }

  toString(): string {
    if (this.mode === 'urlencoded') return QueryParam.unparse(this.urlencoded);
    return this.mode === 'raw' && this.raw ? textOf(this.raw) : '';
  }

  toJSON(): Record<string, unknown> {
    return jsonOf(this);
  }
}

function fieldsOf(fields: unknown): unknown {
  if (typeof fields === 'string') return QueryParam.parse(fields);
  if (!isObject(fields) || Array.isArray(fields) || fields instanceof PropertyList) return fields;
  return Object.entries(fields).map(([key, value]) => ({ key, value }));
}
