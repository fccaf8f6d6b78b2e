import { stringOf } from '../../collection/json-tokens.ts';
import type { Look } from '../look.ts';

const TYPE = /^["']?(?:\w+\.insomnia\.rest|mcpClient\.insomnia)\//;

/** An export says `_type: export` and its `__export_format`; since version 5 the `type` of a file names insomnia.rest. */
export function looksLikeInsomnia(look: Look): boolean {
  const keys = look.yamlKeys();
  if (keys.size > 0) return keys.has('__export_format') || TYPE.test(keys.get('type') ?? '');
  for (const { name, value } of look.members()) {
    if (name === '__export_format') return true;
    if (name === 'type' && value.kind === 'string' && TYPE.test(stringOf(look.text, value))) return true;
  }
  return false;
}
