import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { limits } from '../../../../shared/limits.ts';
import type { VaultProvider } from '../../../../shared/policy/provider-policy.ts';
import { createNetwork } from '../../../../src/network/network.ts';
import { type Outcome, type ProviderReason, reasonText } from '../../../../src/vault/providers/outcome.ts';
import { failureOf, must } from '../../state/temporary-home.ts';
import { ORIGIN } from '../open-vault-fixture.ts';
import { askProviders, type ProviderStand, providerStand, vaultProvider } from './provider-stand.ts';
import { ROLE, send, startVault, TOKEN, type VaultServer } from './vault-server.ts';

interface Opened extends ProviderStand {
  readonly server: VaultServer;
  /** The value, or the reason why there is none. */
  read(reference: string): Promise<unknown>;
}

async function opened(more: Partial<VaultProvider> = {}): Promise<Opened> {
  const server = await startVault();
  const stand = providerStand({ vault: [vaultProvider(server.origin, more)] });
  const secret = more.login?.kind === 'approle' ? ROLE.secret_id : TOKEN;
  must(stand.vault.set({ name: 'VAULT_TOKEN', value: secret, origins: [server.origin] }));
  const read = async (reference: string) => {
    stand.point('KEY', reference, { replace: true });
    const got = await stand.resolve('KEY');
    return got.ok ? got.value : got.failure.facts.reason;
  };
  return Object.assign(stand, { server, read });
}

const approle = { kind: 'approle', mount: 'approle', roleId: ROLE.role_id, secretId: 'VAULT_TOKEN' } as const;

const both = { VAULT_TOKEN: TOKEN, SECRET_ID: ROLE.secret_id };

/** Every provider of the tables, at one server. */
function askAt(origin: string): (reference: string) => Promise<Outcome> {
  const login = { ...approle, secretId: 'SECRET_ID' };
  const providers: readonly Partial<VaultProvider>[] = [
    {},
    { name: 'kv', mount: 'team/kv' },
    { name: 'north', namespace: 'eu/north' },
    { name: 'role', login },
    { name: 'norole', login: { ...login, roleId: 'x' } },
    { name: 'nomount', login: { ...login, mount: 'x' } },
  ];
  return askProviders({ vault: providers.map((more) => vaultProvider(origin, more)) }, { credentials: both });
}

