import type { JournalEvent } from './event.ts';

/**
 * The one text that stands for an event: JSON with the keys of every object in code-unit order, no white space and no
 * absent fields (after RFC 8785; an event holds text, whole numbers and booleans only, so its number rules do not matter).
 */
export function canonicalEvent(event: JournalEvent): string {
  return canonical(event);
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`);
  return `{${fields.join(',')}}`;
}
