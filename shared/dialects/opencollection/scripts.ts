import type { Script } from '../../collection/model.ts';
import { isObject, listOr, objectOr, textOf } from '../../collection/narrow.ts';

/** The scripts of one level. */
export interface ScriptLevel {
  readonly from: Script['from'];
  readonly scripts: unknown;
}

const JAVASCRIPT = 'text/javascript';

/**
 * Scripts in run order. Before the request from the collection inwards; after it Bruno goes from the request outwards
 * (its "sandwich") unless the collection says `sequential`; tests run after all other scripts.
 */
export function scriptsInOrder(levels: readonly ScriptLevel[], flow: 'sandwich' | 'sequential'): Script[] {
  const outward = flow === 'sequential' ? levels : levels.toReversed();
  return [
    ...levels.flatMap((level) => scriptsOf(level, 'before-request', { phase: 'before' })),
    ...outward.flatMap((level) => scriptsOf(level, 'after-response', { phase: 'after', stage: 'response' })),
    ...outward.flatMap((level) => scriptsOf(level, 'tests', { phase: 'after', stage: 'tests' })),
  ];
}

/** How the document wants its scripts to run: an extension of Bruno. */
export function scriptFlow(extensions: unknown): 'sandwich' | 'sequential' {
  const { flow } = objectOr(objectOr(objectOr(extensions).bruno).scripts);
  return flow === 'sequential' ? 'sequential' : 'sandwich';
}

/** Whether a level has a script of a stage that does not exist here. */
export function hasHooks(scripts: unknown): boolean {
  return listOr(scripts).some(
    (script) => isObject(script) && script.type === 'hooks' && textOf(script.code).trim() !== '',
  );
}

function scriptsOf({ from, scripts }: ScriptLevel, type: string, when: Pick<Script, 'phase' | 'stage'>): Script[] {
  return listOr(scripts).flatMap((script) => {
    if (!isObject(script) || script.type !== type) return [];
    const source = textOf(script.code);
    return source.trim() === '' ? [] : [{ ...when, from, language: JAVASCRIPT, source }];
  });
}
