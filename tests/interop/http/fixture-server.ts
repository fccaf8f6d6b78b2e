// What the conformance suite looks for by name, and the product has no use for: tools, resources and prompts of a test-only server
// that stands behind the product's own HTTP stack.
import { McpServer, type McpServerFactory, ProtocolError, ResourceTemplate } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { addQuestions, states } from './fixture-questions.ts';

const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';
const SOUND = 'UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAA=';

const text = (words: string) => ({ type: 'text', text: words }) as const;
const image = { type: 'image', data: PIXEL, mimeType: 'image/png' } as const;
const resource = (uri: string, words: string, mimeType = 'text/plain') =>
  ({ type: 'resource', resource: { uri, mimeType, text: words } }) as const;

const answers = {
  test_simple_text: [text('This is a simple text response for testing.')],
  test_image_content: [image],
  test_audio_content: [{ type: 'audio', data: SOUND, mimeType: 'audio/wav' } as const],
  test_embedded_resource: [resource('test://embedded-resource', 'This is an embedded resource content.')],
  test_multiple_content_types: [
    text('Multiple content types test:'),
    image,
    resource('test://mixed-content-resource', '{"test":"data","value":123}', 'application/json'),
  ],
};

/** The fixture server of one request. */
export const createFixtureServer: McpServerFactory = () => {
  const server = new McpServer(
    { name: 'fixture', version: '1.0.0' },
    {
      capabilities: {
        tools: { listChanged: false },
        resources: { listChanged: false },
        prompts: { listChanged: false },
        logging: {},
        completions: {},
      },
      requestState: { verify: states.verify },
    },
  );
  addTools(server);
  addQuestions(server);
  addResources(server);
  addPrompts(server);
  return server;
};

function addTools(server: McpServer): void {
  for (const [name, content] of Object.entries(answers)) {
    server.registerTool(name, { description: 'Always the same content' }, () => ({ content }));
  }
  server.registerTool('test_error_handling', { description: 'Always fails' }, () => ({
    isError: true,
    content: [text('This tool intentionally returns an error for testing')],
  }));
  const logs = { description: 'Writes three log messages' };
  server.registerTool('test_tool_with_logging', logs, async ({ mcpReq }) => {
    for (const data of ['Tool execution started', 'Tool processing data', 'Tool execution completed']) {
      await mcpReq.notify({ method: 'notifications/message', params: { level: 'info', data } });
    }
    return { content: [text('Logged')] };
  });
  server.registerTool(
    'test_logging_tool',
    { description: 'Logs where the request asks for it' },
    async ({ mcpReq }) => {
      await mcpReq.log('info', 'Logged because the request has a level');
      return { content: [text('Logged')] };
    },
  );
  server.registerTool('test_tool_with_progress', { description: 'Tells its progress' }, async ({ mcpReq }) => {
    const progressToken = mcpReq._meta?.progressToken ?? 0;
    for (const progress of [0, 50, 100]) {
      await mcpReq.notify({ method: 'notifications/progress', params: { progressToken, progress, total: 100 } });
    }
    return { content: [text('Done')] };
  });
  server.registerTool('test_streaming_elicitation', { description: 'Sends nothing of its own' }, () => ({
    content: [text('Nothing was asked')],
  }));
  const inputSchema = z.object({ region: z.string().meta({ 'x-mcp-header': 'Region' }), level: z.int().optional() });
  server.registerTool(
    'test_mirrored_header',
    { description: 'Has an argument in a header', inputSchema },
    ({ region }) => ({
      content: [text(region)],
    }),
  );
}

function addResources(server: McpServer): void {
  const words = 'This is the content of the static text resource.';
  server.registerResource('text', 'test://static-text', { mimeType: 'text/plain' }, ({ href: uri }) => ({
    contents: [{ uri, mimeType: 'text/plain', text: words }],
  }));
  server.registerResource('binary', 'test://static-binary', { mimeType: 'image/png' }, ({ href: uri }) => ({
    contents: [{ uri, mimeType: 'image/png', blob: PIXEL }],
  }));
  const template = new ResourceTemplate('test://template/{id}/data', { list: undefined });
  server.registerResource('template', template, { mimeType: 'application/json' }, ({ href: uri }, { id }) => ({
    contents: [{ uri, mimeType: 'application/json', text: JSON.stringify({ id, data: `Data for ID: ${String(id)}` }) }],
  }));
}

function addPrompts(server: McpServer): void {
  const said = (...content: (ReturnType<typeof text> | ReturnType<typeof resource> | typeof image)[]) => ({
    messages: content.map((each) => ({ role: 'user' as const, content: each })),
  });
  server.registerPrompt('test_simple_prompt', { description: 'Says one thing' }, () =>
    said(text('This is a simple prompt for testing.')),
  );
  const two = z.object({ arg1: z.string(), arg2: z.string() });
  server.registerPrompt('test_prompt_with_arguments', { description: 'Says its arguments', argsSchema: two }, (args) =>
    said(text(`Prompt with arguments: arg1='${args.arg1}', arg2='${args.arg2}'`)),
  );
  const one = z.object({ resourceUri: z.string() });
  server.registerPrompt('test_prompt_with_embedded_resource', { description: 'Embeds one', argsSchema: one }, (args) =>
    said(resource(args.resourceUri, 'Embedded resource content for testing.'), text('Please process it.')),
  );
  server.registerPrompt('test_prompt_with_image', { description: 'Shows one' }, () =>
    said(image, text('Please analyze the image above.')),
  );
  server.server.setRequestHandler('completion/complete', ({ params: { ref } }) => {
    if (ref.type === 'ref/prompt') return { completion: { values: [], total: 0, hasMore: false } };
    throw new ProtocolError(-32_602, 'Unknown reference');
  });
}
