import { describeRequest } from '../../shared/contracts/describe-request.ts';
import { parseArguments } from '../../shared/contracts/parse-arguments.ts';
import { type PromptContract, prompts } from '../../shared/contracts/prompts.ts';
import { redactHosts } from '../../shared/redact/redact-prompt.ts';
import type { ExecuteCall } from '../execute/execute-request.ts';
import { createCursors } from './cursors.ts';
import { type Presented, present, presentFailure } from './present.ts';
import { promptContext } from './prompts.ts';
import type { RunContext } from './run-tool.ts';

export interface PromptCall {
  readonly name: unknown;
  readonly arguments: unknown;
}

/** A prompt's task, and its context as it may be shown. */
export interface PresentedPrompt {
  readonly prompt: PromptContract;
  readonly context: Presented;
}

/** Presents what a prompt is about; undefined where there is no such prompt. */
export async function runPrompt(
  { name, arguments: args }: PromptCall,
  call: ExecuteCall,
  { open, responses, cursorKey, newId }: RunContext,
): Promise<PresentedPrompt | undefined> {
  const prompt = prompts.find((each) => each.name === name);
  if (prompt === undefined) return undefined;
  const { correlationId } = call;
  const failed = (problem: Parameters<typeof presentFailure>[0]) => ({
    prompt,
    context: presentFailure(problem, correlationId),
  });
  const input = parseArguments(prompt, args ?? {});
  if (!input.ok) return failed(input.failure);
  const opened = await open(call.principal);
  if (!opened.ok) return failed(opened.failure);
  const cursors = createCursors(`${cursorKey} ${call.principal.id}`, opened.value.digest);
  const made = await promptContext(prompt, givenTexts(input.value), { ...opened.value, responses, cursors, call });
  if (!made.ok) return failed(made.failure);
  const { content_note, ...context } = made.value;
  const shown = opened.value.policy.prompts.redactHosts ? withoutHosts(context) : context;
  return { prompt, context: present({ content_note, ...shown }, { own: OWN }, { correlationId, newId }) };
}

const OWN = describeRequest.own.map((path) => `request.${path}`);

/** Without the hosts of URLs, and of what else of a request says where it goes. */
function withoutHosts(context: Record<string, unknown>): Record<string, unknown> {
  return { ...(redactHosts(context, statedHosts(context.request)) as object) };
}

// The address of a request may have no scheme, or come from a variable or a header.
function statedHosts(request: unknown): string[] {
  const { url, headers, variables } = describeRequest.output.partial().parse(request);
  const values = [...(headers ?? []), ...(variables ?? [])].map(({ value }) => value ?? '');
  return [url ?? '', ...values].map((text) => text.replace(/^[a-z][a-z0-9+.-]*:\/\//i, '').split(/[/?#]/, 1)[0] ?? '');
}

function givenTexts(input: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(input).flatMap(([name, text]) => (text === undefined ? [] : [[name, text]])),
  );
}
