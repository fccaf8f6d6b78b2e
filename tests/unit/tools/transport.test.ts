// What the caller and the journal are told of connections that take a secret, or whose server is not checked.
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Policy } from '../../../shared/policy/policy.ts';
import type { OriginTls } from '../../../shared/policy/transport.ts';
import { startTls, statedPfx, type TlsStand } from '../network/tls-stand.ts';
import { collection, contentOf, createStand, item, type Stand } from './stand.ts';

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
