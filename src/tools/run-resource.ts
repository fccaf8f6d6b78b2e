import { type ResourceContract, resourceContent, resourceList } from '../../shared/contracts/resources.ts';
import type { Result } from '../../shared/failure/result.ts';
import type { ExecuteCall } from '../execute/execute-request.ts';
import { createCursors } from './cursors.ts';
import { type Presented, present, presentFailure } from './present.ts';
import { listResources, readResource } from './resources.ts';
import type { RunContext } from './run-tool.ts';

export type ResourceCall =
  | { readonly method: 'resources/list'; readonly cursor?: string }
  | { readonly method: 'resources/read'; readonly uri: string };

/** Opens the workspace and presents what was asked for; undefined where there is no such resource, or a hidden one. */
export async function runResource(
  asked: ResourceCall,
  call: ExecuteCall,
  { open, responses, cursorKey }: RunContext,
): Promise<Presented | undefined> {
  const opened = await open();
  if (!opened.ok) return presentFailure(opened.failure, call.correlationId);
  const cursors = createCursors(cursorKey, opened.value.digest);
  const context = { ...opened.value, responses, cursors, call };
  if (asked.method === 'resources/list') return show(listResources(asked.cursor, context), resourceList, call);
  const read = await readResource(asked.uri, context);
  return read && show(read, resourceContent, call);
}

function show(
  answer: Result<Readonly<Record<string, unknown>>>,
  contract: ResourceContract,
  { correlationId }: ExecuteCall,
): Presented {
  return answer.ok ? present(answer.value, contract, { correlationId }) : presentFailure(answer.failure, correlationId);
}
