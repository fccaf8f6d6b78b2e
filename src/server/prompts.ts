// MCP's prompts over the toolbox. What cannot be shown is a protocol error with the product's own failure as its data.
import { type GetPromptResult, ProtocolError, ProtocolErrorCode, type Server } from '@modelcontextprotocol/server';
import { promptArguments, promptParams, prompts } from '../../shared/contracts/prompts.ts';
import type { Toolbox } from '../tools/toolbox.ts';
import { type CallScope, toolCall } from './call-scope.ts';
import { structuredOf } from './presented-structure.ts';

/** Answers prompts/list and prompts/get. */
export function servePrompts(server: Server, toolbox: Toolbox, scope: CallScope): void {
  server.setRequestHandler('prompts/list', () => ({ prompts: listPrompts() }));
  server.setRequestHandler('prompts/get', { params: promptParams }, async (params, ctx) => {
    const asked = { name: params.name, arguments: params.arguments };
    const made = await toolbox.prompt(asked, toolCall(scope, ctx));
    if (made === undefined) throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'Unknown prompt');
    if (!('prompt' in made)) throw new ProtocolError(ProtocolErrorCode.InternalError, 'The prompt could not be made');
    const { prompt, context } = made;
    structuredOf(context);
    return {
      description: prompt.description,
      messages: [{ role: 'user', content: { type: 'text', text: `${prompt.task}\n\n${context.text}` } }],
    } satisfies GetPromptResult;
  });
}

/** The prompts as prompts/list tells them; the same for every caller. */
export function listPrompts() {
  return prompts.map((prompt) => ({
    name: prompt.name,
    title: prompt.title,
    description: prompt.description,
    arguments: promptArguments(prompt).map((argument) => ({ ...argument })),
  }));
}
