// What an answer gave out may go back to where it came from, in a value and nowhere else, whatever the agent writes.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collection, contentOf, createStand, environment, failureOf, item, type Stand, strictPolicy } from './stand.ts';

const TOKEN = 'mT9xQ5c1Esession8Kq3wZ';

interface Seen {
  readonly target: string;
  readonly headers: readonly string[];
  readonly body: string;
}

const seen: { own: Seen[]; other: Seen[] } = { own: [], other: [] };
let stand: Stand;
let other: Server;

const raw = (text: string) => ({ body: { mode: 'raw', raw: text, options: { raw: { language: 'json' } } } });
const header = (key: string, value: string) => ({ header: [{ key, value }] });

const requests = (base: string) => [
  item(`GET ${base}`, 'GET', `{{${base}}}/echo?q={{note}}`, header('X-Note', '{{note}}')),
  item(`POST ${base}`, 'POST', `{{${base}}}/echo`, raw('{"note":"{{note}}"}')),
  item(`FORM ${base}`, 'POST', `{{${base}}}/echo`, {
    body: { mode: 'urlencoded', urlencoded: [{ key: 'note', value: '{{note}}' }] },
  }),
  item(`PATH ${base}`, 'GET', `{{${base}}}/echo/{{note}}/:id`),
  item(`NAME ${base}`, 'GET', `{{${base}}}/echo?{{note}}=1`),
  item(`HEADER ${base}`, 'GET', `{{${base}}}/echo`, header('X-{{note}}', '1')),
  item(`AUTH ${base}`, 'GET', `{{${base}}}/echo`, {
    auth: { type: 'bearer', bearer: [{ key: 'token', value: '{{note}}' }] },
  }),
  item(`AWAY ${base}`, 'GET', `{{${base}}}/away?q={{note}}`, header('X-Note', '{{note}}')),
];

beforeAll(async () => {
  other = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      seen.other.push({ target: request.url ?? '', headers: request.rawHeaders, body });
      response.end('{}');
    });
  });
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const elsewhere = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
  const answer = (request: IncomingMessage, response: ServerResponse, body: string) => {
    seen.own.push({ target: request.url ?? '', headers: request.rawHeaders, body });
    if (request.url?.startsWith('/away')) response.writeHead(307, { location: `${elsewhere}/echo` }).end();
    else response.setHeader('content-type', 'application/json').end(JSON.stringify({ access_token: TOKEN }));
  };
  stand = await createStand({
    policy: { approvals: { unsafe: 'allow' }, network: strictPolicy('127.0.0.0/8').network },
    answer,
    files: (origin) => ({
      'a.postman_collection.json': collection('All', [
        item('Log in', 'GET', '{{own}}/login'),
        ...requests('own'),
        ...requests('other'),
      ]),
      'e.postman_environment.json': environment('E', [
        { key: 'own', value: origin, enabled: true },
        { key: 'other', value: elsewhere, enabled: true },
      ]),
    }),
  });
});

afterAll(async () => {
  await stand.close();
  other.closeAllConnections();
  await new Promise((resolve) => other.close(resolve));
});

const run = (request: string, overrides: object = {}, principal = 'me') =>
  stand.call('execute_request', { request_id: request, environment_id: 'E', ...overrides }, { principal });

/** The reference of this login. */
async function logIn(principal = 'me'): Promise<string> {
  const opened = contentOf(await run('Log in', {}, principal));
  return opened.captured.access_token;
}

