import { executeReadRequest } from '../../shared/contracts/execute-read-request.ts';
import { executeRequest as executeContract } from '../../shared/contracts/execute-request.ts';
import type { ExecutionInput } from '../../shared/contracts/execution.ts';
import { ok, type Result } from '../../shared/failure/result.ts';
import type { AgentOverrides } from '../../shared/request/overrides.ts';
import { executeRequest } from '../execute/execute-request.ts';
import { parseSelection, type Selection } from '../execute/select.ts';
import { answerExecution } from './execution-answer.ts';
import { type ToolContext, tool } from './tool.ts';

export const executeRequestTool = tool(executeContract, (input, context) => execute(input, context, false));

export const executeReadRequestTool = tool(executeReadRequest, (input, context) => execute(input, context, true));

async function execute(input: ExecutionInput, context: ToolContext, readOnly: boolean) {
  const { request_id, environment_id, timeout_ms, dry_run, response_format } = input;
  // Before anything is sent: a mistake in it must not cost the answer.
  const selection = await selectionOf(input);
  if (!selection.ok) return selection;
  const execution = await executeRequest(
    {
      requestId: request_id,
      ...(environment_id !== undefined && { environmentId: environment_id }),
      ...(timeout_ms !== undefined && { timeoutMs: timeout_ms }),
      ...(response_format === 'bytes' && { showBytes: true }),
      overrides: overridesOf(input),
      dryRun: dry_run === true,
      readOnly,
    },
    context,
    context.call,
  );
  return execution.ok
    ? ok(answerExecution(execution.value, { input, selection: selection.value, context }))
    : execution;
}

async function selectionOf({ select }: ExecutionInput): Promise<Result<Selection | undefined>> {
  return select === undefined ? ok(undefined) : parseSelection(select);
}

function overridesOf({ variables, query, headers, body }: ExecutionInput): AgentOverrides {
  return {
    ...(variables && { variables }),
    ...(query && { query }),
    ...(headers && { headers }),
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  };
}
