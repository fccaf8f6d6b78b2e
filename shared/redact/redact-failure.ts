import { shownName } from '../collection/shown-name.ts';
import { type Failure, failure } from '../failure/failure.ts';
import { redactText } from './redact-text.ts';

/** A failure as it may be told to those who are not the operator: what looks like a secret in its facts is gone. */
export function redactFailure({ code, facts, where }: Failure): Failure {
  const safe = Object.entries(facts).map(([name, fact]) => [
    name,
    typeof fact === 'string' ? redactText(fact).text : fact,
  ]);
  const shown = where && { ...where, file: shownName(where.file) };
  return failure(code, Object.fromEntries(safe) as Failure['facts'], shown);
}