describe('a captured handle', () => {
  it('P10: of another caller looks like one that there never was', async () => {
    const note = await logIn('me');
    const asked = seen.own.length;
    const [others, nobodys] = await Promise.all([
      run('GET own', { variables: { note } }, 'you'),
      run('GET own', { variables: { note: '{{captured:access_token_7}}' } }, 'you'),
    ]);
    const told = [others, nobodys].map((presented) => {
      const { correlation_id: _, ...rest } = failureOf(presented);
      return JSON.stringify(rest).replace('access_token_7', 'access_token_1');
    });
    expect(told[0]).toContain('SECRET/CAPTURED_GONE');
    expect(told[0]).toBe(told[1]);
    expect(seen.own).toHaveLength(asked);
  });

  it('P10: of two callers has two names that do not tell of each other', async () => {
    expect([await logIn('one'), await logIn('two')]).toEqual([
      '{{captured:access_token_1}}',
      '{{captured:access_token_1}}',
    ]);
  });

  it('P2: arrives in values where it came from', async () => {
    const note = await logIn();
    for (const [request, overrides, place] of [
      ['GET own', { variables: { note } }, `/echo?q=${TOKEN}`],
      ['GET own', { variables: { note: 'x' }, query: { more: `a ${note}` } }, `/echo?q=x&more=a%20${TOKEN}`],
    ] as const) {
      await run(request, overrides);
      expect(seen.own.at(-1)?.target).toBe(place);
    }
    await run('AUTH own', { variables: { note } });
    expect(seen.own.at(-1)?.headers).toContain(`Bearer ${TOKEN}`);
    await run('POST own', { body: { deep: [{ note: `"${note}"` }] } });
    expect(seen.own.at(-1)?.body).toBe(`{"deep":[{"note":"\\"${TOKEN}\\""}]}`);
    await run('FORM own', { variables: { note } });
    expect(seen.own.at(-1)?.body).toBe(`note=${TOKEN}`);
  });

  it('P2: reaches no other origin and no place but a value, whatever the agent writes', async () => {
    const note = await logIn();
    const value = fc.constantFrom(note, `x${note}`, `Bearer ${note}`, `${note}${note}`, '{{vault:API_KEY}}', 'x');
    const harmless = { arbitrary: fc.constantFrom('note', 'q', 'X-Note', 'Authorization'), weight: 8 };
    const name = fc.oneof(harmless, {
      arbitrary: fc.constantFrom('id', 'own', 'other', 'Host', 'Cookie', note),
      weight: 1,
    });
    const record = fc.dictionary(name, value, { maxKeys: 3 });
    const body = fc.oneof(value, record, fc.constant(undefined));
    const request = fc
      .tuple(
        fc.constantFrom('GET', 'POST', 'FORM', 'PATH', 'NAME', 'HEADER', 'AUTH', 'AWAY'),
        fc.constantFrom('own', 'other'),
      )
      .map((parts) => parts.join(' '));
    const variables = fc.tuple(record, value).map(([more, written]) => ({ note: written, ...more }));
    const ownHeaders = fc.constantFrom('X-Note', 'X-Q', 'Authorization');
    const headers = fc.dictionary(fc.oneof({ arbitrary: ownHeaders, weight: 8 }, name), value, { maxKeys: 3 });
    const rest = { query: record, headers, body };
    const overrides = fc
      .tuple(variables, fc.record(rest, { requiredKeys: [] }))
      .map(([chosen, more]) => ({ variables: chosen, ...more }));
    let arrived = 0;
    await fc.assert(
      fc.asyncProperty(request, overrides, async (to, given) => {
        seen.own.length = 0;
        seen.other.length = 0;
        const presented = await run(to, JSON.parse(JSON.stringify(given)) as object);
        expect(presented.text).not.toContain(TOKEN);
        expect(JSON.stringify(seen.other)).not.toContain(TOKEN);
        if (JSON.stringify(seen.own).includes(TOKEN)) arrived += 1;
        for (const { target, headers } of seen.own) {
          const [path, query = ''] = target.split('?');
          const names = [
            path,
            ...query.split('&').map((pair) => pair.split('=', 1)[0]),
            ...headers.filter((_, index) => index % 2 === 0),
          ];
          expect(names.join('\n')).not.toContain(TOKEN);
        }
      }),
      { numRuns: 120 },
    );
    expect(arrived).toBeGreaterThan(10);
    expect(stand.bugs).toEqual([]);
  });
});
