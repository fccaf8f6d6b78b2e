// Variables as scripts see them, and what scripts write as values of templates.
import type { Variable } from '../collection/model.ts';
import { sealPlain, sealVariable } from '../collection/seal-literals.ts';
import { ok, type Result } from '../failure/result.ts';
import { judgeName } from '../redact/names.ts';
import type { Template } from '../template/template.ts';
import type { ScriptVariable, ScriptWrite } from './job.ts';
import type { LiveText } from './live-text.ts';
import { readSealed } from './read-back.ts';

/** What a script wrote. `value` undefined: it took the variable away, and that of the files does not show. */
export interface WrittenVariable {
  readonly name: string;
  readonly value: Template | undefined;
  /** JSON of a value that was no string; references stand in its strings. */
  readonly json?: Template;
}

/** The enabled ones; of one name the last. */
export function showVariables(
  variables: readonly (Variable & { readonly json?: Template })[],
  live: LiveText,
): ScriptVariable[] {
  const shown = new Map<string, ScriptVariable>();
  for (const { name, value, json, enabled } of variables) {
    if (enabled) shown.set(name, { name, value: live.show(value), ...(json && { json: live.show(json) }) });
  }
  return [...shown.values()];
}

/** Reads what a script wrote; its own text under a sensitive name is sealed. Failure: SCRIPT/SECRET_TAKEN_APART. */
export function readWrite(
  { name, value, json }: Pick<ScriptWrite, 'name' | 'value' | 'json'>,
  live: LiveText,
): Result<WrittenVariable> {
  const plain = live.plain(name);
  if (value === null) return ok({ name: plain, value: undefined });
  const place = `variable ${plain}`;
  const isSecret = isSecretValue(plain, json);
  const read = readSealed(value, live, place, isSecret ? (text) => sealVariable(text, 'named') : sealPlain);
  if (!read.ok) return read;
  if (json === undefined || isSecret) return ok({ name: plain, value: read.value });
  const structure = readSealed(json, live, place, sealPlain);
  if (!structure.ok) return structure;
  return ok({ name: plain, value: read.value, ...(isJson(live.show(structure.value)) && { json: structure.value }) });
}

/** As in an answer: no switch is a secret, and a number under a name that may count something is none. */
function isSecretValue(name: string, json = ''): boolean {
  if (/^(?:true|false|null)$/.test(json)) return false;
  const verdict = judgeName(name);
  return verdict === 'secret' || (verdict === 'likely' && !/^-?\d/.test(json));
}

/** Where a number was sealed it no longer is. */
function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
