// The contexts of MCP's prompts: what the tools show of one request, and of what became of it. A prompt sends nothing.
import { debugExecution, explainRequest, type PromptContract, writeTests } from '../../shared/contracts/prompts.ts';
import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { limits } from '../../shared/limits.ts';
import { redactProse } from '../../shared/redact/redact-prose.ts';
import { describeRequestTool } from './describe-request.ts';
import { getHistoryTool } from './get-history.ts';
import type { ToolContext } from './tool.ts';

type PromptValue = Readonly<Record<string, unknown>>;

/** What stands behind the prompt's task in the message: plain data, to be presented like every answer. */
export async function promptContext(
  { name }: PromptContract,
  input: Readonly<Record<string, string>>,
  context: ToolContext,
): Promise<Result<PromptValue>> {
  const { request_id = '', environment_id } = input;
  const described = answerOf(await describeRequestTool.handle({ request_id, environment_id }, context));
  if (!described.ok) return described;
  const { content_note, ...request } = described.value;
  if (name === explainRequest.name) return ok({ content_note, request });
  if (name === writeTests.name) return ok({ content_note, ...textOf('framework', input.framework), request });
  if (name !== debugExecution.name) throw new Error('a prompt has no context');
  const executions = await executionsOf(input, context);
  if (!executions.ok) return executions;
  return ok({ content_note, ...textOf('problem', input.problem), request, executions: executions.value });
}

// What a person wrote may hold a credential as well.
function textOf(name: string, text: string | undefined): Record<string, string> {
  return text === undefined ? {} : { [name]: redactProse(text).text };
}

const LATEST = 5;

async function executionsOf(
  { request_id = '', correlation_id }: Readonly<Record<string, string>>,
  context: ToolContext,
): Promise<Result<readonly unknown[]>> {
  const limit = correlation_id === undefined ? LATEST : limits.maxPageSize;
  const history = answerOf(await getHistoryTool.handle({ request_id, limit, cursor: undefined }, context));
  if (!history.ok) return history;
  const entries = history.value.entries.filter(
    (entry) => (correlation_id ?? entry.correlation_id) === entry.correlation_id,
  );
  return entries.length === 0 && correlation_id !== undefined
    ? err(failure('INPUT/INVALID', { problem: 'correlation_id is not one of the latest executions of this request' }))
    : ok(entries);
}

function answerOf<Output>(
  handled: Result<{ readonly kind: 'answer'; readonly value: Output } | { readonly kind: 'ask' }>,
): Result<Output> {
  if (!handled.ok) return handled;
  if (handled.value.kind === 'ask') throw new Error('a listing asked a question');
  return ok(handled.value.value);
}
