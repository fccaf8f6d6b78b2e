import type { Assertion } from '../../collection/model.ts';
import { descriptionOf, isObject, listOr, textOf } from '../../collection/narrow.ts';
import { isEnabled } from './fields.ts';
import type { Sealer } from './sealer.ts';

export function readAssertions(list: unknown, sealer: Sealer): Assertion[] {
  return listOr(list).flatMap((entry) => {
    if (!isObject(entry) || textOf(entry.expression) === '') return [];
    const { value } = entry;
    return [
      {
        expression: textOf(entry.expression),
        operator: textOf(entry.operator) || 'eq',
        ...(value !== undefined && value !== null && { value: sealer.field(textOf(entry.expression), textOf(value)) }),
        enabled: isEnabled(entry),
        ...descriptionOf(entry.description),
      },
    ];
  });
}
