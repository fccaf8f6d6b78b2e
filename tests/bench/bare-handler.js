// The peer of the HTTP benchmark, a process of its own: the SDK's handler the way its documentation shows it, with ten trivial
// tools that are registered anew for each request, and without any check. `proxy ORIGIN` forwards instead, with undici.
import { createServer } from 'node:http';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { request } from 'undici';
import { z } from 'zod';

const VARIABLES = [{ name: 'base', enabled: true, value: 'http://127.0.0.1' }];

function createTools() {
  const server = new McpServer({ name: 'bare', version: '1.0.0' });
  for (let index = 0; index < 10; index += 1) {
    server.registerTool(
      index === 0 ? 'get_environment' : `tool_${index}`,
      {
        title: `Tool ${index}`,
        description: 'The variables of an environment',
        inputSchema: z.object({
          environment_id: z.string().describe('Id or name'),
          limit: z.number().int().optional(),
        }),
        outputSchema: z.object({
          id: z.string(),
          name: z.string(),
          variables: z.array(z.object({ name: z.string(), enabled: z.boolean(), value: z.string() })),
        }),
      },
      ({ environment_id: id }) => {
        const structuredContent = { id, name: id, variables: VARIABLES };
        return { content: [{ type: 'text', text: JSON.stringify(structuredContent) }], structuredContent };
      },
    );
  }
  return server;
}

function forward(origin) {
  return async (incoming, outgoing) => {
    const { statusCode, headers, body } = await request(`${origin}${incoming.url}`, {
      method: incoming.method,
      headers: { accept: incoming.headers.accept ?? '*/*' },
    });
    outgoing.writeHead(statusCode, headers);
    body.pipe(outgoing);
  };
}

const [, , kind, origin] = process.argv;
const answer = kind === 'proxy' ? forward(origin) : toNodeHandler(createMcpHandler(createTools));
const server = createServer((request, response) => void answer(request, response));
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
process.once('disconnect', () => process.exit());
