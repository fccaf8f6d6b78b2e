// YAML 1.2 of other people. The plain subset that nearly all of it keeps to has a fast reader of its own; what has more is read
// by the `yaml` package within bounds, and so is what has an error: errors and their places are always the package's.
import { stringify } from 'yaml';
import { failure } from '../failure/failure.ts';
import { err, ok, type Result } from '../failure/result.ts';
import { readBlockYaml } from './block-yaml.ts';
import { createBlockYamlLocator } from './block-yaml-places.ts';
import type { TextPlace } from './json-place.ts';
import { createYamlDocumentLocator, readYamlDocument } from './yaml-document.ts';

/**
 * The value of a YAML text. Fails with COLLECTION/MALFORMED and the place of the first error; with aliases that multiply it;
 * and where it is more than plain YAML, in a text too large for that.
 */
export function readYaml(text: string, file: string): Result<unknown> {
  const gaveUp: { place?: TextPlace } = {};
  const plain = readBlockYaml(text, {
    onGiveUp: (place) => {
      gaveUp.place = place;
    },
  });
  if (plain !== undefined) return ok(plain);
  const read = readYamlDocument(text);
  if ('value' in read) return ok(read.value);
  const place = read.isTooMuch ? gaveUp.place : read.place;
  return err(failure('COLLECTION/MALFORMED', { file, problem: read.problem }, { file, ...place }));
}

// Quoted texts stay on one line: the library folds them in a way that it does not read back.
const WRITTEN = {
  lineWidth: 0,
  doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER,
  aliasDuplicateObjects: false,
} as const;

/** A mapping as YAML text: each of its members a block of its own, no line folded, no aliases. */
export function writeYaml(mapping: Readonly<Record<string, unknown>>): string {
  const blocks = Object.entries(mapping).map(([key, value]) => stringify({ [key]: value }, WRITTEN));
  // A text that keeps its last line breaks would take an empty line behind it for its own.
  return blocks.join(blocks.some((block) => /[|>]\d?\+/.test(block)) ? '' : '\n');
}

/** Where the value at a path of keys and indexes starts; undefined where the text has no such path or does not parse. */
export function locateYaml(text: string, path: readonly (string | number)[]): TextPlace | undefined {
  return createYamlLocator(text)(path);
}

/** A `locateYaml` for many paths of one text, which is parsed once, when it is first asked. */
export function createYamlLocator(text: string): (path: readonly (string | number)[]) => TextPlace | undefined {
  let locate: ReturnType<typeof createYamlLocator> | undefined;
  return (path) => {
    locate ??= createBlockYamlLocator(text) ?? createYamlDocumentLocator(text);
    return locate(path);
  };
}
