// Scopes as a person types them.
import { DEFAULT_SCOPES, GROUP_SCOPES, parseScopes } from '../../../shared/access/reach.ts';
import { nearestNames } from '../../../shared/collection/nearest.ts';
import { failure } from '../../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../../shared/failure/result.ts';

const KINDS = ['collection:', 'environment:', 'handle:'];

/**
 * Scopes in the form in which they are kept, each once: names percent-encoded, whether they were typed so or not; the default groups
 * where none was named. Failure: ACCESS/SCOPE_INVALID with the nearest one.
 */
export function givenScopes(texts: readonly string[]): Result<readonly string[]> {
  const scopes = new Set<string>();
  for (const text of texts) {
    const scope = keptForm(text);
    if (!parseScopes([scope]).ok)
      return err(failure('ACCESS/SCOPE_INVALID', { scope: text, nearest: nearestTo(text) }));
    scopes.add(scope);
  }
  const hasGroup = [...scopes].some((scope) => GROUP_SCOPES.some((group) => group === scope));
  return ok([...(hasGroup ? [] : DEFAULT_SCOPES), ...scopes]);
}

function keptForm(text: string): string {
  const [, kind, name = ''] = /^(collection:|environment:|handle:)(.+)$/s.exec(text) ?? [];
  return kind === undefined ? text : kind + encodeURIComponent(decoded(name).replace(/\p{Cs}/gu, '\ufffd'));
}

/** As typed where it is not percent-encoded. */
function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

function nearestTo(text: string): string {
  const groups = nearestNames(text, GROUP_SCOPES, 2);
  const [kind] = nearestNames(text.slice(0, text.indexOf(':') + 1), KINDS, 1);
  return [...groups, ...(kind === undefined ? [] : [`${kind}NAME`])].join(', ') || 'none';
}
