import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contracts } from '../../../../shared/contracts/contracts.ts';
import { failure } from '../../../../shared/failure/failure.ts';
import { gateLimits } from '../../../../shared/http-limits.ts';
import type { Authentication, Refusal } from '../../../../src/access/access.ts';
import { createShop } from '../../tools/shop.ts';
import type { Stand } from '../../tools/stand.ts';
import { caller, type Era, type HttpStand, message, messageIn, type Post, serveStand, toolCall } from './http-stand.ts';

const METADATA = 'https://keyward.example/.well-known/oauth-protected-resource/mcp';
const refused = (status: Refusal['status'], rest: Partial<Refusal> = {}): Refusal => ({
  kind: 'refused',
  status,
  failure: failure('ACCESS/UNAUTHENTICATED'),
  ...rest,
});

/** A token whose issuer names the client. */
function namedBy(client: string): Authentication {
  const found = caller('token', 'named', ['read', 'execute']);
  if (found.kind === 'refused') return found;
  return { ...found, principal: { ...found.principal, about: { name: 'user-1', client } } };
}

const callers = {
  'Bearer all': caller('key', 'all', ['read', 'execute:unsafe', 'history', 'secrets']),
  'Bearer reader': caller('key', 'reader', ['read']),
  'Bearer runner': caller('key', 'runner', ['execute']),
  'Bearer token': caller('token', 'reader', ['read'], 'kw:'),
  'Bearer token-runner': caller('token', 'runner', ['execute:unsafe'], 'kw:'),
  'Bearer token-narrow': caller('token', 'narrow', ['read', 'history', 'handle:K', 'collection:P%C3%A4y%20%22roll']),
  'Bearer named': namedBy('app'),
  'Bearer expired': refused(401, { challenge: { error: 'invalid_token' } }),
  'Bearer narrow': refused(403, { challenge: { error: 'insufficient_scope', scope: 'read' } }),
  'Bearer blocked': refused(429, { retryAfterSeconds: 1.2 }),
  'Bearer waits': refused(503, { retryAfterSeconds: 0 }),
};

let stand: Stand;
let http: HttpStand;

beforeAll(async () => {
  stand = await createShop();
  const metadata = { url: METADATA, document: { resource: 'https://keyward.example/mcp' } };
  http = await serveStand(stand, { callers, metadata, settings: { origins: ['https://app.example'] } });
});
afterAll(async () => {
  await http.stop();
  await stand.close();
});

const send = (who: string, request: Post) =>
  fetch(http.url, { ...request, headers: { ...request.headers, Authorization: `Bearer ${who}` } });

describe.each<Era>(['initialize', '2026-07-28'])('%s', (era) => {
  it('shows each caller the tools of its groups', async () => {
    const shown = async (who: string): Promise<string[]> => {
      const { result } = messageIn(await (await send(who, message(era, 'tools/list'))).text());
      if (era === '2026-07-28') expect(result.cacheScope).toBe('private');
      return result.tools.map(({ name }: { name: string }) => name);
    };
    expect(await shown('all')).toEqual(contracts.map(({ name }) => name));
    expect(await shown('runner')).toEqual(['execute_request', 'execute_read_request', 'read_response']);
    const reading = await shown('reader');
    expect(reading).toContain('get_environment');
    expect(reading).not.toContain('execute_read_request');
  });

  it('a key without the group gets a failure of the tool', async () => {
    const answer = await send('reader', toolCall(era, 'execute_request', { request_id: 'List items' }));
    const { result } = messageIn(await answer.text());
    expect(result.isError).toBe(true);
    const report = JSON.parse(result.content[0].text);
    expect(report).toMatchObject({ code: 'ACCESS/DENIED', correlation_id: answer.headers.get('x-correlation-id') });
  });

  it.each([
    ['token', toolCall(era, 'execute_request', {}), 'kw:read kw:execute'],
    ['token', toolCall(era, 'get_history'), 'kw:read kw:history'],
    ['token', message(era, 'prompts/get', { name: 'debug_execution' }), 'kw:read kw:history'],
    [
      'token-narrow',
      toolCall(era, 'execute_request', {}),
      'read history collection:P%C3%A4y%20%22roll handle:K execute',
    ],
    ['token-runner', toolCall(era, 'list_collections'), 'kw:execute kw:execute:unsafe kw:read'],
    ['token-runner', message(era, 'resources/list'), 'kw:execute kw:execute:unsafe kw:read'],
    ['token-runner', message(era, 'resources/read', { uri: 'x:y' }), 'kw:execute kw:execute:unsafe kw:read'],
  ])('a %s without the group is told all scopes that it needs: %#', async (who, request, scope) => {
    const answer = await send(who, request);
    expect(answer.status).toBe(403);
    expect(answer.headers.get('www-authenticate')).toBe(
      `Bearer error="insufficient_scope", scope="${scope}", resource_metadata="${METADATA}"`,
    );
    expect(messageIn(await answer.text())).toMatchObject({
      id: 7,
      error: { data: { code: 'ACCESS/INSUFFICIENT_SCOPE' } },
    });
  });

  it('a token for a tool that there is not learns no more than others', async () => {
    const answers = await Promise.all(['token', 'all'].map((who) => send(who, toolCall(era, 'no_such_tool'))));
    const texts = await Promise.all(answers.map((answer) => answer.text()));
    expect(texts[0]).toBe(texts[1]);
  });
});

