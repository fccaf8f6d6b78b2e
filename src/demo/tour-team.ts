// The same collections over HTTP: each agent with a key of its own, and its own reach.
import { countSecret } from './find-secret.ts';
import { type HttpAnswer, type HttpServer, startHttpServer } from './http-server.ts';
import type { Narrator } from './narrator.ts';
import type { Stage } from './stage.ts';
import { ENVIRONMENT } from './tour-agent.ts';

export async function serveATeam(stage: Stage, narrator: Narrator): Promise<void> {
  narrator.step('A team: over HTTP, with a key for each agent');
  const reader = await createKey('reader', ['read'], stage, narrator);
  const runner = await createKey('runner', ['read', 'execute'], stage, narrator);
  narrator.typed('keyward serve --http 127.0.0.1:0 ./harbour');
  const server = await startHttpServer(stage.command, [stage.workspace, '--home', stage.home]);
  const call = callTo(server);
  const stranger = await call(undefined, 'list_collections', {});
  narrator.claim(stranger.status === 401, 'without a key: 401, before a byte of the body is read');
  const page = await server.post({ method: 'tools/list' }, { ...bearer(runner), origin: 'https://evil.example' });
  narrator.claim(page.status === 403, 'from a web page, even with a key: 403');
  const listed = await call(reader, 'list_requests', {});
  const [first] = (listed.structured.requests ?? []) as { id?: string; name?: string }[];
  narrator.claim(first?.id !== undefined, `the key "reader" lists the requests, ${first?.name} among them`);
  const asked = { request_id: 'Get account', environment_id: ENVIRONMENT };
  const refused = await call(reader, 'execute_read_request', asked);
  narrator.claim(refused.text.includes('ACCESS/DENIED'), 'and executes none: ACCESS/DENIED');
  const answered = await call(runner, 'execute_read_request', asked);
  narrator.claim(answered.structured.status === 200, 'the key "runner" gets the account: status 200');
  const seen = countSecret(server.received(), stage.token);
  narrator.claim(seen === 0, `what both received over HTTP, ${server.received().length} bytes: ${seen} occurrences`);
  narrator.claim((await server.close()) === 0, 'told to end, it ended with exit code 0');
}

async function createKey(name: string, scopes: readonly string[], stage: Stage, narrator: Narrator): Promise<string> {
  const words = scopes.flatMap((scope) => ['--scope', scope]);
  narrator.typed(`keyward access create ${name} ${words.join(' ')}`);
  const made = await stage.run(['access', 'create', name, ...words, '--json']);
  const { key = '' } = JSON.parse(made.out) as { key?: string };
  narrator.quote(`${key.slice(0, 21)}… (shown once)`);
  return key;
}

const bearer = (key: string | undefined) => (key === undefined ? {} : { authorization: `Bearer ${key}` });

interface CallAnswer {
  readonly status: number;
  readonly structured: Readonly<Record<string, unknown>>;
  readonly text: string;
}

function callTo(server: HttpServer) {
  return async (key: string | undefined, name: string, args: object): Promise<CallAnswer> => {
    const answer = await server.post({ method: 'tools/call', params: { name, arguments: args } }, bearer(key));
    return { status: answer.status, ...resultOf(answer) };
  };
}

function resultOf({ message }: HttpAnswer): Omit<CallAnswer, 'status'> {
  const result = (message.result ?? {}) as {
    structuredContent?: Record<string, unknown>;
    content?: { text?: string }[];
  };
  return {
    structured: result.structuredContent ?? {},
    text: (result.content ?? []).map(({ text }) => text).join('\n'),
  };
}
