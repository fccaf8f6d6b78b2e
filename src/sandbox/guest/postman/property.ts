// What the classes of Postman's collection SDK have in common.

/** Anything that a script hands over. */
export type Definition = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Definition {
  return typeof value === 'object' && value !== null;
}

/** A field of what may be no object at all. */
export function fieldOf(value: unknown, name: string): unknown {
  return isObject(value) ? value[name] : undefined;
}

export function hasField(value: unknown, name: string): boolean {
  return isObject(value) && Object.hasOwn(value, name);
}

/** An element of a collection: it may be disabled and described. */
export class Property {
  declare id?: string;
  declare name?: string;
  declare disabled?: boolean;
  declare description?: unknown;

  constructor(definition?: unknown) {
    if (!isObject(definition)) return;
    if (typeof definition.id === 'string') this.id = definition.id;
    if (typeof definition.name === 'string') this.name = definition.name;
    if (hasField(definition, 'disabled')) this.disabled = Boolean(definition.disabled);
    if (hasField(definition, 'description')) this.description = definition.description;
  }

  toJSON(): Record<string, unknown> {
    return jsonOf(this);
  }
}

/** The own fields; lists of the SDK lose the plural of their name, as in Postman's files. */
export function jsonOf(source: object): Record<string, unknown> {
  const json: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(source) as [string, unknown][]) {
    if (value === undefined || typeof value === 'function') continue;
    const toJson = fieldOf(value, 'toJSON');
    const isList = fieldOf(value, 'isPropertyList') === true;
    json[isList && name.endsWith('s') ? name.slice(0, -1) : name] =
      typeof toJson === 'function' ? (Reflect.apply(toJson, value, []) as unknown) : value;
  }
  return json;
}
