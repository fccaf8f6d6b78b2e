import type { Script } from '../../collection/model.ts';
import type { JsonObject } from '../../collection/narrow.ts';

const LISTEN = { before: 'prerequest', after: 'test' } as const;

export function writeEvents(scripts: readonly Script[]): { readonly event?: JsonObject[] } {
  if (scripts.length === 0) return {};
  const event = scripts.map(({ phase, language, source }) => ({
    listen: LISTEN[phase],
    script: { type: language, exec: source.split('\n') },
  }));
  return { event };
}
