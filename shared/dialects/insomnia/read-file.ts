import { findJsonError } from '../../collection/json-error.ts';
import { isObject, type JsonObject, textOf } from '../../collection/narrow.ts';
import { readYaml } from '../../collection/yaml.ts';
import { failure } from '../../failure/failure.ts';
import { err, ok, type Result } from '../../failure/result.ts';
import { readV4 } from './read-v4.ts';
import { readType, readV5 } from './read-v5.ts';
import type { Export } from './workspace.ts';

/** What a file is parsed as, in a form that is parsed again in no time. */
export interface Parsed {
  readonly value: unknown;
  reparse(): unknown;
}

/** Parses JSON or YAML. Fails with COLLECTION/MALFORMED and the place. */
export function parseFile(text: string, file: string): Result<Parsed> {
  if (isJson(text)) return parseJson(text, file);
  const parsed = readYaml(text, file);
  if (!parsed.ok) return parsed;
  const { value } = parsed;
  // The same as JSON is parsed many times faster; aliases would multiply it.
  const hasAliases = /(?:^|[\s[{,])&[^\s&]/m.test(text);
  return ok({ value, reparse: hasAliases ? againFromYaml(text, file) : againFromJson(JSON.stringify(value)) });
}

function againFromJson(text: string): () => unknown {
  return () => JSON.parse(text) as unknown;
}

function againFromYaml(text: string, file: string): () => unknown {
  return () => {
    const parsed = readYaml(text, file);
    return parsed.ok ? parsed.value : undefined;
  };
}

/** Whether the text is JSON and no YAML of other forms. */
export function isJson(text: string): boolean {
  return /^\s*[{[]/.test(text);
}

function parseJson(text: string, file: string): Result<Parsed> {
  try {
    const value: unknown = JSON.parse(text);
    return ok({ value, reparse: againFromJson(text) });
  } catch {
    const { problem = 'not JSON', ...place } = findJsonError(text) ?? {};
    return err(failure('COLLECTION/MALFORMED', { file, problem }, { file, ...place }));
  }
}

/** What a parsed file holds; undefined where it is not Insomnia's. Fails with COLLECTION/UNSUPPORTED for other versions. */
export function readExport(root: unknown, file: string): Result<Export | undefined> {
  if (!isObject(root)) return ok(undefined);
  if (root.__export_format !== undefined) return readVersion4(root, file);
  const type = readType(root.type);
  if (!type) return ok(undefined);
  return type.version === '5.0' ? ok(readV5(root, type.kind, file)) : unsupported(type.version, file);
}

function readVersion4(root: JsonObject, file: string): Result<Export> {
  const version = textOf(root.__export_format);
  return version === '4' ? ok(readV4(root, file)) : unsupported(version, file);
}

function unsupported(version: string, file: string): Result<never> {
  const format = `insomnia-${/^\d{1,3}(?:\.\d{1,3})?$/.exec(version)?.[0] ?? 'unknown'}`;
  return err(failure('COLLECTION/UNSUPPORTED', { file, format }, { file }));
}