describe('HashiCorp Vault, KV version 2', () => {
  const reads: readonly (readonly [it: string, reference: string, gives: string])[] = [
    ['the newest version', 'vault:corp/billing/api#token', 'second-Linden-88'],
    ['a stated version', 'vault:corp/billing/api?version=1#token', 'first-Linden-88'],
    ['a version before a deletion', 'vault:corp/gone?version=1#token', 'was-Linden-88'],
    ['another mount, odd names', 'vault:kv/a@b:c+d#client secret', 'odd-Linden-88'],
    ['a namespace', 'vault:north/billing/api#token', 'northern-Linden-88'],
    ['after a login with AppRole', 'vault:role/billing/api#token', 'second-Linden-88'],
  ];
  const fails: readonly (readonly [string, string, ProviderReason])[] = [
    ['a deleted version', 'vault:corp/gone#token', 'missing'],
    ['a version there never was', 'vault:corp/billing/api?version=3#token', 'missing'],
    ['a path that is not there', 'vault:corp/billing#token', 'missing'],
    ['a field that is not there', 'vault:corp/billing/api#other', 'missing'],
    ['a field that objects inherit', 'vault:corp/billing/api#constructor', 'missing'],
    ['a field that is no text', 'vault:corp/billing/api#count', 'answer'],
    ['an empty field', 'vault:corp/billing/api#none', 'empty'],
    ['what another namespace has', 'vault:north/gone#token', 'missing'],
    ['a path that the token may not read', 'vault:corp/forbidden#token', 'forbidden'],
    ['a role there never was', 'vault:norole/billing/api#token', 'forbidden'],
    ['AppRole mounted elsewhere', 'vault:nomount/billing/api#token', 'forbidden'],
    ['a provider that is not defined', 'vault:other/billing/api#token', 'undefined'],
  ];

  it('reads a field', async () => {
    const ask = askAt((await startVault()).origin);
    for (const [title, reference, value] of reads) expect(await ask(reference), title).toEqual({ ok: true, value });
  });

  it('P7: has a reason for each that it does not give', async () => {
    const ask = askAt((await startVault()).origin);
    for (const [title, reference, reason] of fails) expect(await ask(reference), title).toEqual({ ok: false, reason });
  });

  it('asks as the API wants it', async () => {
    const { read, server } = await opened({ namespace: 'eu/north', login: approle });
    await read('vault:corp/billing/api?version=1#token');
    const [login, get] = server.seen;
    expect(login).toMatchObject({ method: 'POST', path: '/v1/auth/approle/login', body: JSON.stringify(ROLE) });
    expect(get).toMatchObject({ method: 'GET', path: '/v1/secret/data/billing/api?version=1', body: '' });
    const always = { 'x-vault-request': 'true', 'x-vault-namespace': 'eu/north' };
    expect(login?.headers).toMatchObject({ ...always, 'content-type': 'application/json' });
    expect(login?.headers['x-vault-token']).toBeUndefined();
    expect(get?.headers).toMatchObject({ ...always, 'x-vault-token': 'hvs.minted-Wicker-15-Plover-1' });
  });

  const canary = { errors: ['canary-Velvet-63-Otter'] };
  const answers: readonly (readonly [string, (response: ServerResponse) => void, ProviderReason])[] = [
    ['400', (response) => send(response, 400, canary), 'status'],
    ['403', (response) => send(response, 403, canary), 'forbidden'],
    ['412', (response) => send(response, 412, canary), 'status'],
    ['429', (response) => send(response, 429, canary), 'status'],
    ['473', (response) => send(response, 473, canary), 'status'],
    ['500', (response) => send(response, 500, canary), 'status'],
    ['502', (response) => send(response, 502, canary), 'status'],
    ['503', (response) => send(response, 503, canary), 'sealed'],
    ['204', (response) => response.writeHead(204).end(), 'status'],
    ['no JSON', (response) => response.end('<html>canary</html>'), 'answer'],
    ['half of JSON', (response) => response.end('{"data":{"data":{"token":"canary'), 'answer'],
    ['JSON of another kind', (response) => send(response, 200, [canary]), 'answer'],
    ['KV version 1', (response) => send(response, 200, { data: { token: 'canary' } }), 'answer'],
    [
      'a value that is a placeholder',
      (response) => send(response, 200, { data: { data: { token: '{{x}}' } } }),
      'value',
    ],
    ['no answer', () => undefined, 'time'],
    ['half an answer', (response) => void response.writeHead(200, { 'Content-Length': '99' }).write('{'), 'time'],
    ['a connection that is cut', (response) => response.destroy(), 'network'],
    ['more than it may', (response) => response.end(' '.repeat(limits.providerAnswerBytes + 1)), 'size'],
    [
      'a coding that is not known',
      (response) => response.writeHead(200, { 'Content-Encoding': 'x' }).end('{}'),
      'answer',
    ],
  ];

  it('P5, P7: what it answers instead is no value, and no word of it is told', async () => {
    const server = await startVault();
    const hasty = { ...vaultProvider(server.origin, { timeoutMs: 60 }), name: 'hasty' };
    const ask = askProviders({ vault: [vaultProvider(server.origin), hasty] }, { credentials: both });
    for (const [title, instead, reason] of answers) {
      server.instead = instead;
      const name = reason === 'time' ? 'hasty' : 'corp';
      expect(await ask(`vault:${name}/billing/api#token`), title).toEqual({ ok: false, reason });
    }
    server.instead = undefined;
    server.sealed = true;
    expect(await ask('vault:corp/billing/api#token')).toEqual({ ok: false, reason: 'sealed' });
  });

  it('P2, P3: follows no redirect, so that its token goes nowhere else', async () => {
    const server = await startVault();
    const other = await startVault();
    const ask = askAt(server.origin);
    for (const [status, location] of [
      [301, `${other.origin}/v1/secret/data/billing/api`],
      [307, `${other.origin}/v1/secret/data/billing/api`],
      [308, `${server.origin}/v1/secret/data/billing/api`],
    ] as const) {
      server.instead = (response) => response.writeHead(status, { Location: location }).end();
      expect(await ask('vault:corp/billing/api#token')).toEqual({ ok: false, reason: 'redirect' });
    }
    expect([server.seen.length, other.seen.length]).toEqual([3, 0]);
  });

  it('P3: its address is allowed to it alone', async () => {
    const server = await startVault();
    expect((await askAt(server.origin)('vault:corp/billing/api#token')).ok).toBe(true);
    const network = createNetwork({ policy: { allow: [], ca: [] }, now: () => 0 });
    const pinned = await network.pin(
      'http',
      '127.0.0.1',
      Number(new URL(server.origin).port),
      new AbortController().signal,
    );
    expect(failureOf(pinned).code).toBe('NETWORK/ADDRESS_DENIED');
    const ask = askProviders({ vault: [vaultProvider('http://169.254.169.254')] }, { credentials: both });
    expect(await ask('vault:corp/a#b')).toEqual({ ok: false, reason: 'network' });
  });

  it('P2: without a credential that is bound to it, it is asked nothing', async () => {
    const { point, resolve, server, vault, clock } = await opened();
    const credential = { name: 'VAULT_TOKEN', value: TOKEN, replace: true, endsReference: true };
    const states: readonly (() => unknown)[] = [
      () => vault.set({ ...credential, origins: [ORIGIN] }),
      () => vault.set({ ...credential, origins: [server.origin], methods: ['POST'] }),
      () => vault.set({ ...credential, origins: [server.origin], methods: ['GET'], value: 'env:UNSET', outside: true }),
      () =>
        vault.set({ ...credential, origins: [server.origin], value: 'vault:corp/billing/api#token', outside: true }),
      () => vault.set({ ...credential, origins: [server.origin], value: 'two\nlines' }),
      () => vault.delete('VAULT_TOKEN'),
    ];
    point('KEY', 'vault:corp/billing/api#token', { expiresAt: clock + 1 });
    for (const [index, make] of states.entries()) {
      must(make() as Awaited<ReturnType<typeof resolve>>);
      expect(failureOf(await resolve('KEY')).facts.reason, `state ${index}`).toBe(reasonText('credential'));
    }
    expect(server.seen).toEqual([]);
  });

  it('a token can itself come from a program or a variable', async () => {
    const { variables, vault, read, server } = await opened();
    variables.VAULT_TOKEN = TOKEN;
    const outward = { value: 'env:VAULT_TOKEN', outside: true, origins: [server.origin], replace: true };
    must(vault.set({ name: 'VAULT_TOKEN', ...outward }));
    expect(await read('vault:corp/billing/api#token')).toBe('second-Linden-88');
  });
});

