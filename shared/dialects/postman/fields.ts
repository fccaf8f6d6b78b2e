import type { Field } from '../../collection/model.ts';
import { descriptionOf, isObject, type JsonObject, listOr, textOf } from '../../collection/narrow.ts';
import { sealField, sealHeader } from '../../collection/seal-literals.ts';
import { lexTemplate } from '../../template/lex.ts';
import type { Template } from '../../template/template.ts';

type SealValue = (name: string, value: string) => Template;

/** Key/value entries as a list of objects or as a map; entries without a key keep an empty name. */
export function readFields(list: unknown, seal: SealValue = sealField): Field[] {
  if (isObject(list)) return Object.entries(list).map(([key, value]) => toField({ key, value }, seal));
  return listOr(list).flatMap((entry) => (isObject(entry) ? [toField(entry, seal)] : []));
}

/** Headers: a list of objects, a list of `A: b` lines, a map, or (2.0) one text of lines. */
export function readHeaders(header: unknown): Field[] {
  if (typeof header === 'string') return parseHeaderText(header);
  if (!Array.isArray(header)) return readFields(header, sealHeader);
  return header.flatMap((entry) =>
    typeof entry === 'string' ? parseHeaderText(entry) : readFields([entry], sealHeader),
  );
}

function toField(entry: JsonObject, seal: SealValue): Field {
  const name = textOf(entry.key ?? entry.id);
  return {
    name: lexTemplate(name),
    value: seal(name, textOf(entry.value)),
    enabled: !entry.disabled,
    ...descriptionOf(entry.description),
  };
}

/** Folded lines (obs-fold, RFC 9112 section 5.2) are joined; lines without a colon are no headers. */
function parseHeaderText(text: string): Field[] {
  const unfolded = text.replace(/\r\n(?=[ \t])/g, '');
  return unfolded.split(/\r?\n/).flatMap((line) => {
    const colon = line.indexOf(':');
    if (colon < 1) return [];
    return [toField({ key: line.slice(0, colon).trim(), value: line.slice(colon + 1).trim() }, sealHeader)];
  });
}
