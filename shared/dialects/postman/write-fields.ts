import type { Field, Variable } from '../../collection/model.ts';
import type { Template } from '../../template/template.ts';

export type WriteText = (template: Template) => string;

/** Whatever of a field is not the usual is written: nothing for an enabled one without a description. */
export function writeField({ name, value, enabled, description }: Field, text: WriteText) {
  return { key: text(name), value: text(value), ...writeRest({ enabled, description }) };
}

export function writeRest({ enabled, description }: { enabled: boolean; description?: string | undefined }) {
  return { ...(!enabled && { disabled: true }), ...(description !== undefined && { description }) };
}

/** A variable of a collection, a folder or a request; the schema has no mark for a secret one. */
export function writeVariable({ name, value, enabled, description }: Variable, text: WriteText) {
  return { key: name, value: text(value), ...writeRest({ enabled, description }) };
}
