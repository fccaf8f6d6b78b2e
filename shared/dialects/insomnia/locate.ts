import { createJsonLocator, type TextPlace } from '../../collection/json-place.ts';
import { createYamlLocator } from '../../collection/yaml.ts';
import { type Failure, failure } from '../../failure/failure.ts';
import { limits } from '../../limits.ts';
import { isJson } from './read-file.ts';
import type { Path, Problem } from './workspace.ts';

/** Finds values of a file by their paths; parses the text once for all of them. */
export function createLocator(text: string): (path: Path) => TextPlace | undefined {
  return isJson(text) ? createJsonLocator(text) : createYamlLocator(text);
}

/** The first limits.fileProblems problems of a file with their places, the others counted. */
export function toFailures(problems: readonly Problem[], text: string, file: string): Failure[] {
  const locate = createLocator(text);
  const placed = problems
    .slice(0, limits.fileProblems)
    .map(({ code, facts, path }) => failure(code, facts, { file, ...locate(path) }));
  const more = problems.length - placed.length;
  if (more === 0) return placed;
  return [...placed, failure('COLLECTION/MALFORMED', { file, problem: `and ${more} more problems` }, { file })];
}
