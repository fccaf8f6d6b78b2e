// Objects that describe a field and hold no value of it: JSON Schema, and the security schemes of OpenAPI. `client_secret` in a
// schema's `properties` is the name of a field that someone else has.

const TYPES = /^(?:string|number|integer|boolean|object|array|null)$/;
const WORD = /^[\w./+:-]{1,60}$/;

/** `levels`: how many more objects may stand inside of each other. */
type Test = (value: unknown, levels: number) => boolean;

const isText: Test = (value) => typeof value === 'string';
const isFlag: Test = (value) => typeof value === 'boolean';
const isSize: Test = (value) => typeof value === 'number' || typeof value === 'boolean';
const isWord: Test = (value) => typeof value === 'string' && WORD.test(value);
const isType: Test = (value) => typeof value === 'string' && TYPES.test(value);
const isSchema: Test = (value, levels) => isFlag(value, levels) || hasOnly(value, schemaWords, tellsSchema, levels);
const isFlow: Test = (value, levels) => hasOnly(value, flowWords, tellsFlow, levels);
const listOf =
  (test: Test): Test =>
  (value, levels) =>
    Array.isArray(value) && value.every((item) => test(item, levels));
const mapOf =
  (test: Test): Test =>
  (value, levels) =>
    isObject(value) && Object.values(value).every((item) => test(item, levels));
const either =
  (one: Test, other: Test): Test =>
  (value, levels) =>
    one(value, levels) || other(value, levels);

type Words = Readonly<Record<string, Test>>;

function each(names: string, test: Test): Words {
  return Object.fromEntries(names.split(' ').map((name) => [name, test]));
}

// None of `default`, `example`, `examples`, `const` and `enum`, which hold values.
const schemaWords: Words = {
  type: either(isType, listOf(isType)),
  format: isWord,
  ...each('$ref $id $schema $anchor $dynamicRef description title $comment pattern', isText),
  ...each('nullable readOnly writeOnly deprecated uniqueItems', isFlag),
  ...each('minLength maxLength minimum maximum exclusiveMinimum exclusiveMaximum multipleOf', isSize),
  ...each('minItems maxItems minContains maxContains minProperties maxProperties', isSize),
  ...each('contentEncoding contentMediaType', isWord),
  required: either(isFlag, listOf(isText)),
  ...each('properties patternProperties $defs definitions dependentSchemas', mapOf(isSchema)),
  ...each('items not if then else contains additionalProperties propertyNames unevaluatedProperties', isSchema),
  ...each('allOf anyOf oneOf prefixItems', listOf(isSchema)),
};
const tellsSchema = /^(?:type|\$ref|properties|items|allOf|anyOf|oneOf)$/;

const SCHEMES = /^(?:apiKey|http|mutualTLS|oauth2|openIdConnect|basic)$/;
const schemeWords: Words = {
  type: (value) => typeof value === 'string' && SCHEMES.test(value),
  ...each('scheme bearerFormat in name', isWord),
  ...each('description openIdConnectUrl authorizationUrl tokenUrl flow', isText),
  flows: mapOf(isFlow),
  scopes: mapOf(isText),
};
const tellsScheme = /^type$/;

const flowWords: Words = { ...each('authorizationUrl tokenUrl refreshUrl', isText), scopes: mapOf(isText) };
const tellsFlow = /^(?:authorizationUrl|tokenUrl)$/;

const MOST_LEVELS = 30;

/** Whether an object has only members that describe a field: a JSON Schema, an OpenAPI security scheme, or a flow of one. */
export function isDescription(value: unknown): boolean {
  return (
    hasOnly(value, schemaWords, tellsSchema, MOST_LEVELS) ||
    hasOnly(value, schemeWords, tellsScheme, MOST_LEVELS) ||
    isFlow(value, MOST_LEVELS)
  );
}

function hasOnly(value: unknown, words: Words, telling: RegExp, levels: number): boolean {
  if (levels === 0 || !isObject(value)) return false;
  const members = Object.entries(value);
  return (
    members.some(([name]) => telling.test(name)) &&
    members.every(([name, child]) => Object.hasOwn(words, name) && words[name]?.(child, levels - 1) === true)
  );
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const FLOW =
  /^\{\s*["']?(?:type|\$ref)["']?\s*:\s*["']?(?:string|number|integer|boolean|object|array|null|#\/[\w/.-]{1,200})["']?\s*(?:,\s*["']?(?:format|minLength|maxLength|minimum|maximum|nullable|readOnly|writeOnly|deprecated)["']?\s*:\s*(?:\d{1,9}|true|false|["']?[a-z]{1,12}(?:-[a-z]{1,12})?["']?)\s*){0,8},?\s*\}$/;

/** The same of an object as JavaScript or YAML write it, without names inside: `{type: string, minLength: 8}`. */
export function isFlowDescription(text: string): boolean {
  return text.length <= 600 && FLOW.test(text);
}
