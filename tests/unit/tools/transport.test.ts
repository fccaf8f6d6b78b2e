// What the caller and the journal are told of connections that take a secret, or whose server is not checked.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Policy } from '../../../shared/policy/policy.ts';
import type { OriginTls } from '../../../shared/policy/transport.ts';
import { startTls, statedPfx, type TlsStand } from '../network/tls-stand.ts';
import { collection, contentOf, createStand, failureOf, item, type Stand } from './stand.ts';

let first: TlsStand;
let second: TlsStand;
const stands: Stand[] = [];
beforeAll(async () => {
  first = await startTls({ name: 'expired' });
  second = await startTls({ name: 'proxy' });
});
afterAll(async () => {
  await Promise.all(stands.map((stand) => stand.close()));
  await Promise.all([first.close(), second.close()]);
});

const at = ({ port }: TlsStand) => `https://127.0.0.1:${port}`;

async function standWith(tls: readonly OriginTls[], changes: Partial<Policy> = {}): Promise<Stand> {
  const stand = await createStand({
    policy: { network: { allow: ['127.0.0.0/8'], ca: [], tls }, ...changes },
    answer: (_, response) => response.writeHead(302, { location: `${at(second)}/next` }).end(),
    files: (origin) => ({
      'api.postman_collection.json': collection('Api', [
        item('direct', 'GET', `${at(first)}/me`),
        item('redirected', 'GET', `${origin}/me`),
        item('unsafe', 'POST', `${at(first)}/me`),
      ]),
    }),
  });
  stands.push(stand);
  return stand;
}

const unchecked = (stand: TlsStand, client?: OriginTls['client']): OriginTls => {
  return { origin: at(stand), ca: [], verify: false, ...(client && { client }) };
};
const note = (stand: TlsStand) =>
  `The certificate of ${at(stand)} was NOT checked, because keyward.yaml says verify: false: whoever is on the way can read and change everything.`;
const withHandle = { ...statedPfx, passphrase: 'API_KEY' };

it('a certificate that was not checked is in the notes of each answer, also where a redirect led there', async () => {
  const stand = await standWith([unchecked(first), unchecked(second)]);
  const notesOf = async (request_id: string) => contentOf(await stand.call('execute_request', { request_id })).notes;
  expect(await notesOf('direct')).toEqual([note(first)]);
  expect(await notesOf('direct')).toEqual([note(first)]);
  expect(await notesOf('redirected')).toEqual([note(second)]);
});

it('P11: the handles of a connection are in the journal before it is made, those of a redirect behind it', async () => {
  const stand = await standWith([unchecked(first, withHandle), unchecked(second, withHandle)]);
  const direct = contentOf(await stand.call('execute_request', { request_id: 'direct' }));
  expect(direct.handles).toEqual(['API_KEY']);
  const redirected = contentOf(await stand.call('execute_request', { request_id: 'redirected' }));
  expect(redirected.handles).toEqual(['API_KEY']);
  expect(stand.journal).toMatchObject([
    { type: 'begin', handles: ['h-1'] },
    { type: 'end', status: 200 },
    { type: 'begin', handles: [] },
    { type: 'end', status: 200, handles: ['h-1'] },
  ]);
  expect(stand.journal[1]).not.toHaveProperty('handles');
});

it('P7: who is asked is told of the handles of the connection', async () => {
  const stand = await standWith([unchecked(first, withHandle)]);
  const asked = await stand.call('execute_request', { request_id: 'unsafe' });
  expect(asked.text).toContain('Secrets used: "API_KEY"');
  const planned = contentOf(await stand.call('execute_request', { request_id: 'unsafe', dry_run: true }));
  expect(planned.handles).toEqual(['API_KEY']);
});

async function standWithToken(status: number): Promise<Stand> {
  const auth = (origin: string) => {
    const fields = {
      grant_type: 'client_credentials',
      accessTokenUrl: `${origin}/token`,
      clientId: 'c',
      clientSecret: '{{vault:API_KEY}}',
    };
    return { type: 'oauth2', oauth2: Object.entries(fields).map(([key, value]) => ({ key, value, type: 'string' })) };
  };
  const stand = await createStand({
    answer: ({ url }, response) => {
      const isToken = url === '/token';
      response.writeHead(isToken ? status : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(isToken ? { access_token: 'Tok3n.aB9aB9aB9', token_type: 'bearer' } : {}));
    },
    files: (origin) => ({
      'api.postman_collection.json': collection('Api', [item('me', 'GET', `${origin}/me`, { auth: auth(origin) })]),
    }),
  });
  stands.push(stand);
  return stand;
}

const ends = ({ journal }: Stand) =>
  journal.flatMap((event) => (event.type === 'end' ? [[event.status ?? event.failure, event.tokensFrom]] : []));

it('P11: the end of an execution tells where a token was asked for, also where it was refused', async () => {
  const stand = await standWithToken(200);
  for (let round = 0; round < 2; round += 1)
    expect(contentOf(await stand.call('execute_request', { request_id: 'me' }))).toMatchObject({ status: 200 });
  expect(stand.journal[0]).toMatchObject({ type: 'begin', handles: ['h-1'] });
  expect(ends(stand)).toEqual([
    [200, [stand.origin]],
    [200, undefined],
  ]);
  const refused = await standWithToken(400);
  await refused.call('execute_request', { request_id: 'me' });
  expect(ends(refused)).toEqual([['REQUEST/TOKEN_REFUSED', [refused.origin]]]);
});

it('P2: an agent cannot name the token of a request, whatever it is called', async () => {
  const stand = await standWithToken(200);
  await stand.call('execute_request', { request_id: 'me' });
  const headers = { 'X-T': '{{captured:access_token_1}}' };
  const named = await stand.call('execute_request', { request_id: 'me', headers });
  expect(failureOf(named).code).toBe('SECRET/CAPTURED_GONE');
  expect(stand.arrived).toEqual(['POST /token', 'GET /me']);
});
