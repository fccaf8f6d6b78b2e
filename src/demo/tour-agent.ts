// Second half of the tour: what an agent does over MCP, and what it gets.
import { countSecret } from './find-secret.ts';
import type { McpClient, ToolAnswer } from './mcp-client.ts';
import type { Narrator } from './narrator.ts';
import type { Stage } from './stage.ts';

export const ENVIRONMENT = 'Harbour (this machine)';
const METADATA = 'http://169.254.169.254';

export async function askTheAgent(agent: McpClient, narrator: Narrator): Promise<void> {
  narrator.step('An agent connects over MCP and looks around');
  narrator.typed('keyward serve ./harbour');
  const tools = await agent.listTools();
  narrator.say(`${tools.length} tools: ${tools.join(', ')}`);
  const listed = await agent.callTool('list_requests', {});
  for (const request of recordsOf(listed, 'requests')) {
    narrator.quote(
      `${textOf(request, 'method').padEnd(5)} ${textOf(request, 'name').padEnd(18)} ${textOf(request, 'url')}`,
    );
  }
  narrator.claim(recordsOf(listed, 'requests').length === 7, 'list_requests: the seven requests of the collection');
  const described = await agent.callTool('describe_request', {
    request_id: 'Get account',
    environment_id: ENVIRONMENT,
  });
  const auth = JSON.stringify(described.structured.auth);
  narrator.quote(`auth: ${auth}`);
  narrator.claim(auth.includes('"kind":"handle"'), 'describe_request: the key is a reference, nothing more');
}

export async function callAsTheAgent(agent: McpClient, { api }: Stage, narrator: Narrator): Promise<void> {
  narrator.step('It calls the API with a key it never sees');
  narrator.say('execute_read_request "Get account", answered as the agent got it:');
  const answer = await agent.callTool('execute_read_request', {
    request_id: 'Get account',
    environment_id: ENVIRONMENT,
  });
  const { headers, body } = answer.structured as { headers?: unknown; body?: { value?: unknown } };
  for (const header of telling(headers)) narrator.quote(header);
  narrator.quote(JSON.stringify(body?.value ?? answer.structured, null, 2));
  narrator.claim(answer.structured.status === 200 && api.accepted() === 1, 'status 200: the API got the real key');
}

export async function writeAsTheAgent(agent: McpClient, questions: string[], narrator: Narrator): Promise<void> {
  narrator.step('A write asks the person first');
  const answer = await agent.callTool('execute_request', {
    request_id: 'Announce arrival',
    environment_id: ENVIRONMENT,
  });
  narrator.quote(questions.join('\n') || '(nothing was asked)');
  narrator.claim(questions.length === 1, 'asked through the client; the demo said yes');
  narrator.claim(answer.structured.status === 201, 'status 201: booked');
}

export async function logInAsTheAgent(agent: McpClient, { api }: Stage, narrator: Narrator): Promise<void> {
  narrator.step('It logs in, and uses a token that it never sees');
  const opened = await agent.callTool('execute_request', { request_id: 'Open session', environment_id: ENVIRONMENT });
  const { captured = {}, body } = opened.structured as {
    captured?: Record<string, string>;
    body?: { value?: unknown };
  };
  narrator.quote(JSON.stringify(body?.value ?? opened.structured));
  const { session_token: session = '' } = captured;
  narrator.claim(session === '{{captured:session_token_1}}', 'in the place of the token: a name for it');
  narrator.say(`execute_read_request "Read logbook" with session = ${session}:`);
  const read = await agent.callTool('execute_read_request', {
    request_id: 'Read logbook',
    environment_id: ENVIRONMENT,
    variables: { session },
  });
  narrator.quote(JSON.stringify((read.structured.body as { value?: unknown } | undefined)?.value ?? read.structured));
  narrator.claim(read.structured.status === 200, 'status 200: the API got its own token back');
  narrator.claim(countSecret(agent.received(), api.sessionToken) === 0, 'the agent received it nowhere');
}

export async function signByScript(agent: McpClient, narrator: Narrator): Promise<void> {
  narrator.step('A script of the collection signs with the key, and does not see it either');
  narrator.quote("CryptoJS.HmacSHA256(text, '{{vault:HARBOUR_TOKEN}}').toString()");
  const answer = await agent.callTool('execute_read_request', {
    request_id: 'Read tides',
    environment_id: ENVIRONMENT,
  });
  const tests = recordsOf(answer, 'tests');
  for (const test of tests) narrator.quote(`${textOf(test, 'status')}: ${textOf(test, 'name')}`);
  narrator.claim(answer.structured.status === 200, 'status 200: the signature is right');
  const passed = tests.filter(({ status }) => status === 'passed').length;
  narrator.claim(passed === 2 && tests.length === 2, 'its two tests ran in the sandbox and passed');
}

export async function refuseTheAgent(agent: McpClient, stage: Stage, narrator: Narrator): Promise<void> {
  narrator.step('What it cannot do');
  narrator.say(`Send the same key to ${stage.elsewhere.origin}, by a variable of its own:`);
  const moved = await tryWith(agent, 'Get account', stage.elsewhere.origin);
  narrator.quote(refusal(moved));
  narrator.claim(moved.text.includes('SECRET/ORIGIN_NOT_BOUND'), 'refused: the key is not bound to that origin');
  narrator.claim(stage.elsewhere.connections() === 0, 'connections that server saw: 0');
  narrator.say(`Ask the cloud's metadata address, ${METADATA}, without any key:`);
  const metadata = await tryWith(agent, 'Harbour status', METADATA);
  narrator.quote(refusal(metadata));
  narrator.claim(
    metadata.text.includes('NETWORK/ADDRESS_DENIED'),
    'refused, and no file of the workspace can allow it',
  );
}

function tryWith(agent: McpClient, request: string, baseUrl: string): Promise<ToolAnswer> {
  return agent.callTool('execute_read_request', {
    request_id: request,
    environment_id: ENVIRONMENT,
    variables: { baseUrl },
  });
}

/** The code and sentence of a refusal, as the agent reads them. */
function refusal({ text }: ToolAnswer): string {
  const { code, message } = JSON.parse(text) as { code?: string; message?: string };
  return `${code ?? 'no refusal'}: ${message ?? ''}`;
}

function telling(headers: unknown): string[] {
  const list = Array.isArray(headers) ? (headers as { name: string; value: string }[]) : [];
  return list
    .filter(({ name }) => /^(x-debug-authorization|set-cookie|location)$/i.test(name))
    .map(({ name, value }) => `${name}: ${value}`);
}

function recordsOf(answer: ToolAnswer, name: string): readonly Readonly<Record<string, unknown>>[] {
  const found = answer.structured[name];
  return Array.isArray(found) ? (found as Record<string, unknown>[]) : [];
}

function textOf(record: Readonly<Record<string, unknown>>, name: string): string {
  const value = record[name];
  return typeof value === 'string' ? value : '';
}
