import { limits } from '../limits.ts';
import type { Template, TemplatePart } from '../template/template.ts';
import { shownName } from './shown-name.ts';

export interface HandleOptions {
  /** Name of the environment that declares the secret, as the files have it: its own handle, `Prod.token`, is looked for first. */
  readonly scope?: string;
  /** What the files themselves have for it; its literal parts sealed. */
  readonly otherwise?: Template;
}

/** The part for a secret that a dialect refers to by a name of its own; characters that no handle's name has become `_`. */
export function handlePart(name: string, { scope, otherwise }: HandleOptions = {}): TemplatePart {
  const plain = handleName(name);
  const names: readonly [string, ...string[]] =
    scope === undefined ? [plain] : [handleName(`${shownName(scope)}.${name}`), plain];
  return otherwise === undefined ? { kind: 'handle', names } : { kind: 'handle', names, otherwise };
}

/** The nearest text that can be the name of a handle. */
export function handleName(text: string): string {
  return text.replace(/[^A-Za-z0-9_.-]+/g, '_').slice(0, limits.secretNameChars) || '_';
}
