import { listOr, textOf } from '../../collection/narrow.ts';
import { isSensitiveName } from '../../redact/names.ts';

const SHOWN_VALUES = 20;
const SHOWN_CHARS = 60;

/** A description with the first of the values that an enumeration allows; those of a sensitive name are not told. */
export function describeValues(name: string, description: unknown, values: unknown): { readonly description?: string } {
  const stated = typeof description === 'string' ? description.trim() : '';
  const allowed = isSensitiveName(name) ? [] : listOr(values);
  const shown = allowed.slice(0, SHOWN_VALUES).map((value) => textOf(value).slice(0, SHOWN_CHARS));
  const more = allowed.length > SHOWN_VALUES ? ', …' : '';
  const oneOf = shown.length > 0 ? `One of: ${shown.join(', ')}${more}` : '';
  const text = [stated, oneOf].filter((part) => part !== '').join('\n');
  return text === '' ? {} : { description: text };
}
