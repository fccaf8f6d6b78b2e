// A tool call from the shell: the same toolbox, contract and presentation as an agent's, under the principal `shell`.
import { contracts } from '../../shared/contracts/contracts.ts';
import type { FailureReport } from '../../shared/failure/failure.ts';
import { limits } from '../../shared/limits.ts';
import type { Principal } from '../../shared/policy/policy.ts';
import type { ApprovalAnswer } from '../execute/approval.ts';
import type { Presented, PresentedQuestion } from '../tools/present.ts';
import type { Toolbox } from '../tools/toolbox.ts';

/** Puts a question to a person; true approves. Absent where nobody can be asked. */
export type Ask = (question: string) => Promise<boolean>;

export type ToolOutcome =
  | { readonly ok: true; readonly value: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly failure: FailureReport };

const SHELL: Principal = { id: 'shell', kind: 'shell' };

/** About what its scripts send, and about the request itself. */
const MOST_QUESTIONS = limits.approvalRounds + 1;

/** Runs a tool by name. A call that needs approval is put to `ask` and run again with the answer, which may lead to another question. */
export async function callTool(toolbox: Toolbox, name: string, input: unknown, ask?: Ask): Promise<ToolOutcome> {
  const contract = contracts.find((candidate) => candidate.name === name);
  if (!contract) throw new Error(`there is no tool ${name}`);
  const interrupted = new AbortController();
  const stop = () => interrupted.abort();
  process.once('SIGINT', stop);
  const run = (approval?: ApprovalAnswer) =>
    toolbox.run(contract, input, { principal: SHELL, signal: interrupted.signal, ...(approval && { approval }) });
  try {
    let presented = await run();
    for (let round = 0; presented.kind === 'question' && round < MOST_QUESTIONS; round += 1) {
      presented = await run(await answer(presented, ask));
    }
    return outcomeOf(presented);
  } finally {
    process.off('SIGINT', stop);
  }
}

async function answer({ digest, text }: PresentedQuestion, ask: Ask | undefined): Promise<ApprovalAnswer> {
  if (!ask) return { digest, outcome: 'unavailable' };
  return { digest, outcome: (await ask(text)) ? 'approved' : 'declined' };
}

function outcomeOf(presented: Presented | PresentedQuestion): ToolOutcome {
  if (presented.kind === 'question') throw new Error('the request changed while it was being approved');
  if (!presented.isError && presented.structured) return { ok: true, value: presented.structured };
  return { ok: false, failure: JSON.parse(presented.text) as FailureReport };
}
