// What a request means, whatever file it stands in: texts instead of templates, and not who states an auth or a script.
import type { RequestEntry, RequestTemplate, Variable } from '../../shared/collection/model.ts';
import { templateText } from '../../shared/template/lex.ts';
import type { Template } from '../../shared/template/template.ts';

export function meaningOf(entry: Pick<RequestEntry, 'name' | 'folders'>, template: RequestTemplate): unknown {
  const {
    notes: _said,
    tags: _left,
    assertions: _checks,
    folderVariables,
    auth,
    scripts,
    settings,
    ...rest
  } = {
    tags: undefined,
    ...template,
  };
  const { timeoutMs: _limit, ...behavior } = settings;
  return toTexts({
    ...rest,
    name: entry.name,
    folders: entry.folders,
    auth: { type: auth.type, fields: auth.fields },
    scripts: scripts.map(({ phase, language, source }) => ({ phase, language, source })),
    settings: behavior,
    variables: seen(folderVariables),
  });
}

/** What each name stands for. */
function seen(lists: readonly (readonly Variable[])[]): Record<string, unknown> {
  const all = lists
    .toReversed()
    .flat()
    .filter(({ enabled }) => enabled);
  return Object.fromEntries(all.map(({ name, value }) => [name, value]));
}

function toTexts(value: unknown): unknown {
  if (isTemplate(value)) return templateText(value);
  if (Array.isArray(value)) return value.map(toTexts);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, toTexts(inner)]));
}

const KINDS: ReadonlySet<unknown> = new Set(['text', 'sealed', 'reference', 'handle', 'unsupported']);

function isTemplate(value: unknown): value is Template {
  // A text part of a multipart body has a name, a part of a template has none but a reference.
  return (
    Array.isArray(value) && value.length > 0 && value.every((part) => KINDS.has(part?.kind) && !('enabled' in part))
  );
}
