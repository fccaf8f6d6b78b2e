import { mergeAnswerVariables } from '../../collection/answer-variables.ts';
import type { AnswerVariable } from '../../collection/model.ts';
import { descriptionOfPair } from './fields.ts';
import { type BruBlock, pairsOf } from './syntax.ts';

/** `vars:post-response` of the collection, its folders and the request, outermost first. */
export function readAnswerVariables(levels: readonly (readonly BruBlock[])[]): AnswerVariable[] {
  return mergeAnswerVariables(
    levels.map((blocks) =>
      pairsOf(blocks, 'vars:post-response').map((pair): AnswerVariable => {
        const isLocal = pair.name.startsWith('@');
        return {
          name: isLocal ? pair.name.slice(1) : pair.name,
          expression: pair.value,
          enabled: pair.enabled,
          ...(isLocal && { scope: 'request' }),
          ...descriptionOfPair(pair),
        };
      }),
    ),
  );
}
