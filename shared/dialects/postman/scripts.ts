import type { Script } from '../../collection/model.ts';
import { isObject, listOr } from '../../collection/narrow.ts';

const PHASES = { prerequest: 'before', test: 'after' } as const;

/** The scripts of one level, empty ones left out. */
export function readScripts(events: unknown, from: Script['from']): Script[] {
  return listOr(events).flatMap((event) => {
    if (!isObject(event) || event.disabled) return [];
    const listen = event.listen;
    if (listen !== 'prerequest' && listen !== 'test') return [];
    const script = isObject(event.script) ? event.script : { exec: event.script };
    const source = sourceOf(script.exec);
    const language = typeof script.type === 'string' ? script.type : 'text/javascript';
    return source.trim() === '' ? [] : [{ phase: PHASES[listen], from, language, source }];
  });
}

function sourceOf(exec: unknown): string {
  if (typeof exec === 'string') return exec;
  return listOr(exec)
    .filter((line) => typeof line === 'string')
    .join('\n');
}
