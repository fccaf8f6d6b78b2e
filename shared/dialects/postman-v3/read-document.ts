import { isObject, type JsonObject, objectOr } from '../../collection/narrow.ts';
import { createReopen } from '../../collection/reopen.ts';
import { readYaml } from '../../collection/yaml.ts';
import { hasMoreYamlTokens } from '../../collection/yaml-tokens.ts';
import { failure } from '../../failure/failure.ts';
import { err, ok, type Result } from '../../failure/result.ts';
import { limits } from '../../limits.ts';
import type { Look } from '../look.ts';
import { reindentQuoted } from './reindent-quoted.ts';

/** One file, parsed: its keys now, and again whenever they are wanted. */
export interface ReadDocument {
  readonly keys: JsonObject;
  reopen(): JsonObject;
}

/**
 * Reads strictly first: only a text that fails is tried once more with its quoted texts indented. Fails with
 * COLLECTION/MALFORMED at the place of the strict reading's first error, and COLLECTION/TOO_LARGE.
 */
export function readDocument({ text, file }: Look): Result<ReadDocument> {
  if (text.length > limits.requestYamlBytes) {
    return err(failure('COLLECTION/TOO_LARGE', { file, limitBytes: limits.requestYamlBytes }, { file }));
  }
  if (hasMoreYamlTokens(text, limits.requestYamlTokens)) {
    const problem = `more than ${limits.requestYamlTokens} tokens or ${limits.valueDepth} levels of YAML`;
    return err(failure('COLLECTION/MALFORMED', { file, problem }, { file, line: 1, column: 1 }));
  }
  const strict = readYaml(text, file);
  if (strict.ok) return toDocument(strict.value, text, file);
  const repaired = reindentQuoted(text);
  if (repaired === undefined) return strict;
  const lenient = readYaml(repaired, file);
  return lenient.ok ? toDocument(lenient.value, repaired, file) : strict;
}

function toDocument(keys: unknown, text: string, file: string): Result<ReadDocument> {
  if (!isObject(keys)) {
    return err(failure('COLLECTION/MALFORMED', { file, problem: 'no keys at its top' }, { file, line: 1, column: 1 }));
  }
  const reopen = createReopen(() => {
    const again = readYaml(text, file);
    return again.ok ? objectOr(again.value) : {};
  });
  return ok({ keys, reopen });
}
