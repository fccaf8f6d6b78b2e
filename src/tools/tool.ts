import type { Contract, InputOf, ResultOf, Schema } from '../../shared/contracts/contract.ts';
import type { Result } from '../../shared/failure/result.ts';
import type { Question } from '../execute/approval.ts';
import type { ExecuteCall } from '../execute/execute-request.ts';
import type { ExecutionContext } from '../execute/ports.ts';
import type { ResponseStore } from '../execute/response-store.ts';
import type { Cursors } from './cursors.ts';

/** What a handler works with: the execution's capabilities, the kept responses, cursors, and the call at hand. */
export interface ToolContext extends ExecutionContext {
  readonly responses: ResponseStore;
  readonly cursors: Cursors;
  readonly call: ExecuteCall;
}

/** A handler's whole vocabulary. `present` makes the tool's result of it; a handler has no other way to answer. */
export type Answer<Output> =
  | {
      readonly kind: 'answer';
      readonly value: Output;
      /** What to answer where the value cannot be shown: for a call that must not be repeated to learn its outcome. */
      readonly instead?: () => Output;
      readonly maxChars?: number;
    }
  | { readonly kind: 'ask'; readonly question: Question };

/** What a handler of a contract gives. */
export type AnswerOf<C extends Contract> = Result<Answer<ResultOf<C>>>;

export interface Tool<C extends Contract = Contract> {
  readonly contract: C;
  handle(input: InputOf<C>, context: ToolContext): AnswerOf<C> | Promise<AnswerOf<C>>;
}

/** Ties a handler to its contract: the contract's schemas are the handler's types. */
export function tool<Input extends Schema, Output extends Schema>(
  contract: Contract<Input, Output>,
  handle: Tool<Contract<Input, Output>>['handle'],
): Tool<Contract<Input, Output>> {
  return { contract, handle };
}
