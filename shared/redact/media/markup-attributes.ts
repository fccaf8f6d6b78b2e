// The attributes of one tag: secret by their own name, by the name that another attribute of the tag gives, or by what they hold.
import { contextGoes, isSensitive, pairNames, pairValues } from '../field-rules.ts';
import { redactUrl } from '../redact-url.ts';
import type { Edits } from './edits.ts';
import { decodeEntities, encodeEntities } from './entities.ts';
import type { Attribute, Tag } from './markup-lexer.ts';
import { type MediaWalk, type NamedValue, replacementOf, takeWhole } from './media-walk.ts';

export interface NamedTag {
  /** What the tag's own name or a naming attribute says about the values of the tag. */
  readonly named: NamedValue;
  /** Whether that name came from an attribute that names fields, and not only from an `id`. */
  readonly sure: boolean;
}

/** The local name without its prefix, in lower case. */
export function localName(name: string): string {
  return name.slice(name.lastIndexOf(':') + 1).toLowerCase();
}

/** Adds what goes of a tag's attributes; gives what the tag is called by them. */
export function redactAttributes(text: string, tag: Tag, walk: MediaWalk, edits: Edits): NamedTag {
  const named = nameOf(text, tag, walk);
  const unsure = tag.cut && walk.incomplete && !isSensitive(named.named.verdict);
  for (const attribute of tag.attributes) {
    const value = decodeEntities(text.slice(attribute.start, attribute.end));
    const shown = attributeText(walk, tag, attribute, value, named.named);
    if (shown !== undefined) edits.add(attribute.start, attribute.end, encodeEntities(shown));
    else if (unsure && isValue(attribute.name)) addWhole(walk, edits, attribute, value);
    else redactHeld(text, attribute, value, walk, edits);
  }
  return named;
}

// The name of a value may be in the part of the tag that was cut off.
function addWhole(walk: MediaWalk, edits: Edits, { start, end }: Attribute, value: string): void {
  const shown = takeWhole(walk, value);
  if (shown !== undefined) edits.add(start, end, encodeEntities(shown));
}

const BUTTONS = /^(?:submit|button|reset|image|checkbox|radio)$/i;

function attributeText(
  walk: MediaWalk,
  tag: Tag,
  { name }: Attribute,
  value: string,
  named: NamedValue,
): string | undefined {
  const local = localName(name).replace(/^data[-_]/, '');
  if (isValue(name)) {
    const shown = namedText(walk, named, value);
    if (shown !== undefined) return shown;
  }
  // HTML's accesskey is a letter on the keyboard; a namespace is no value.
  if (/^xmlns(?::|$)/i.test(name) || (local === 'accesskey' && value.length <= 3) || isNaming(name, tag))
    return undefined;
  return replacementOf(walk, { name: local, verdict: walk.judge(local) }, value);
}

function namedText(walk: MediaWalk, named: NamedValue, value: string): string | undefined {
  if (named.verdict !== 'context') return replacementOf(walk, named, value);
  return contextGoes(named.name, value, false) ? takeWhole(walk, value) : undefined;
}

function isValue(name: string): boolean {
  return pairValues.has(localName(name).replace(/^data-/, ''));
}

function isNaming(name: string, tag: Tag): boolean {
  const local = localName(name).replace(/^data-/, '');
  return (pairNames.has(local) || local === 'id' || local === 'http-equiv') && !/^(?:a|link)$/i.test(tag.name);
}

// An input that asks for a password holds one, whatever it is called.
function nameOf(text: string, tag: Tag, walk: MediaWalk): NamedTag {
  const read = ({ start, end }: Attribute) => decodeEntities(text.slice(start, end));
  if (/^button$/i.test(tag.name)) return plainTag;
  const type = tag.attributes.find(({ name }) => name.toLowerCase() === 'type');
  if (type && /^input$/i.test(tag.name)) {
    if (/^password$/i.test(read(type))) return { named: { name: 'password', verdict: 'secret' }, sure: true };
    if (BUTTONS.test(read(type))) return plainTag;
  }
  const own = { name: localName(tag.name), verdict: walk.judge(localName(tag.name)) };
  if (isSensitive(own.verdict)) return { named: own, sure: true };
  let context: NamedTag | undefined;
  for (const attribute of tag.attributes) {
    if (!isNaming(attribute.name, tag) || attribute.end - attribute.start > 256) continue;
    const name = read(attribute);
    const named = { named: { name, verdict: walk.judge(name) }, sure: attribute.name.toLowerCase() !== 'id' };
    if (isSensitive(named.named.verdict)) return named;
    if (named.named.verdict === 'context' && /^(?:auth|key)$/i.test(name)) context ??= named;
  }
  return context ?? plainTag;
}

const plainTag: NamedTag = { named: { name: '', verdict: 'plain' }, sure: false };

const LINK = /^(?:href|src|action|formaction|cite|poster|data|url|uri|link|location|target|endpoint)$/;

/** What a value holds: a URL with parameters, or a document of its own. */
function redactHeld(text: string, attribute: Attribute, value: string, walk: MediaWalk, edits: Edits): void {
  const { name, start, end } = attribute;
  const isUrl = LINK.test(localName(name)) || /^(?:[a-z][a-z0-9+.-]{0,20}:)?\/\//i.test(value);
  if (isUrl && /[?#@;]/.test(value)) {
    const url = redactUrl(text.slice(start, end));
    if (url.count > 0) edits.add(start, end, url.text);
  } else if (/^\s*[[{]/.test(value) || (value.includes('=') && value.length !== end - start)) {
    const inner = walk.inner(value, '');
    if (inner.count > 0) edits.add(start, end, encodeEntities(inner.text), inner.count);
  }
}
