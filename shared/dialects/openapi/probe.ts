import type { Look } from '../look.ts';

const OPENAPI_FILE = /(?:^|\/)(?:openapi|swagger)\.(?:json|ya?ml)$/i;
/** The rest of the line after `openapi:` or `swagger:`: a version, quoted or not. */
const VERSION = /^["']?\d/;

/** Whether a text has a version under a top-level `openapi` or `swagger`, or is named so. */
export function looksLikeOpenapi(look: Look): boolean {
  if (OPENAPI_FILE.test(look.file)) return true;
  for (const { name, value } of look.members()) {
    if (name !== 'openapi' && name !== 'swagger') continue;
    if (VERSION.test(look.text.slice(value.start, value.start + 2))) return true;
  }
  const keys = look.yamlKeys();
  return VERSION.test(keys.get('openapi') ?? keys.get('swagger') ?? '') || isIndented(look.text);
}

const SCANNED_CHARS = 4_096;
const CONTENT =
  /^(?!\s*(?:#|$)|---|%)( *)(?:"(?:openapi|swagger)"|'(?:openapi|swagger)'|openapi|swagger)? *:? *(["']?\d)?/;

/** Some YAML is indented as a whole: then the keys that are as far in as the first one are the top level. */
function isIndented(text: string): boolean {
  let indent: number | undefined;
  for (const line of text.slice(0, SCANNED_CHARS).split('\n')) {
    const found = CONTENT.exec(line);
    if (!found) continue;
    indent ??= found[1]?.length ?? 0;
    if (indent === 0) return false;
    if (found[1]?.length === indent && found[2] !== undefined) return true;
  }
  return false;
}
