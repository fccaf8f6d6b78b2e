// Lists of fields as scripts see them, and back. What the agent set stays the agent's: planning puts it over what is read here, and
// judges it against the fields that are saved under its name.
import type { Field, QueryField } from '../collection/model.ts';
import { sealField, sealHeader } from '../collection/seal-literals.ts';
import { ok, type Result } from '../failure/result.ts';
import type { Template } from '../template/template.ts';
import type { ScriptField, ScriptQueryField } from './job.ts';
import type { LiveText } from './live-text.ts';
import { readBack, readSealed } from './read-back.ts';

/** What an agent sets or, with null, takes away, by name. */
export type Changes = Readonly<Record<string, string | null>>;

/** What sets one kind of list apart. */
export interface FieldRules {
  /** For messages. */
  readonly what: string;
  readonly isNamed: (name: string | null, wanted: string) => boolean;
  readonly seal: (name: string, text: string) => Template;
  /** Whether what an agent sets takes the place of the first of its name, or goes to the end. */
  readonly inPlace: boolean;
}

export const queryRules: FieldRules = {
  what: 'query parameter',
  isNamed: (name, wanted) => name !== null && (name === wanted || decoded(name) === wanted),
  seal: sealField,
  inPlace: true,
};

export const headerRules: FieldRules = {
  what: 'header',
  isNamed: (name, wanted) => name !== null && name.trim().toLowerCase() === wanted.toLowerCase(),
  seal: sealHeader,
  inPlace: false,
};

/** Fields that no agent changes. */
export const formRules: FieldRules = { what: 'field', isNamed: () => false, seal: sealField, inPlace: false };

/** The saved fields with the agent's changes, as a script sees them. */
export function showFields(
  fields: readonly QueryField[],
  changes: Changes,
  live: LiveText,
  { isNamed, inPlace }: FieldRules,
): readonly ScriptQueryField[] {
  let shown: readonly ScriptQueryField[] = fields.map((field) => showField(field, live));
  for (const [name, value] of Object.entries(changes)) {
    const set = value === null ? [] : [{ name, value: showAgentText(value, live), enabled: true }];
    shown = replaceWhere(shown, (field) => field.enabled && isNamed(field.name, name), set, inPlace);
  }
  return shown;
}

/** An agent's value: data, in which `{{captured:NAME}}` stands for what an answer held. */
export function showAgentText(text: string, live: LiveText): string {
  return live.answer(text, () => true);
}

export interface SavedFields {
  readonly fields: readonly QueryField[];
  readonly changes: Changes;
}

/**
 * Reads a list: a field that is as saved stays the saved one, every other is read and sealed like in a file. Failure:
 * SCRIPT/SECRET_TAKEN_APART.
 */
export function readFields(
  given: readonly ScriptQueryField[],
  saved: SavedFields,
  live: LiveText,
  rules: FieldRules,
): Result<readonly QueryField[]> {
  const asSaved = savedByText(saved.fields, live);
  const fields: NamedField[] = [];
  for (const each of given) {
    const same = asSaved.get(keyOf(each))?.pop();
    const read = same ? ok(same) : readField(each, live, rules);
    if (!read.ok) return read;
    fields.push({ name: each.name, field: read.value });
  }
  return ok(keepAgentsNames(fields, saved, live, rules).map(({ field }) => field));
}

/** A list in which no field is without a name and a value. */
export function toFields(fields: readonly QueryField[]): readonly Field[] {
  return fields.map((field) => ({ ...field, name: field.name ?? [], value: field.value ?? [] }));
}

export function toScriptFields(fields: readonly ScriptQueryField[]): readonly ScriptField[] {
  return fields.map(({ name, value, enabled }) => ({ name: name ?? '', value: value ?? '', enabled }));
}

interface NamedField {
  /** As the script has it. */
  readonly name: string | null;
  readonly field: QueryField;
}

/** The saved fields by what is shown of them, those of one text last first. */
function savedByText(fields: readonly QueryField[], live: LiveText): Map<string, QueryField[]> {
  const known = new Map<string, QueryField[]>();
  for (const field of fields.toReversed()) {
    const key = keyOf(showField(field, live));
    const same = known.get(key);
    if (same) same.push(field);
    else known.set(key, [field]);
  }
  return known;
}

function readField({ name, value, enabled }: ScriptQueryField, live: LiveText, rules: FieldRules): Result<QueryField> {
  const place = `${rules.what} ${name ?? ''}`;
  const read = name === null ? ok(null) : readBack(name, live, `name of the ${place}`);
  if (!read.ok) return read;
  const seal = (text: string): Template => rules.seal(live.plain(name ?? ''), text);
  const held = value === null ? ok(null) : readSealed(value, live, place, seal);
  return held.ok ? ok({ name: read.value, value: held.value, enabled }) : held;
}

/** Under each name that the agent changes stand the saved fields, whatever the script did with them. */
function keepAgentsNames(
  fields: readonly NamedField[],
  { fields: saved, changes }: SavedFields,
  live: LiveText,
  { isNamed }: FieldRules,
): readonly NamedField[] {
  let kept = fields;
  for (const wanted of Object.keys(changes)) {
    const stated = saved
      .map((field) => ({ name: showField(field, live).name, field }))
      .filter(({ name, field }) => field.enabled && isNamed(name, wanted));
    kept = replaceWhere(kept, ({ name, field }) => field.enabled && isNamed(name, wanted), stated, true);
  }
  return kept;
}

function replaceWhere<Item>(
  items: readonly Item[],
  goes: (item: Item) => boolean,
  by: readonly Item[],
  inPlace: boolean,
): readonly Item[] {
  const first = inPlace ? items.findIndex(goes) : -1;
  if (first < 0) return [...items.filter((item) => !goes(item)), ...by];
  return items.flatMap((item, index) => (index === first ? by : goes(item) ? [] : [item]));
}

function showField({ name, value, enabled }: QueryField, live: LiveText): ScriptQueryField {
  return { name: name && live.show(name), value: value && live.show(value), enabled };
}

function keyOf({ name, value, enabled }: ScriptQueryField): string {
  return JSON.stringify([name, value, enabled]);
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
