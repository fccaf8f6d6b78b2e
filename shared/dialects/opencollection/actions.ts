// Actions of a request and of what surrounds it. The one kind that there is sets a variable; Bruno runs those of the phase after the answer.
import { mergeAnswerVariables } from '../../collection/answer-variables.ts';
import type { AnswerVariable } from '../../collection/model.ts';
import { descriptionOf, isObject, type JsonObject, listOr, objectOr, textOf } from '../../collection/narrow.ts';
import { isEnabled } from './fields.ts';
import { type Block, stateOf } from './write-fields.ts';

/** The variables that are set from the answer; `levels` are the lists of actions, outermost first. */
export function readAnswerVariables(levels: readonly unknown[]): AnswerVariable[] {
  return mergeAnswerVariables(levels.map((actions) => listOr(actions).filter(isFromAnswer).map(toVariable)));
}

/** Whether there is one that is not run here. */
export function hasOtherActions(actions: unknown): boolean {
  return listOr(actions).some((action) => isObject(action) && isEnabled(action) && !isFromAnswer(action));
}

export function writeActions(variables: readonly AnswerVariable[]): Block[] {
  return variables.map(({ name, expression, scope = 'runtime', ...state }) => ({
    type: 'set-variable',
    phase: 'after-response',
    selector: { expression, method: 'jsonq' },
    variable: { name, scope },
    ...stateOf(state),
  }));
}

function isFromAnswer(action: unknown): action is JsonObject {
  return isObject(action) && action.type === 'set-variable' && action.phase === 'after-response';
}

function toVariable(action: JsonObject): AnswerVariable {
  const { name, scope } = objectOr(action.variable);
  const stated = SCOPES.find((each) => each === scope);
  return {
    name: textOf(name),
    expression: textOf(objectOr(action.selector).expression),
    enabled: isEnabled(action),
    ...(stated && { scope: stated }),
    ...descriptionOf(action.description),
  };
}

const SCOPES = ['request', 'folder', 'collection', 'environment'] as const;
