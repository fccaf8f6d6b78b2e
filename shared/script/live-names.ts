// Under which names the parts of templates are shown to scripts. Plain variables and handles go by their own, so that scripts can look
// them up; everything else by a number.
import { limits } from '../limits.ts';
import { plainTemplate } from '../template/lex.ts';
import type { Template, TemplatePart } from '../template/template.ts';
import type { LetterCase } from './live-text.ts';

export interface LiveNames {
  /** The same for the same part each time, and never that of another part. */
  nameOf(part: Exclude<TemplatePart, { kind: 'text' }>): string;
  /** Makes a name known that is written in a script, or that it asked for. False for one that only the host gives. */
  addWritten(name: string): boolean;
  /** The part of a name, as it reads after a change of its letters; undefined where nothing was made known under it. */
  find(name: string, letters: LetterCase): TemplatePart | undefined;
}

/** Only the host gives these: what is not known under one of them is nothing. */
const NUMBERED = /^(?:secret|derived):/i;
const CAPTURED = /^captured:([A-Za-z0-9_.-]{1,80})$/;
const CAPTURED_LIKE = /^captured:/i;
const HANDLE = 'vault:';
/** A quote, a backslash or what no one sees reads otherwise inside of JSON. */
const ODD = /["\\{}\p{C}]/u;

export function createLiveNames(): LiveNames {
  const known = createKnownNames();
  const shown = new Map<TemplatePart, string>();
  let numbers = 0;
  return {
    nameOf(part) {
      const before = shown.get(part);
      if (before !== undefined) return before;
      const own = ownName(part);
      const isFree = own !== undefined && isSame(known.find(own, 'as-is') ?? part, part);
      if (!isFree) numbers += 1;
      const name = isFree ? own : `secret:${numbers}`;
      known.add(name, part);
      shown.set(part, name);
      return name;
    },
    addWritten(name) {
      if (NUMBERED.test(name) || name.length > limits.variableNameChars) return false;
      const part = written(name);
      if (part) known.add(name, part);
      return part !== undefined;
    },
    find: (name, letters) => known.find(name, letters),
  };
}

/** No name: those that are shown hold no braces. */
const AMBIGUOUS = '{}';

/** Parts by their names, and by what these read like after a change of their letters. */
function createKnownNames() {
  const parts = new Map<string, TemplatePart>();
  const names = { upper: new Map<string, string>(), lower: new Map<string, string>() };
  const addChanged = (changed: Map<string, string>, text: string, name: string): void => {
    // Of two that read the same nobody can tell which was meant.
    changed.set(text, changed.has(text) ? AMBIGUOUS : name);
  };
  return {
    add(name: string, part: TemplatePart): void {
      if (parts.has(name)) return;
      parts.set(name, part);
      addChanged(names.upper, name.toUpperCase(), name);
      addChanged(names.lower, name.toLowerCase(), name);
    },
    find(name: string, letters: LetterCase): TemplatePart | undefined {
      return parts.get(letters === 'as-is' ? name : (names[letters].get(name) ?? AMBIGUOUS));
    },
  };
}

/** The name that a part may go by itself. */
function ownName(part: TemplatePart): string | undefined {
  switch (part.kind) {
    case 'reference': {
      const name = part.sealed ? undefined : plainName(part.name);
      return name === undefined || ODD.test(name) || NUMBERED.test(name) || CAPTURED_LIKE.test(name) ? undefined : name;
    }
    case 'handle':
      return ODD.test(part.names[0]) ? undefined : HANDLE + part.names[0];
    case 'captured':
      return `captured:${part.name}`;
    case 'text':
    case 'sealed':
    case 'derived':
    case 'unsupported':
      return undefined;
  }
}

/** What a reference of this name is that a script names; undefined for none. */
function written(name: string): TemplatePart | undefined {
  const [, captured] = CAPTURED.exec(name) ?? [];
  if (captured !== undefined) return { kind: 'captured', name: captured };
  return CAPTURED_LIKE.test(name) || name === '' ? undefined : { kind: 'reference', name: plainTemplate(name) };
}

function plainName(name: Template): string | undefined {
  const [only, ...others] = name;
  return only?.kind === 'text' && others.length === 0 && only.text.length <= limits.variableNameChars
    ? only.text
    : undefined;
}

/** A handle by one name is what a reference to it is, and parts are compared by what they say; sealed values are never compared. */
function isSame(one: TemplatePart, other: TemplatePart): boolean {
  if (one === other) return true;
  if (one.kind === 'captured' && other.kind === 'captured') return true;
  const [name, otherName] = [handleOrReference(one), handleOrReference(other)];
  return name !== undefined && name === otherName;
}

function handleOrReference(part: TemplatePart): string | undefined {
  if (part.kind === 'reference') return part.sealed ? undefined : plainName(part.name);
  if (part.kind !== 'handle' || part.otherwise !== undefined || part.names.length > 1) return undefined;
  return HANDLE + part.names[0];
}
