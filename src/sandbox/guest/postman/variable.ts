// Variable and VariableList of Postman's SDK: the fields of an authentication, the variables of a path, those of a scope.
import { textOf } from '../text-of.ts';
import { fieldOf, hasField, isObject, Property } from './property.ts';
import { type MemberKind, PropertyList } from './property-list.ts';

export class Variable extends Property {
  key: unknown;
  type = 'any';
  value: unknown;

  constructor(definition?: unknown) {
    super(definition);
    this.key = fieldOf(definition, 'key') ?? fieldOf(definition, 'id');
    this.update(definition);
  }

  update(definition: unknown): void {
    const type = fieldOf(definition, 'type');
    if (typeof type === 'string') this.type = type;
    if (hasField(definition, 'value')) this.set(fieldOf(definition, 'value'));
    if (hasField(definition, 'disabled')) this.disabled = Boolean(fieldOf(definition, 'disabled'));
  }

  get(): unknown {
    return this.value;
  }

  set(value: unknown): void {
    this.value = castVariable(value, this.type);
  }

  override valueOf(): object {
    return this.value as object;
  }

  override toString(): string {
    return this.value === undefined ? '' : textOf(this.value);
  }
}

const casts: Readonly<Record<string, (value: unknown) => unknown>> = {
  string: String,
  boolean: Boolean,
  number: Number,
  array: parsedJson,
  object: parsedJson,
};

/** The value as a variable of Postman's `type` gives it back; an unknown type changes nothing. */
export function castVariable(value: unknown, type: string): unknown {
  const cast = Object.hasOwn(casts, type) ? casts[type] : undefined;
  return cast === undefined || value === undefined ? value : cast(value);
}

function parsedJson(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return undefined;
  }
}

const variableKind: MemberKind<Variable> = {
  Type: Variable,
  key: 'key',
  create: (definition) => new Variable(definition),
};

export class VariableList extends PropertyList<Variable> {
  constructor(_parent?: unknown, variables?: unknown) {
    super(variableKind, isPlain(variables) ? undefined : variables);
    if (isPlain(variables)) this.syncFromObject(variables);
  }

  syncFromObject(object: unknown): void {
    if (!isObject(object)) return;
    for (const [key, value] of Object.entries(object)) this.upsert({ key, value });
  }

  syncToObject(object: Record<string, unknown> = {}): Record<string, unknown> {
    return Object.assign(object, this.toObject());
  }
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return isObject(value) && !Array.isArray(value) && !(value instanceof PropertyList) && !hasField(value, 'key');
}
