// Our templates in Insomnia's words: what this writes is read back as the same template.
import { isDynamicName } from '../../template/dynamic-names.ts';
import { VAULT_PREFIX } from '../../template/render.ts';
import type { Template, TemplatePart } from '../../template/template.ts';
import { lexInsomnia, NO_CONTEXT } from './lex.ts';

/** Takes a sentence about what is left out. */
export type Lose = (what: string) => void;

/** The text of a template. A tag that nobody knows stands for what Insomnia cannot say: it fails instead of being sent. */
export function writeTemplate(template: Template, lose: Lose): string {
  return template
    .map((part, index) => {
      const next = template[index + 1];
      return part.kind === 'text' ? writeLiteral(part.text, next !== undefined) : writePart(part, lose);
    })
    .join('');
}

/** `_.name`, with brackets where a step of the name is no identifier; undefined for a step with both kinds of quotes. */
export function writePath(steps: readonly string[]): string | undefined {
  const written = steps.map((step, index) => {
    if (/^[A-Za-z_$][\w$]*$/.test(step)) return `.${step}`;
    if (index > 0 && /^\d+$/.test(step)) return `[${step}]`;
    if (step.includes('\\')) return undefined;
    if (!step.includes("'")) return `['${step}']`;
    return step.includes('"') ? undefined : `["${step}"]`;
  });
  return written.includes(undefined) ? undefined : `_${written.join('')}`;
}

/** Delimiters of a literal text are raw; so is a brace that would stand next to those of a template. */
function writeLiteral(text: string, beforeTemplate: boolean): string {
  const raw = text.replace(/\{[{%#]+/g, (found) => `{% raw %}${found}{% endraw %}`);
  return beforeTemplate && raw.endsWith('{') ? `${raw.slice(0, -1)}{% raw %}{{% endraw %}` : raw;
}

function writePart(part: Exclude<TemplatePart, { kind: 'text' }>, lose: Lose): string {
  switch (part.kind) {
    case 'handle':
      return writeHandle(part.names[0], lose);
    case 'reference':
      return writeReference(part.name, lose);
    case 'unsupported':
      lose('A value that another client computes is written as a tag that fails.');
      return isRead(part) ? part.text : UNKNOWN;
    case 'sealed':
    case 'captured':
    case 'derived':
      lose('A secret that is no handle is left out.');
      return UNKNOWN;
  }
}

const UNKNOWN = '{% unsupported … %}';

function isRead({ text }: Extract<TemplatePart, { kind: 'unsupported' }>): boolean {
  const [part, ...others] = lexInsomnia(text, NO_CONTEXT);
  return others.length === 0 && part?.kind === 'unsupported' && part.text === text;
}

function writeHandle(name: string, lose: Lose): string {
  return output(['vault', name], lose);
}

function writeReference(name: Template, lose: Lose): string {
  const [only, ...others] = name;
  if (only?.kind !== 'text' || others.length > 0) {
    lose('A variable whose name holds another variable is written as a tag that fails.');
    return UNKNOWN;
  }
  const { text } = only;
  if (text.startsWith(VAULT_PREFIX)) return writeHandle(text.slice(VAULT_PREFIX.length), lose);
  return isDynamicName(text) ? writeDynamic(text) : output(text.split('.'), lose);
}

function output(steps: readonly string[], lose: Lose): string {
  const path = writePath(steps);
  if (path !== undefined) return `{{ ${path} }}`;
  lose('A variable with a name that Insomnia cannot refer to is written as a tag that fails.');
  return UNKNOWN;
}

const DYNAMIC: Readonly<Record<string, string>> = {
  $guid: "{% uuid 'v4' %}",
  $isoTimestamp: "{% now 'iso-8601', '' %}",
  $timestamp: "{% now 'unix', '' %}",
};

function writeDynamic(name: string): string {
  return (Object.hasOwn(DYNAMIC, name) ? DYNAMIC[name] : undefined) ?? `{% faker '${name.slice(1)}' %}`;
}
