import { createJsonLocator, locateJson } from '../../collection/json-place.ts';
import { isObject, type JsonObject } from '../../collection/narrow.ts';
import { readJson } from '../../collection/read-json.ts';
import { createYamlLocator, locateYaml, readYaml } from '../../collection/yaml.ts';
import { failure, type SourceSpan } from '../../failure/failure.ts';
import { err, ok, type Result } from '../../failure/result.ts';

const JSON_FILE = /\.json$/i;

/** The mapping that a YAML or JSON file holds. Fails with COLLECTION/MALFORMED and the place of the first error. */
export function parseText(text: string, file: string): Result<JsonObject> {
  const parsed = JSON_FILE.test(file) ? readJson(text, file) : readYaml(text, file);
  if (!parsed.ok) return parsed;
  if (isObject(parsed.value)) return ok(parsed.value);
  return err(
    failure('COLLECTION/MALFORMED', { file, problem: 'a mapping should stand here' }, { file, line: 1, column: 1 }),
  );
}

/** Where the value at a path of keys and indexes stands in the text of a file. */
export function locateIn(text: string, file: string, path: readonly (string | number)[]): SourceSpan {
  return { file, ...(JSON_FILE.test(file) ? locateJson(text, path) : locateYaml(text, path)) };
}

/** A `locateIn` for many places of one text, which is parsed once, when it is first asked. */
export function createLocatorIn(text: string, file: string): (path: readonly (string | number)[]) => SourceSpan {
  const locate = JSON_FILE.test(file) ? createJsonLocator(text) : createYamlLocator(text);
  return (path) => ({ file, ...locate(path) });
}
