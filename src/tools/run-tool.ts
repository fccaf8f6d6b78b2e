import type { Contract } from '../../shared/contracts/contract.ts';
import { parseArguments } from '../../shared/contracts/parse-arguments.ts';
import type { Result } from '../../shared/failure/result.ts';
import type { Principal } from '../../shared/policy/policy.ts';
import type { ExecuteCall } from '../execute/execute-request.ts';
import type { ExecutionContext } from '../execute/ports.ts';
import type { ResponseStore } from '../execute/response-store.ts';
import { createCursors } from './cursors.ts';
import { type Presented, type PresentedQuestion, present, presentFailure, presentQuestion } from './present.ts';
import type { Tool } from './tool.ts';
import { tools } from './tools.ts';

export interface RunContext {
  /** What a caller may see and do. */
  readonly open: (principal: Principal) => Promise<Result<ExecutionContext>>;
  readonly responses: ResponseStore;
  /** Unguessable; the same for the life of the process. */
  readonly cursorKey: string;
  /** An unguessable id. */
  readonly newId: () => string;
}

const byName: ReadonlyMap<string, Tool> = new Map(tools.map((each) => [each.contract.name, each]));

/** Validates the arguments, opens the workspace, handles the call and presents what came of it. */
export async function runTool(
  contract: Contract,
  args: unknown,
  call: ExecuteCall,
  { open, responses, cursorKey, newId }: RunContext,
): Promise<Presented | PresentedQuestion> {
  const { correlationId } = call;
  const handler = byName.get(contract.name);
  if (handler === undefined) throw new Error('a contract has no handler');
  const input = parseArguments(contract, args ?? {});
  if (!input.ok) return presentFailure(input.failure, correlationId);
  const opened = await open(call.principal);
  if (!opened.ok) return presentFailure(opened.failure, correlationId);
  const cursors = createCursors(`${cursorKey} ${call.principal.id}`, opened.value.digest);
  const outcome = await handler.handle(input.value, { ...opened.value, responses, cursors, call });
  if (!outcome.ok) return presentFailure(outcome.failure, correlationId);
  if (outcome.value.kind === 'ask') return presentQuestion(outcome.value.question, correlationId);
  const { value, instead, maxChars } = outcome.value;
  const options = { correlationId, newId, ...(maxChars !== undefined && { maxChars }) };
  const shown = present(recordOf(value), contract, options);
  return shown.isError && instead ? present(recordOf(instead()), contract, options) : shown;
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  if (!isRecord(value)) throw new Error('a tool answered no object');
  return value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