describe('the client in the journal', () => {
  const clientOf = async (who: string, post: Post, userAgent?: string) => {
    stand.journal.length = 0;
    const headers = { ...post.headers, ...(userAgent !== undefined && { 'User-Agent': userAgent }) };
    await (await send(who, { ...post, headers })).text();
    const [entry] = stand.journal;
    return entry && 'caller' in entry ? entry.caller?.client : undefined;
  };
  const run = (era: Era) => toolCall(era, 'execute_read_request', { request_id: 'List items', environment_id: 'dev' });

  it('is the one that the issuer of the token names, whatever another calls itself', async () => {
    expect(await clientOf('named', run('2026-07-28'), 'agent/2')).toBe('app');
    expect(await clientOf('named', run('initialize'), 'agent/2')).toBe('app');
  });

  it('is else what it calls itself, in the message or by its User-Agent', async () => {
    expect(await clientOf('all', run('2026-07-28'), 'agent/2')).toBe('raw/1');
    expect(await clientOf('all', run('initialize'), 'agent/2')).toBe('agent/2');
    expect(await clientOf('all', run('initialize'), 'x'.repeat(1_000))).toHaveLength(gateLimits.clientNameChars);
  });
});

describe('refused callers', () => {
  it.each([
    ['nobody', 401, `Bearer resource_metadata="${METADATA}"`, null],
    ['expired', 401, `Bearer error="invalid_token", resource_metadata="${METADATA}"`, null],
    ['narrow', 403, `Bearer error="insufficient_scope", scope="read", resource_metadata="${METADATA}"`, null],
    ['blocked', 429, null, '2'],
    ['waits', 503, null, '1'],
  ])('%s: %d', async (who, status, challenge, retryAfter) => {
    const answer = await send(who, message('initialize', 'tools/list'));
    expect(answer.status).toBe(status);
    expect(answer.headers.get('www-authenticate')).toBe(challenge);
    expect(answer.headers.get('retry-after')).toBe(retryAfter);
  });
});

describe('metadata', () => {
  it.each(['/.well-known/oauth-protected-resource', '/.well-known/oauth-protected-resource/mcp'])(
    '%s',
    async (path) => {
      const answer = await fetch(new URL(path, http.url));
      expect(await answer.json()).toEqual({ resource: 'https://keyward.example/mcp' });
      expect((await fetch(new URL(path, http.url), { method: 'POST' })).status).toBe(405);
      expect((await fetch(new URL(`${path}?a`, http.url))).status).toBe(400);
    },
  );
});

describe('pages', () => {
  it('of a listed origin are told so, and may read the challenge', async () => {
    const headers = { Origin: 'https://app.example' };
    const answer = await fetch(http.url, { method: 'POST', headers });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://app.example');
    expect(answer.headers.get('access-control-expose-headers')).toContain('WWW-Authenticate');
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
    const asking = { ...headers, 'Access-Control-Request-Method': 'POST' };
    const preflight = await fetch(http.url, { method: 'OPTIONS', headers: asking });
    expect(preflight.status).toBe(204);
  });
});
