import { isObject, type JsonObject, listOr, objectOr, textOf } from '../../collection/narrow.ts';
import { sealBody } from '../../collection/seal-literals.ts';
import type { Template } from '../../template/template.ts';
import { describeValues } from './describe-values.ts';
import { literalText, literalValue, referenceTo } from './literal-values.ts';
import { type Opening, own } from './opening.ts';
import { sampleOf } from './sample.ts';
import { exampleOf, type Stated, schemaValue } from './stated-values.ts';
import { type Pair, type Style, stylePairs } from './styles.ts';

export interface FormField {
  readonly name: string;
  readonly value: Template;
  readonly enabled: boolean;
  readonly isFile: boolean;
  readonly contentType?: string;
  readonly description?: string;
}

interface FormProperty {
  readonly name: string;
  readonly schema: JsonObject;
  readonly required: boolean;
  readonly stated: Stated | undefined;
  readonly encoding: JsonObject;
}

const MAX_FIELDS = 500;
const MAX_PARTS = 10;

/**
 * The fields of a form. As of parameters, an optional one without an example is there but disabled, and a required one
 * without any value refers to a variable of its own name.
 */
export function formFields(mediaType: JsonObject, opening: Opening): FormField[] {
  const encodings = objectOr(mediaType.encoding);
  const whole = exampleOf(mediaType, opening) ?? exampleOf(opening.resolveObject(mediaType.schema), opening);
  const { properties, required } = describedProperties(mediaType.schema, opening);
  const given = objectOr(whole?.value);
  const names = [...new Set([...properties.keys(), ...Object.keys(given)])].slice(0, MAX_FIELDS);
  return names.flatMap((name): FormField[] => {
    const schema = opening.resolveObject(properties.get(name));
    if (schema.readOnly === true) return [];
    const example = own(given, name);
    const stated =
      example === undefined ? schemaValue(schema, opening) : ({ value: example, from: 'example' } as const);
    return fieldsOf(
      { name, schema, required: required.has(name), stated, encoding: objectOr(own(encodings, name)) },
      opening,
    );
  });
}

/** The properties of an object and of what it is composed of. */
function describedProperties(stated: unknown, opening: Opening, levels = 4) {
  const schema = opening.resolveObject(stated);
  const properties = new Map<string, unknown>();
  const required = new Set<unknown>();
  const parts = [...listOr(schema.allOf), listOr(schema.oneOf)[0], listOr(schema.anyOf)[0]];
  for (const part of levels > 0 ? parts.slice(0, MAX_PARTS) : []) {
    const inner = describedProperties(part, opening, levels - 1);
    for (const [name, property] of inner.properties) properties.set(name, property);
    for (const name of inner.required) required.add(name);
  }
  const own = objectOr(schema.properties);
  for (const name of Object.keys(own).slice(0, MAX_FIELDS)) properties.set(name, own[name]);
  for (const name of listOr(schema.required)) required.add(name);
  return { properties, required };
}

function fieldsOf(property: FormProperty, opening: Opening): FormField[] {
  const { name, schema, required, stated, encoding } = property;
  const enabled = required || stated?.from === 'example';
  const description = describeValues(name, schema.description, schema.enum);
  const contentType =
    typeof encoding.contentType === 'string' ? encoding.contentType.split(',', 1)[0]?.trim() : undefined;
  const shared = { enabled, ...description, ...(contentType !== undefined && { contentType }) };
  if (isBinary(schema, opening)) return [{ name, value: [], isFile: true, ...shared }];
  return pairsOf(property, opening).map(([key, value]) => ({ name: key, value, isFile: false, ...shared }));
}

/** A file of OpenAPI 3.0 (`format: binary`) or 3.1 (`contentMediaType` without an encoding), or a list of them. */
function isBinary(schema: JsonObject, opening: Opening): boolean {
  if (schema.type === 'array')
    return isBinary({ ...opening.resolveObject(schema.items), items: undefined, type: 'string' }, opening);
  if (schema.format === 'binary') return true;
  return typeof schema.contentMediaType === 'string' && schema.contentEncoding === undefined;
}

function pairsOf({ name, schema, required, stated, encoding }: FormProperty, opening: Opening): readonly Pair[] {
  const input = { name, encoding: 'none', secret: false } as const;
  if (stated === undefined) return [[name, missingValue(name, schema, required, opening)]];
  const style = STYLES.find((each) => each === encoding.style);
  // Without a style an object is sent as JSON, and each item of a list as a field.
  if (style === undefined && isObject(stated.value)) return [[name, literalText(stated.value, input)]];
  const explode = typeof encoding.explode === 'boolean' ? encoding.explode : (style ?? 'form') === 'form';
  return stylePairs({ name, style: style ?? 'form', explode, inUrl: false }, literalValue(stated.value, input));
}

const STYLES: readonly Style[] = ['form', 'spaceDelimited', 'pipeDelimited', 'deepObject'];

/** A variable of the field's name; an object is made up from its schema, because no one text could be given for it. */
function missingValue(name: string, schema: JsonObject, required: boolean, opening: Opening): Template {
  if (!required) return [];
  return isObject(schema.properties) ? sealBody(textOf(sampleOf(schema, opening))) : referenceTo(name);
}
