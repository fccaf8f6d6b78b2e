// Every tool call passes here: strict arguments in, `Presented` out, whatever the handler does. The handlers and all they
// import load at the first call, so that listing the tools stays quick.
import type { Contract } from '../../shared/contracts/contract.ts';
import { failure } from '../../shared/failure/failure.ts';
import type { Result } from '../../shared/failure/result.ts';
import type { Principal } from '../../shared/policy/policy.ts';
import type { ApprovalAnswer } from '../execute/approval.ts';
import type { ExecutionContext } from '../execute/ports.ts';
import { createResponseStore } from '../execute/response-store.ts';
import type { Presented, PresentedQuestion } from './present.ts';

export interface ToolboxOptions {
  /** Opens workspace, vault and journal; called at the first call, and again after a failure. */
  readonly open: () => Promise<Result<ExecutionContext>>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly randomId: () => string;
  /** Told of a bug; the caller learns only the correlation id. */
  readonly onBug?: (error: unknown, correlationId: string) => void;
}

export interface ToolCall {
  readonly principal: Principal;
  readonly signal: AbortSignal;
  readonly approval?: ApprovalAnswer;
}

export interface Toolbox {
  /** Runs a tool of the contracts by name with arguments as they came; never throws for what the caller did. */
  run(contract: Contract, args: unknown, call: ToolCall): Promise<Presented | PresentedQuestion>;
  /** Loads and opens what the first call needs; failures are left to that call. */
  warm(): Promise<void>;
}

export function createToolbox(options: ToolboxOptions): Toolbox {
  const responses = createResponseStore(options);
  const cursorKey = options.randomId();
  let opening: Promise<Result<ExecutionContext>> | undefined;
  const open = async (): Promise<Result<ExecutionContext>> => {
    opening ??= options.open();
    const opened = await opening.catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
    if (!opened.ok) opening = undefined;
    return opened;
  };

  return {
    async run(contract, args, call) {
      const correlationId = options.randomId();
      const { runTool } = await import('./run-tool.ts');
      try {
        return await runTool(contract, args, { ...call, correlationId }, { open, responses, cursorKey });
      } catch (error) {
        options.onBug?.(error, correlationId);
        return (await import('./present.ts')).presentFailure(failure('INTERNAL/BUG'), correlationId);
      }
    },
    async warm() {
      await Promise.all([import('./run-tool.ts'), open()]).catch(() => undefined);
    },
  };
}
