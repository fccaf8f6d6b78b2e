import { isObject, type JsonObject, objectOr, textOf } from '../../collection/narrow.ts';
import { type Opening, own } from './opening.ts';

const NAME = /^[\p{L}_][\p{L}\p{N}._:-]{0,100}$/u;

/**
 * An example as XML: a property is an element, a list repeats its element. Of the schema's `xml` objects only names count;
 * what stands as an attribute, in a namespace or wrapped is noted.
 */
export function writeXml(value: unknown, schema: unknown, opening: Opening): string {
  return element(nameOf(schema, opening) ?? refName(schema) ?? 'root', value, { schema, opening, indent: '' });
}

interface Writing {
  readonly schema: unknown;
  readonly opening: Opening;
  readonly indent: string;
}

function element(name: string, value: unknown, writing: Writing): string {
  const { indent, opening } = writing;
  const schema = opening.resolveObject(writing.schema);
  if (Array.isArray(value)) {
    return value.map((item) => element(name, item, { ...writing, schema: schema.items })).join('\n');
  }
  if (!isObject(value)) return `${indent}<${name}>${escaped(textOf(value))}</${name}>`;
  const inner = Object.entries(value).map(([key, each]) => {
    const property = own(objectOr(schema.properties), key);
    const shown = nameOf(property, opening) ?? (NAME.test(key) ? key : 'item');
    return element(shown, each, { opening, schema: property, indent: `${indent}  ` });
  });
  if (inner.length === 0) return `${indent}<${name}/>`;
  return `${indent}<${name}>\n${inner.join('\n')}\n${indent}</${name}>`;
}

function nameOf(stated: unknown, opening: Opening): string | undefined {
  if (stated === undefined) return undefined;
  const xml: JsonObject = objectOr(opening.resolveObject(stated).xml);
  if (xml.attribute === true || xml.wrapped === true || xml.namespace !== undefined) {
    opening.note('XML attributes, wrappers and namespaces are not written into the example of the body');
  }
  return typeof xml.name === 'string' && NAME.test(xml.name) ? xml.name : undefined;
}

function refName(stated: unknown): string | undefined {
  const reference = isObject(stated) && typeof stated.$ref === 'string' ? stated.$ref : '';
  const name = reference.slice(reference.lastIndexOf('/') + 1);
  return NAME.test(name) ? name : undefined;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
