import { limits } from '../../shared/limits.ts';
import type { ExecuteCall, ExecuteInput } from './execute-request.ts';
import type { DeliveryLimits, ExecutionContext } from './ports.ts';

/** What the courier is held to: the policy, with what the caller asked for and reaches. */
export function deliveryLimits(
  { timeoutMs, showBytes }: Pick<ExecuteInput, 'timeoutMs' | 'showBytes'>,
  { policy }: Pick<ExecutionContext, 'policy'>,
  { principal }: Pick<ExecuteCall, 'principal'>,
): DeliveryLimits {
  const { responseBytes, redirects, timeoutMs: most } = policy.limits;
  const { handles } = policy.reach ?? {};
  return {
    timeoutMs: Math.min(timeoutMs ?? most, limits.maxTimeoutMs),
    responseBytes,
    redirects,
    caller: principal.id,
    ...(handles && { handles }),
    ...(showBytes && { showBytes }),
  };
}
