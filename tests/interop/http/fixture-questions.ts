// The fixture tools that need something of the client first. In the older era nothing can be asked: each request stands alone.
import { randomBytes } from 'node:crypto';
import {
  acceptedContent,
  createRequestStateCodec,
  type ElicitRequestFormParams,
  type InputRequests,
  inputRequired,
  inputResponse,
  type McpServer,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { z } from 'zod';
import { declaredCapabilities } from '../../../src/server/approvals.ts';

type Fields = ElicitRequestFormParams['requestedSchema']['properties'];

/** What is sent through the client and comes back; whoever changes it is refused before any fixture is called. */
export const states = createRequestStateCodec<{ round: number; name?: string }>({ key: randomBytes(32) });

const form = (message: string, properties: Fields, required = Object.keys(properties)) =>
  inputRequired.elicit({ message, requestedSchema: { type: 'object', properties, required } });
const sampling = (words: string, maxTokens: number) =>
  inputRequired.createMessage({ messages: [{ role: 'user', content: { type: 'text', text: words } }], maxTokens });
const name = form('What is your name?', { name: { type: 'string' } });
const confirm = form('Please confirm', { ok: { type: 'boolean' } });
const done = (words: string) => ({ content: [{ type: 'text' as const, text: words }] });

/** Tools that ask once, by the answers they wait for. */
const asking: Readonly<Record<string, InputRequests>> = {
  test_sampling: { answer: sampling('Test prompt for sampling', 100) },
  test_elicitation: { answer: form('Who are you?', { username: { type: 'string' }, email: { type: 'string' } }) },
  test_elicitation_sep1034_defaults: {
    answer: form('Please review', {
      name: { type: 'string', default: 'John Doe' },
      age: { type: 'integer', default: 30 },
      score: { type: 'number', default: 95.5 },
      status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
      verified: { type: 'boolean', default: true },
    }),
  },
  test_elicitation_sep1330_enums: {
    answer: form('Please select', {
      untitledSingle: { type: 'string', enum: ['option1', 'option2', 'option3'] },
      titledSingle: { type: 'string', oneOf: [{ const: 'value1', title: 'First' }] },
      legacyEnum: { type: 'string', enum: ['opt1', 'opt2'], enumNames: ['Option One', 'Option Two'] },
      untitledMulti: { type: 'array', items: { type: 'string', enum: ['option1', 'option2', 'option3'] } },
      titledMulti: { type: 'array', items: { anyOf: [{ const: 'value1', title: 'First' }] } },
    }),
  },
  test_missing_capability: { answer: sampling('Never answered', 1) },
  test_input_required_result_elicitation: { user_name: name },
  test_input_required_result_sampling: { capital_question: sampling('What is the capital of France?', 100) },
  test_input_required_result_list_roots: { client_roots: inputRequired.listRoots() },
};

/** The same with a state that must come back as it was. */
const stateful: Readonly<Record<string, InputRequests>> = {
  test_input_required_result_request_state: { confirm },
  test_input_required_result_tampered_state: { confirm },
  test_input_required_result_multiple_inputs: {
    user_name: name,
    greeting: sampling('Generate a greeting', 50),
    client_roots: inputRequired.listRoots(),
  },
};

export function addQuestions(server: McpServer): void {
  for (const [tool, inputRequests] of Object.entries(asking)) {
    server.registerTool(tool, { description: 'Asks the client first' }, ({ mcpReq }) =>
      answered(mcpReq, inputRequests) ? done('The client answered') : inputRequired({ inputRequests }),
    );
  }
  for (const [tool, inputRequests] of Object.entries(stateful)) {
    server.registerTool(tool, { description: 'Asks the client first' }, async ({ mcpReq }) => {
      if (answered(mcpReq, inputRequests) && mcpReq.requestState() !== undefined) return done('state-ok');
      return inputRequired({ inputRequests, requestState: await states.mint({ round: 1 }) });
    });
  }
  server.registerTool('test_input_required_result_multi_round', { description: 'Asks twice' }, ({ mcpReq }) =>
    nextRound(mcpReq),
  );
  server.registerTool('test_input_required_result_capabilities', { description: 'Asks what it may' }, (ctx) => {
    const { elicitation, sampling: may } = { ...(declaredCapabilities(ctx) as Readonly<Record<string, unknown>>) };
    const inputRequests: InputRequests = {
      ...(elicitation !== undefined && { name }),
      ...(may !== undefined && { greeting: sampling('Generate a greeting', 50) }),
    };
    return answered(ctx.mcpReq, inputRequests) ? done('The client answered') : inputRequired({ inputRequests });
  });
  const context = { user_context: form('What context should the prompt use?', { context: { type: 'string' } }) };
  server.registerPrompt('test_input_required_result_prompt', { description: 'Asks the client first' }, ({ mcpReq }) => {
    if (!answered(mcpReq, context)) return inputRequired({ inputRequests: context });
    return { messages: [{ role: 'user', content: { type: 'text', text: 'The client answered' } }] };
  });
}

type Asked = ServerContext['mcpReq'];

/** Whether there is an answer of the right kind to each question. */
function answered({ inputResponses }: Asked, requests: InputRequests): boolean {
  const kinds = { 'elicitation/create': 'elicit', 'sampling/createMessage': 'sampling', 'roots/list': 'roots' };
  return Object.entries(requests).every(
    ([key, { method }]) => inputResponse(inputResponses, key).kind === kinds[method],
  );
}

async function nextRound(mcpReq: Asked) {
  const before = mcpReq.requestState<{ round: number; name?: string }>();
  const first = acceptedContent(mcpReq.inputResponses, 'step1', z.object({ name: z.string() }));
  const second = acceptedContent(mcpReq.inputResponses, 'step2', z.object({ color: z.string() }));
  if (before?.round === 2 && second) return done(`${before.name} likes ${second.color}`);
  if (before?.round === 1 && first) {
    const step2 = form('Step 2: What is your favorite color?', { color: { type: 'string' } });
    return inputRequired({ inputRequests: { step2 }, requestState: await states.mint({ round: 2, ...first }) });
  }
  const step1 = form('Step 1: What is your name?', { name: { type: 'string' } });
  return inputRequired({ inputRequests: { step1 }, requestState: await states.mint({ round: 1 }) });
}
