// `bru.interpolate`, which every getter of a variable goes through: references become their values, also those into objects and lists
// (`{{user.name}}`, `{{items[0]}}`). Secrets stay references.

import { valueAtPath } from '../assertions/json-path.ts';
import type { Run } from '../run.ts';
import { parsedJson, textOf } from './given.ts';
import { secretOf } from './secrets.ts';

export type Interpolate = (value: unknown) => unknown;

export function createInterpolate(run: Run): Interpolate {
  const reference = new RegExp(String.raw`\{\{([^{}]*?)_kw${run.job.nonce}\}\}`, 'g');
  const fill = (text: string): string =>
    run.variables
      .replaceIn(text.replace(reference, (whole, name: string) => environmentSecret(run, name) ?? whole))
      .replace(reference, (whole, name: string) => insideOf(run, name) ?? whole);
  return (value) => {
    if (typeof value === 'string') return fill(value);
    if (typeof value !== 'object' || value === null) return value;
    const json = JSON.stringify(value);
    return json.includes('{{') ? parsedJson(fill(json)) : value;
  };
}

function environmentSecret(run: Run, name: string): string | undefined {
  const [, variable] = /^\s*process\.env\.(.+?)\s*$/.exec(name) ?? [];
  return variable === undefined ? undefined : secretOf(run, variable, name);
}

/** What stands at a path in a variable. */
function insideOf(run: Run, name: string): string | undefined {
  const [, root = '', path = ''] = /^\s*([^.[]+)(.*?)\s*$/s.exec(name) ?? [];
  if (path === '') return undefined;
  const found = valueAtPath(parsed(run.variables.find(root)), path);
  if (!found.found || found.value === undefined) return undefined;
  return found.value === null ? 'null' : textOf(found.value);
}

function parsed(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
