import { isObject, listOr } from '../../collection/narrow.ts';
import { type Opening, own } from './opening.ts';

/** A value that the file states for a schema: an example, or one that the schema allows (const, default, enum). */
export interface Stated {
  readonly value: unknown;
  readonly from: 'example' | 'schema';
}

/** Deeper lists of lists and compositions are no parameters. */
const MAX_LEVELS = 4;

/** What the schema itself states, not its parts. */
export function ownValue(schema: unknown, opening: Opening): Stated | undefined {
  if (!isObject(schema)) return undefined;
  const example = schema.example ?? listOr(schema.examples)[0] ?? schema['x-example'];
  if (example !== undefined) return admitted({ value: example, from: 'example' }, opening);
  const value = schema.const ?? schema.default ?? listOr(schema.enum)[0];
  return value === undefined ? undefined : admitted({ value, from: 'schema' }, opening);
}

/** The value that an object with `example` or `examples` states: a parameter or a media type of OpenAPI 3. */
export function exampleOf(stated: unknown, opening: Opening): Stated | undefined {
  if (!isObject(stated)) return undefined;
  if (stated.example !== undefined) return admitted({ value: stated.example, from: 'example' }, opening);
  const { examples } = stated;
  if (!isObject(examples)) return undefined;
  for (const name of Object.keys(examples)) {
    const example = opening.resolveObject(own(examples, name));
    if (example.value !== undefined) return admitted({ value: example.value, from: 'example' }, opening);
    if (example.externalValue !== undefined) opening.note('an example of it stands elsewhere, which is not read');
  }
  return undefined;
}

/** What a schema or its items state: never made up. */
export function schemaValue(stated: unknown, opening: Opening, levels = MAX_LEVELS): Stated | undefined {
  const schema = opening.resolveObject(stated);
  const value = ownValue(schema, opening);
  if (value !== undefined || levels === 0) return value;
  if (schema.items !== undefined) {
    const item = schemaValue(schema.items, opening, levels - 1);
    return item && { value: [item.value], from: item.from };
  }
  for (const part of [schema.allOf, schema.oneOf, schema.anyOf].flatMap(listOr).slice(0, 10)) {
    const found = schemaValue(part, opening, levels - 1);
    if (found) return found;
  }
  return undefined;
}

function admitted(stated: Stated, opening: Opening): Stated | undefined {
  return opening.admit(stated.value) ? stated : undefined;
}
