import { isObject, type JsonObject, listOr } from '../../collection/narrow.ts';
import type { Opening } from './opening.ts';

export type ParameterPlace = 'path' | 'query' | 'header' | 'cookie' | 'body' | 'formData';

export interface Parameter {
  readonly name: string;
  readonly in: ParameterPlace;
  readonly required: boolean;
  /** As the file has it, references followed. */
  readonly stated: JsonObject;
}

const PLACES: ReadonlySet<unknown> = new Set(['path', 'query', 'header', 'cookie', 'body', 'formData']);
const MAX_PARAMETERS = 1_000;

/** The parameters of an operation and of its path, in this order; the operation's replace those of the path with the same name and place. */
export function effectiveParameters(item: JsonObject, operation: JsonObject, opening: Opening): Parameter[] {
  const found = new Map<string, Parameter>();
  const all = [...listOr(item.parameters), ...listOr(operation.parameters)];
  if (all.length > MAX_PARAMETERS) opening.note(`only its first ${MAX_PARAMETERS} parameters are read`);
  for (const stated of all.slice(0, MAX_PARAMETERS)) {
    const parameter = readParameter(opening.resolve(stated), opening);
    if (parameter) found.set(`${parameter.in}:${parameter.name}`, parameter);
  }
  return [...found.values()];
}

function readParameter(stated: unknown, opening: Opening): Parameter | undefined {
  // What does not resolve has been noted.
  if (stated === undefined) return undefined;
  if (!isObject(stated) || typeof stated.name !== 'string' || !isPlace(stated.in)) {
    opening.note('a parameter has no name or no place and is left out');
    return undefined;
  }
  const { name } = stated;
  if (opening.major === 3 && stated.in === 'header' && /^(?:accept|content-type|authorization)$/i.test(name)) {
    opening.note('header parameters named Accept, Content-Type and Authorization are ignored, as OpenAPI 3 says');
    return undefined;
  }
  return { name, in: stated.in, required: stated.required === true || stated.in === 'path', stated };
}

function isPlace(place: unknown): place is ParameterPlace {
  return PLACES.has(place);
}
