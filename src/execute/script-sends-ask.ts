// The approval for what a script is about to send: that request as it will be sent, and the saved one whose script it is.
import { scopeInput } from '../../shared/request/plan-request.ts';
import { createScope, type Scope, VAULT_PREFIX } from '../../shared/template/render.ts';
import { type Approval, askForScript, type NamedSecrets } from './approval.ts';
import type { Asked } from './approval-digest.ts';
import { describeVariables } from './describe-variables.ts';
import { createDynamicValues } from './dynamic-values.ts';
import type { ExecutionContext } from './ports.ts';
import { lookupOf } from './prepare.ts';
import { earlierWrites } from './script-scope.ts';
import { templatesOf } from './template-view.ts';

/** `sent` is the approval of the request that the script made; `asked` is the one whose script it is. */
export function askForSend(asked: Asked, sent: Approval, context: ExecutionContext): Approval {
  return askForScript({ asked, sent, secrets: secretsOf(asked, context) }, context);
}

/** What the saved request names, through variables too; it may not be planned yet. */
function secretsOf(asked: Asked, context: ExecutionContext): NamedSecrets {
  const templates = templatesOf(asked.found.template);
  const scope = scopeOf(asked, context);
  const names = describeVariables(templates, scope).map(({ name }) => name);
  const values = names.flatMap((name) => {
    const found = scope.find(name);
    return found !== undefined && 'variable' in found ? [found.variable.value] : [];
  });
  return {
    handles: names.flatMap((name) => (name.startsWith(VAULT_PREFIX) ? [name.slice(VAULT_PREFIX.length)] : [])),
    inline: [...templates, ...values].some((template) => template.some(({ kind }) => kind === 'sealed')),
  };
}

function scopeOf(asked: Asked, context: ExecutionContext): Scope {
  const { overrides, caller, claims, environment, ...target } = asked;
  const written = earlierWrites(asked, caller, context.session);
  const input = scopeInput(
    {
      ...target,
      ...(environment && { environment }),
      ...(claims && { claims }),
      ...(written && { written }),
      handles: lookupOf(context.handles).find,
      dynamic: createDynamicValues(context),
      captured: (name) => context.captured.find(caller, name),
    },
    overrides.variables,
  );
  return createScope(input);
}
