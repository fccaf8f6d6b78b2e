import type { Example } from '../../collection/model.ts';
import { isObject, listOr, textOf } from '../../collection/narrow.ts';
import { redactSavedBody } from '../../collection/seal-literals.ts';
import { readHeaders } from './fields.ts';

/** Saved responses. What they hold is somebody's real answer, so the body is redacted before it is in the model. */
export function readExamples(responses: unknown): Example[] {
  return listOr(responses).flatMap((response) => {
    if (!isObject(response)) return [];
    const { code, body } = response;
    return [
      {
        name: textOf(response.name),
        ...(typeof code === 'number' ? { status: code } : {}),
        headers: readHeaders(response.header),
        ...(typeof body === 'string' && body !== '' ? { body: redactSavedBody(body) } : {}),
      },
    ];
  });
}