describe('a login with AppRole', () => {
  const logins = ({ seen }: VaultServer) => seen.filter(({ path }) => path.endsWith('/login')).length;

  it('lasts until nine tenths of its lease are over', async () => {
    const stand = await opened({ login: approle });
    stand.point('KEY', 'vault:corp/billing/api#token');
    const times = [0, 3_239_999, 1];
    const counts = [];
    for (const later of times) {
      stand.clock += later;
      must(await stand.resolve('KEY'));
      counts.push(logins(stand.server));
    }
    expect(counts).toEqual([1, 1, 2]);
  });

  it('is made anew once where its token is refused, and no more often', async () => {
    const { point, resolve, server } = await opened({ login: approle });
    server.usesOfToken = 1;
    point('KEY', 'vault:corp/billing/api#token');
    for (const expected of [1, 2, 3]) {
      expect(must(await resolve('KEY'))).toBe('second-Linden-88');
      expect(logins(server)).toBe(expected);
    }
    server.usesOfToken = 0;
    expect(failureOf(await resolve('KEY')).facts.reason).toBe(reasonText('forbidden'));
    expect(logins(server)).toBe(4);
    expect(failureOf(await resolve('KEY')).facts.reason).toBe(reasonText('forbidden'));
    expect(logins(server)).toBe(5);
  });

  it('P1: its token is known for the origin that gave it', async () => {
    const { read, secrets, server } = await opened({ login: approle });
    await read('vault:corp/billing/api#token');
    const known = must(secrets.boundTo(server.origin)).map(({ value }) => value);
    expect(known).toEqual([ROLE.secret_id, 'hvs.minted-Wicker-15-Plover-1']);
    expect(must(secrets.boundTo(ORIGIN)).map(({ value }) => value)).toEqual(['second-Linden-88']);
  });

  it('P7: whose answer is no token gives nothing', async () => {
    const { point, resolve, server } = await opened({ login: approle });
    point('KEY', 'vault:corp/billing/api#token');
    for (const auth of [null, {}, { client_token: '' }, { client_token: 7 }, { client_token: 'a\r\nX-Injected: 1' }]) {
      server.instead = (response) => send(response, 200, { auth });
      expect(failureOf(await resolve('KEY')).facts.reason).toBe(reasonText('answer'));
    }
  });
});
