// Texts that a script gave back become templates. What of them is its own dead text is sealed in sensitive places by the rules of all
// dialects: it goes through them with each live part as a numbered reference, which is put back afterwards.
import { shownName } from '../collection/shown-name.ts';
import { failure } from '../failure/failure.ts';
import { err, ok, type Result } from '../failure/result.ts';
import { limits } from '../limits.ts';
import { plainTemplate, sealLiteral } from '../template/lex.ts';
import type { Template, TemplatePart } from '../template/template.ts';
import type { LiveText } from './live-text.ts';

/** One of shared/collection/seal-literals.ts. */
export type SealText = (text: string) => Template;

/** A text whose live parts are numbered references, for what takes it apart before it is lexed. */
export interface Numbered {
  readonly text: string;
  /** Puts the parts back into what was made of the text or of a part of it. Every other reference in it is text. */
  restore(template: Template): Template;
}

/** Reads one text. Failure: SCRIPT/SECRET_TAKEN_APART with the place. */
export function readBack(text: string, live: LiveText, place: string): Result<Template> {
  const template = live.read(text);
  return template === undefined ? takenApart(live, place) : ok(template);
}

/** The same, its own text sealed by `seal`. Failure also: SCRIPT/OUTPUT_LIMIT where all that was read is too much for that. */
export function readSealed(text: string, live: LiveText, place: string, seal: SealText): Result<Template> {
  const read = readBack(text, live, place);
  if (!read.ok) return read;
  const numbered = numberParts(read.value, live);
  if (!numbered.ok) return numbered;
  return ok(numbered.value.restore(seal(numbered.value.text)));
}

/** A text that can hold no reference. Failure: SCRIPT/SECRET_TAKEN_APART where it holds one. */
export function readPlain(text: string, live: LiveText, place: string): Result<string> {
  return live.read(text)?.every(({ kind }) => kind === 'text') ? ok(text) : takenApart(live, place);
}

/** A template as a text for the dialects. A text that was read holds nothing of the nonce: none reads like a number. Failure: SCRIPT/OUTPUT_LIMIT. */
export function numberParts(
  template: Template,
  { nonce, affords }: Pick<LiveText, 'nonce' | 'affords'>,
): Result<Numbered> {
  const parts: TemplatePart[] = [];
  const mark = `_kw${nonce}`;
  const text = template
    .map((part) => (part.kind === 'text' ? part.text : `{{${parts.push(part) - 1}${mark}}}`))
    .join('');
  const find: Find = (name) => (name.endsWith(mark) ? parts[Number(name.slice(0, -mark.length))] : undefined);
  if (!affords(text)) return tooMuch();
  return ok({ text, restore: (made) => restoreParts(made, find) });
}

function tooMuch(): Result<never> {
  const problem = `more than ${limits.scriptTextMarks} braces, colons and the like in what they changed`;
  return err(failure('SCRIPT/OUTPUT_LIMIT', { problem }));
}

type Find = (name: string) => TemplatePart | undefined;

function restoreParts(template: Template, find: Find): Template {
  const restored: TemplatePart[] = [];
  for (const part of template) {
    if (part.kind !== 'reference') restored.push(part);
    else for (const each of restorePart(part, find)) restored.push(each);
  }
  return joinTexts(restored);
}

function restorePart(part: Extract<TemplatePart, { kind: 'reference' }>, find: Find): Template {
  const [only, ...others] = part.name;
  const known = only?.kind === 'text' && others.length === 0 ? find(only.text) : undefined;
  if (known) return [part.sealed ? sealPart(known) : known];
  const text = joinTexts([...plainTemplate('{{'), ...restoreParts(part.name, find), ...plainTemplate('}}')]);
  return part.sealed ? text.flatMap(sealPartOrText) : text;
}

function sealPartOrText(part: TemplatePart): Template {
  return part.kind === 'text' ? sealLiteral(part.text, false) : [sealPart(part)];
}

function sealPart(part: TemplatePart): TemplatePart {
  return part.kind === 'reference' ? { ...part, sealed: true } : part;
}

function joinTexts(template: Template): Template {
  const joined: TemplatePart[] = [];
  for (const part of template) {
    const last = joined.at(-1);
    if (part.kind === 'text' && last?.kind === 'text')
      joined[joined.length - 1] = { kind: 'text', text: last.text + part.text };
    else joined.push(part);
  }
  return joined;
}

function takenApart(live: LiveText, place: string): Result<never> {
  return err(failure('SCRIPT/SECRET_TAKEN_APART', { place: shownName(live.plain(place)) }));
}
