// The prompts that a person may pick in a client. Each puts what this server knows about one request into one message.
import { z } from 'zod';
import { limits } from '../limits.ts';
import type { Contract } from './contract.ts';
import { ref } from './fields.ts';

/** MCP gives a prompt's arguments as texts. */
type PromptInput = z.ZodType<Readonly<Record<string, string | undefined>>>;

export interface PromptContract extends Pick<Contract<PromptInput>, 'name' | 'input'> {
  readonly title: string;
  readonly description: string;
  /** What the model is asked for; our own words, in front of the context. */
  readonly task: string;
}

const request_id = ref('Id from list_requests, or an unambiguous name.');
const environment_id = ref('Id or unambiguous name of an environment.').optional();

export const explainRequest = {
  name: 'explain_request',
  title: 'Explain a saved request',
  description: 'Explains what a saved request does, what it needs and what it changes. Sends nothing.',
  task: 'Explain this saved API request to a person: what it does, what it needs (parameters, variables, credentials by name), what it changes on the server, and what could go wrong. Secrets are references; their values are not available.',
  input: z.strictObject({ request_id, environment_id }),
} satisfies PromptContract;

export const debugExecution = {
  name: 'debug_execution',
  title: 'Debug an execution',
  description:
    'Looks at the latest executions of a saved request, or at one of them, and says what went wrong and what to try. Sends nothing.',
  task: 'Find out why this API request did not do what was expected. Compare the saved request with what happened when it was executed, name the most likely causes, and propose the next steps in order. Secrets are references; their values are not available.',
  input: z.strictObject({
    request_id,
    correlation_id: z.string().min(1).max(200).optional().describe('Of one execution; the latest ones if left out.'),
    environment_id,
    problem: z.string().max(limits.promptProblemChars).optional().describe('What was expected, in words.'),
  }),
} satisfies PromptContract;

export const writeTests = {
  name: 'write_tests',
  title: 'Write tests for a request',
  description: 'Asks for tests of a saved request: the expected answer, its shape, and the failures worth a test.',
  task: "Write tests for this saved API request: the expected status and shape of the answer, the edge cases of each parameter, and the failures that a client has to handle. Use the test syntax of the collection's own format unless told otherwise. Refer to secrets by their reference only; their values are not available.",
  input: z.strictObject({
    request_id,
    environment_id,
    framework: z.string().max(200).optional().describe('Test framework or syntax to write for.'),
  }),
} satisfies PromptContract;

export const prompts = [explainRequest, debugExecution, writeTests] as const satisfies readonly PromptContract[];

/** What is asked with, of any form: what is wrong with it is the product's own failure, not a schema's message. */
export const promptParams = z.looseObject({ name: z.unknown().optional(), arguments: z.unknown().optional() });

export interface PromptArgument {
  readonly name: string;
  readonly description: string;
  readonly required: boolean;
}

/** The arguments of a prompt as MCP's prompts/list tells them: texts, each required or not. */
export function promptArguments({ input }: Pick<PromptContract, 'input'>): readonly PromptArgument[] {
  const { properties = {}, required = [] } = z.toJSONSchema(input, { io: 'input' });
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    description: typeof schema === 'object' ? (schema.description ?? '') : '',
    required: required.includes(name),
  }));
}
