import { isObject, type JsonObject, listOr, objectOr } from '../../collection/narrow.ts';
import { plainTemplate } from '../../template/lex.ts';
import type { Template } from '../../template/template.ts';
import { describeValues } from './describe-values.ts';
import { joinText } from './join-text.ts';
import { type Encoding, literalText, literalValue, referenceTo } from './literal-values.ts';
import { type Opening, own } from './opening.ts';
import type { Parameter } from './parameters.ts';
import { exampleOf, type Stated, schemaValue } from './stated-values.ts';
import { type Style, type StyledValue, type Styling, stylePairs, styleText } from './styles.ts';

/** One name and value that a parameter becomes; the value is encoded for its place, its secrets are sealed. */
export interface ParameterField {
  readonly name: string;
  readonly value: Template;
  readonly enabled: boolean;
  readonly description?: string;
}

/**
 * What a parameter is sent as in a query or a cookie. An optional one without an example is there but disabled; a
 * required one without any value refers to a variable of its own name, so that leaving it out fails clearly.
 */
export function pairFields(parameter: Parameter, opening: Opening): ParameterField[] {
  const styling = stylingOf(parameter);
  const schema = schemaOf(parameter, opening);
  const stated = statedOf(parameter, schema, opening);
  const description = descriptionOf(parameter, schema, opening);
  const properties = objectOr(schema.properties);
  const spread = styling.style === 'deepObject' || (styling.style === 'form' && styling.explode);
  if (stated === undefined && spread && Object.keys(properties).length > 0 && !isContent(parameter)) {
    return propertyFields(parameter, styling, schema, opening);
  }
  const enabled = parameter.required || stated?.from === 'example';
  const value = styledValue(parameter, stated, opening);
  return stylePairs(styling, value).map(([name, text]) => ({ name, value: joinText(text), enabled, ...description }));
}

/** The text of a parameter in the path or a header, in the same way. */
export function textField(parameter: Parameter, opening: Opening): ParameterField {
  const schema = schemaOf(parameter, opening);
  const stated = statedOf(parameter, schema, opening);
  return {
    name: parameter.name,
    value: joinText(styleText(stylingOf(parameter), styledValue(parameter, stated, opening))),
    enabled: parameter.required || stated?.from === 'example',
    ...descriptionOf(parameter, schema, opening),
  };
}

const MAX_PROPERTIES = 100;

/** An object of which only the properties are described: a field for each. */
function propertyFields(
  parameter: Parameter,
  styling: Styling,
  schema: JsonObject,
  opening: Opening,
): ParameterField[] {
  const required = new Set(listOr(schema.required));
  return Object.entries(objectOr(schema.properties))
    .slice(0, MAX_PROPERTIES)
    .flatMap(([key, property]): ParameterField[] => {
      const needed = parameter.required && required.has(key);
      const part: Parameter = { ...parameter, name: key, required: needed };
      const stated = schemaValue(property, opening);
      const value = styledValue(part, stated, opening);
      const pairs =
        styling.style === 'deepObject'
          ? stylePairs(styling, { kind: 'record', entries: [[key, textOfStyled(value)]] })
          : stylePairs({ ...styling, name: key }, value);
      const enabled = needed || stated?.from === 'example';
      const { description, enum: allowed } = opening.resolveObject(property);
      return pairs.map(([name, text]) => ({
        name,
        value: joinText(text),
        enabled,
        ...describeValues(key, description, allowed),
      }));
    });
}

function textOfStyled(value: StyledValue): Template {
  return styleText({ name: '', style: 'simple', explode: false, inUrl: true }, value);
}

function isContent({ stated }: Parameter): boolean {
  return isObject(stated.content);
}

function schemaOf({ stated }: Parameter, opening: Opening): JsonObject {
  if (opening.major === 2) return stated;
  return opening.resolveObject(stated.schema ?? mediaTypeOf(stated).schema);
}

function mediaTypeOf(stated: JsonObject): JsonObject {
  return objectOr(Object.values(objectOr(stated.content))[0]);
}

function statedOf({ stated }: Parameter, schema: JsonObject, opening: Opening): Stated | undefined {
  return exampleOf(stated, opening) ?? exampleOf(mediaTypeOf(stated), opening) ?? schemaValue(schema, opening);
}

function descriptionOf({ name, stated }: Parameter, schema: JsonObject, opening: Opening) {
  const items = schema.items === undefined ? {} : opening.resolveObject(schema.items);
  return describeValues(name, stated.description ?? schema.description, schema.enum ?? own(items, 'enum'));
}

function styledValue(parameter: Parameter, stated: Stated | undefined, opening: Opening): StyledValue {
  const { name, required } = parameter;
  if (stated === undefined) return { kind: 'scalar', text: required ? referenceTo(name) : plainTemplate('') };
  const input = { name, encoding: encodingOf(parameter), secret: parameter.in === 'cookie' };
  const whole = isContent(parameter) || (opening.major === 2 && !Array.isArray(stated.value));
  return whole ? { kind: 'scalar', text: literalText(stated.value, input) } : literalValue(stated.value, input);
}

function encodingOf({ in: place, stated }: Parameter): Encoding {
  if (place === 'header' || place === 'formData') return 'none';
  return place === 'query' && stated.allowReserved === true ? 'keep-reserved' : 'component';
}

const STYLES: ReadonlySet<unknown> = new Set<Style>([
  'matrix',
  'label',
  'form',
  'simple',
  'spaceDelimited',
  'pipeDelimited',
  'deepObject',
]);

/** collectionFormat of Swagger 2 in the terms of OpenAPI 3. */
const FORMATS: Readonly<Record<string, Style>> = {
  csv: 'form',
  multi: 'form',
  ssv: 'spaceDelimited',
  tsv: 'tabDelimited',
  pipes: 'pipeDelimited',
};

function stylingOf({ name, in: place, stated }: Parameter): Styling {
  const inUrl = place === 'path' || place === 'query' || place === 'cookie';
  const inPairs = place === 'query' || place === 'cookie' || place === 'formData';
  const format = typeof stated.collectionFormat === 'string' ? stated.collectionFormat : undefined;
  const swagger = stated.schema === undefined && stated.content === undefined && stated.style === undefined;
  if (swagger && (format !== undefined || stated.type !== undefined)) {
    const style = own(FORMATS, format ?? 'csv');
    return {
      name,
      style: isStyle(style) || style === 'tabDelimited' ? style : 'form',
      explode: format === 'multi',
      inUrl,
    };
  }
  const style = isStyle(stated.style) ? stated.style : inPairs ? 'form' : 'simple';
  const explode = typeof stated.explode === 'boolean' ? stated.explode : style === 'form';
  return { name, style, explode, inUrl };
}

function isStyle(style: unknown): style is Style {
  return STYLES.has(style);
}
