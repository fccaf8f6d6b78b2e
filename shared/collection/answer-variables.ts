import type { AnswerVariable } from './model.ts';

/** Lists of the levels around a request, outermost first, as one: an enabled one takes the place of those of its name further out. */
export function mergeAnswerVariables(levels: readonly (readonly AnswerVariable[])[]): AnswerVariable[] {
  const hidden = new Set<string>();
  const kept: AnswerVariable[][] = [];
  for (const list of levels.toReversed()) {
    kept.unshift(list.filter(({ name }) => !hidden.has(name)));
    for (const { name, enabled } of list) if (enabled) hidden.add(name);
  }
  return kept.flat();
}
