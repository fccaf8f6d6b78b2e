import type { Variable } from '../../shared/collection/model.ts';
import { shownName } from '../../shared/collection/shown-name.ts';
import { CONTENT_NOTE } from '../../shared/contracts/contract.ts';
import { getEnvironment } from '../../shared/contracts/get-environment.ts';
import { ok } from '../../shared/failure/result.ts';
import { redactText } from '../../shared/redact/redact-fields.ts';
import type { HandleLookup, SecretRef } from '../../shared/secret/secret-ref.ts';
import { templateText } from '../../shared/template/lex.ts';
import { lookupOf } from '../execute/prepare.ts';
import { secretRefs } from '../execute/secrets-of.ts';
import { environmentInSession } from '../execute/session-variables.ts';
import { findEnvironment } from '../execute/visible.ts';
import { tool } from './tool.ts';

export const getEnvironmentTool = tool(getEnvironment, ({ environment_id }, context) => {
  const found = findEnvironment(context, environment_id);
  if (!found.ok) return found;
  const { id, name } = found.value;
  const variables = environmentInSession(found.value, context.call.principal.id, context.session);
  const lookup = lookupOf(context.handles).find;
  const shown = variables.map((variable) => shownVariable(variable, lookup));
  return ok({ kind: 'answer', value: { content_note: CONTENT_NOTE, id, name: shownName(name), variables: shown } });
});

function shownVariable(variable: Variable, lookup: HandleLookup) {
  const { name, enabled, value, written } = variable;
  const source = written && { source: 'session' as const };
  const secret = secretOf(variable, lookup);
  return secret
    ? { name, enabled, secret, ...source }
    : { name, enabled, value: redactText(templateText(value)).text, ...source };
}

/** A value that is nothing but one handle is that handle; any other secret one stands in the file. */
function secretOf({ secret, value }: Variable, lookup: HandleLookup): SecretRef | undefined {
  const [first, ...others] = secretRefs(value, lookup);
  if (first?.kind === 'handle' && others.length === 0 && value.length === 1) return first;
  return secret || first?.kind === 'inline' ? { kind: 'inline' } : undefined;
}
