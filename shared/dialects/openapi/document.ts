import { findJsonError } from '../../collection/json-error.ts';
import { createJsonLocator, type TextPlace } from '../../collection/json-place.ts';
import { isObject, type JsonObject, objectOr, textOf } from '../../collection/narrow.ts';
import { createYamlLocator, readYaml } from '../../collection/yaml.ts';
import { failure } from '../../failure/failure.ts';
import { err, ok, type Result } from '../../failure/result.ts';
import { applyMergeKeys } from './merge-keys.ts';

/** An OpenAPI or Swagger document as its text states it: no reference is followed. */
export interface OpenapiDocument {
  readonly root: JsonObject;
  /** As stated: `3.1.0`, `2.0`. */
  readonly version: string;
}

/** Where something stands in a document. */
export type Place = readonly (string | number)[];

/**
 * The document of a text; undefined where it states no version. Fails with COLLECTION/MALFORMED and the place, or with
 * COLLECTION/UNSUPPORTED for a version that is neither 2 nor 3.
 */
export function readDocument(text: string, file: string): Result<OpenapiDocument | undefined> {
  const read = readTree(text, file);
  if (!read.ok) return read;
  const root = objectOr(read.value);
  const version = textOf(root.openapi ?? root.swagger);
  if (!/^\d/.test(version)) return ok(undefined);
  if (/^3(?:\.|$)/.test(version) || /^2(?:\.0|$)/.test(version)) return ok({ root, version });
  return err(failure('COLLECTION/UNSUPPORTED', { file, format: `openapi-${version.slice(0, 20)}` }, { file }));
}

/** The version's first number: 2 is Swagger. */
export function majorOf({ version }: OpenapiDocument): 2 | 3 {
  return version.startsWith('2') ? 2 : 3;
}

/** A document once more, of a text that was read before. */
export function reread(text: string, file: string): OpenapiDocument {
  const read = readDocument(text, file);
  return (read.ok ? read.value : undefined) ?? { root: {}, version: '3' };
}

/** A function from places to line and column; asked in the order of the text it takes one pass over JSON. */
export function createLocator(text: string): (place: Place) => TextPlace | undefined {
  return isBraced(text) ? createJsonLocator(text) : createYamlLocator(text);
}

function readTree(text: string, file: string): Result<unknown> {
  const yaml = /\.ya?ml$/i.test(file);
  if (yaml && !isBraced(text)) return readMergedYaml(text, file);
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? ok(value) : ok({});
  } catch {
    // A flow mapping of YAML begins like JSON; YAML in a file named .json is no document at all.
    if (yaml) return readMergedYaml(text, file);
    const { problem = 'not JSON', ...where } = findJsonError(text) ?? {};
    return err(failure('COLLECTION/MALFORMED', { file, problem }, { file, ...where }));
  }
}

function readMergedYaml(text: string, file: string): Result<unknown> {
  const read = readYaml(text, file);
  if (read.ok && text.includes('<<')) applyMergeKeys(read.value);
  return read;
}

function isBraced(text: string): boolean {
  return /^\s*\{/.test(text);
}
