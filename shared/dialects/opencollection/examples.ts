import type { Example } from '../../collection/model.ts';
import { isObject, listOr, objectOr, textOf } from '../../collection/narrow.ts';
import { redactSavedBody } from '../../collection/seal-literals.ts';
import { readFields } from './fields.ts';
import type { Sealer } from './sealer.ts';

/** Saved answers. What they hold is somebody's real answer, so the body is redacted before it is in the model. */
export function readExamples(list: unknown, sealer: Sealer): Example[] {
  return listOr(list).flatMap((example) => {
    if (!isObject(example)) return [];
    const response = objectOr(example.response);
    const body = textOf(objectOr(response.body).data);
    return [
      {
        name: textOf(example.name),
        ...(typeof response.status === 'number' && { status: response.status }),
        headers: readFields(response.headers, sealer.header, sealer),
        ...(body !== '' && { body: redactSavedBody(body) }),
      },
    ];
  });
}
