import { ok, type Result } from '../../shared/failure/result.ts';
import type { ExecutionContext } from '../execute/ports.ts';
import { prepare } from '../execute/prepare.ts';
import type { SealedHalf } from '../sealed-half.ts';
import type { Vault } from '../vault/open-vault.ts';
import type { OperatorLogin } from './parts.ts';

/** A request as its files alone give it, and what logs in for it. Failures: those of the parts, of finding and of planning it. */
export async function openLogin(
  context: Result<ExecutionContext>,
  vault: Result<Vault>,
  sealed: Pick<SealedHalf, 'logins'>,
  [requestId, environmentId]: readonly [request: string, environment?: string | undefined],
): Promise<Result<OperatorLogin>> {
  if (!context.ok) return context;
  if (!vault.ok) return vault;
  const asked = { requestId, overrides: {}, caller: 'shell', ...(environmentId !== undefined && { environmentId }) };
  const prepared = await prepare(asked, context.value);
  if (!prepared.ok) return prepared;
  const logins = await sealed.logins(context.value.policy, vault.value);
  return ok({ plan: prepared.value.plan, logins });
}
