// RequestAuth of Postman's SDK: one list of fields for each type.
import { fieldOf, isObject, jsonOf } from './property.ts';
import { VariableList } from './variable.ts';

export class RequestAuth {
  type: unknown;
  [type: string]: unknown;

  constructor(definition?: unknown) {
    if (!isObject(definition)) return;
    const type = definition.type;
    if (typeof type === 'string') this.use(type);
    for (const [name, fields] of Object.entries(definition)) {
      if (name !== 'type') this.update(fields, name);
    }
  }

  update(fields: unknown, type: unknown = this.type): void {
    if (typeof type !== 'string' || type === 'type' || !isObject(fields)) return;
    this.#list(type).assimilate(listOf(fields));
  }

  use(type: unknown, fields?: unknown): void {
    if (typeof type !== 'string' || type === 'type') return;
    this.type = type;
    this.#list(type).assimilate(listOf(fields));
  }

  parameters(): VariableList | undefined {
    const fields = this[String(this.type)];
    return fields instanceof VariableList ? fields : undefined;
  }

  clear(type: unknown): void {
    const fields = this[String(type)];
    if (!(fields instanceof VariableList)) return;
    fields.clear();
    if (type !== this.type) delete this[String(type)];
  }

  toJSON(): Record<string, unknown> {
    return jsonOf(this);
  }

  #list(type: string): VariableList {
    const known = this[type];
    if (known instanceof VariableList) return known;
    const list = new VariableList();
    this[type] = list;
    return list;
  }
}

/** Fields as a list of `{ key, value }` or as a map. */
function listOf(fields: unknown): unknown {
  if (fields instanceof VariableList) return fields.members;
  if (Array.isArray(fields) || !isObject(fields)) return fields;
  return Object.entries(fields).map(([key, value]) => ({ key, value: fieldOf(value, 'value') ?? value }));
}
