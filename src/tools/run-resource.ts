import { type ResourceContract, resourceContent, resourceList } from '../../shared/contracts/resources.ts';
import { failure } from '../../shared/failure/failure.ts';
import { err, type Result } from '../../shared/failure/result.ts';
import type { ExecuteCall } from '../execute/execute-request.ts';
import { createCursors } from './cursors.ts';
import { type Presented, type PresentOptions, present, presentFailure } from './present.ts';
import { listResources, readResource } from './resources.ts';
import type { RunContext } from './run-tool.ts';

export type ResourceCall =
  | { readonly method: 'resources/list'; readonly cursor?: unknown }
  | { readonly method: 'resources/read'; readonly uri: unknown };

/** Opens the workspace and presents what was asked for; undefined where there is no such resource, or a hidden one. */
export async function runResource(
  asked: ResourceCall,
  call: ExecuteCall,
  { open, responses, cursorKey, newId }: RunContext,
): Promise<Presented | undefined> {
  const opened = await open(call.principal);
  if (!opened.ok) return presentFailure(opened.failure, call.correlationId);
  const cursors = createCursors(`${cursorKey} ${call.principal.id}`, opened.value.digest);
  const options = { correlationId: call.correlationId, newId };
  const context = { ...opened.value, responses, cursors, call };
  if (asked.method === 'resources/list') {
    const { cursor } = asked;
    if (cursor !== undefined && typeof cursor !== 'string') return show(notText('cursor'), resourceList, options);
    return show(listResources(cursor, context), resourceList, options);
  }
  if (typeof asked.uri !== 'string') return show(notText('uri'), resourceContent, options);
  const read = await readResource(asked.uri, context);
  return read && show(read, resourceContent, options);
}

function notText(argument: string): Result<never> {
  return err(failure('INPUT/INVALID', { problem: `${argument} must be a text` }));
}

function show(
  answer: Result<Readonly<Record<string, unknown>>>,
  contract: ResourceContract,
  options: PresentOptions,
): Presented {
  return answer.ok ? present(answer.value, contract, options) : presentFailure(answer.failure, options.correlationId);
}
