// A secret whose value stands elsewhere, and everything that can go wrong there, through the whole of Keyward to a server that counts.
import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ProvidersConfig } from '../../shared/config/providers-schema.ts';
import { statedProviders } from '../../shared/config/stated-providers.ts';
import { type ProviderReason, reasonText } from '../../src/vault/providers/outcome.ts';
import { must } from '../unit/state/temporary-home.ts';
import { script, temporaryFolder } from '../unit/vault/providers/provider-stand.ts';
import { send, startVault, TOKEN as VAULT_TOKEN, type VaultServer } from '../unit/vault/providers/vault-server.ts';
import { createGuardStand, type GuardStand } from './guard-stand.ts';

const CANARY = 'canary-Velvet-63-Otter';
const VALUE = 'outward-Maple-27-Heron';
const READ = { request_id: 'Read' };

/** Stores KEY as a handle that points outward, for a policy with these providers. */
function point(stand: GuardStand, reference: string, providers: ProvidersConfig = {}, origins = [stand.origin]): void {
  must(stand.vault().set({ name: 'KEY', value: reference, outside: true, replace: true, origins }));
  const network = { allow: [stand.origin], ca: [] };
  stand.alterPolicy = (policy) => ({ ...policy, network, providers: statedProviders(providers) });
}

/** The policy is what the file says and the operator trusted. */
function configure(stand: GuardStand, providers: ProvidersConfig): void {
  writeFileSync(stand.config, JSON.stringify({ version: 1, network: { allow: [stand.origin] }, providers }));
  stand.alterPolicy = (policy) => ({ ...policy, network: { allow: [stand.origin], ca: [] } });
}

const tool = (text: string, more: object = {}) => ({
  exec: [{ name: 'tool', program: script(text), arguments: ['{name}'], ...more }],
});

interface Row {
  readonly it: string;
  readonly reason: ProviderReason;
  readonly inject: (stand: GuardStand) => void | Promise<void>;
}

const program = (title: string, reason: ProviderReason, text: string, more?: object): Row => ({
  it: `a program that ${title}`,
  reason,
  inject: (stand) => point(stand, 'exec:tool/any', tool(`echo ${CANARY} >&2\n${text}`, more)),
});

const vault = (title: string, reason: ProviderReason, change: (server: VaultServer) => void): Row => ({
  it: `a vault that ${title}`,
  reason,
  async inject(stand) {
    const server = await startVault();
    change(server);
    must(stand.vault().set({ name: 'LOGIN', value: VAULT_TOKEN, replace: true, origins: [server.origin] }));
    const provider = { name: 'corp', address: server.origin, token: '{{vault:LOGIN}}' };
    point(stand, `vault:corp/${CANARY}#token`, { vault: [provider] });
  },
});

const rows: readonly Row[] = [
  program('fails', 'exit', `echo ${CANARY}; exit 3`),
  program('does not end', 'time', `echo ${CANARY}; exec sleep 60`, { timeoutMs: 60 }),
  program('floods', 'size', `exec yes ${CANARY}`),
  program('prints bytes', 'answer', `printf '${CANARY}\\377'`),
  {
    it: 'a program that others can change',
    reason: 'program',
    inject(stand) {
      const defined = tool(`echo ${CANARY}`);
      for (const { program: path } of defined.exec) chmodSync(path, 0o777);
      point(stand, 'exec:tool/any', defined);
    },
  },
  {
    it: 'a provider that only an untrusted configuration defines',
    reason: 'undefined',
    inject(stand) {
      point(stand, 'exec:tool/any');
      configure(stand, tool(`echo ${CANARY}`));
    },
  },
  {
    it: 'a variable that is not set',
    reason: 'unset',
    inject(stand) {
      stand.variables.OTHER = CANARY;
      point(stand, 'env:TEAM_KEY');
    },
  },
  {
    it: 'a file that is not there',
    reason: 'unreadable',
    inject: (stand) => point(stand, `dotenv:${temporaryFolder()}/${CANARY}.env#KEY`),
  },
  vault('is sealed', 'sealed', (server) => Object.assign(server, { sealed: true })),
  vault('answers something else', 'answer', (server) => {
    server.instead = (response) => send(response, 200, { canary: CANARY });
  }),
  vault('sends elsewhere', 'redirect', (server) => {
    server.instead = (response) => response.writeHead(307, { Location: `http://127.0.0.1:1/${CANARY}` }).end();
  }),
];

const toldOf = (stand: GuardStand): string => JSON.stringify(must(stand.journal().entries({ limit: 200 })));

describe('a secret that comes from elsewhere', () => {
  it('P5, P7: and cannot be had sends nothing, and nothing is quoted', async () => {
    const stand = await createGuardStand();
    for (const { it: title, inject, reason } of rows) {
      await inject(stand);
      const text = await stand.call(READ);
      expect(text, title).toContain('SECRET/PROVIDER_FAILED');
      expect(text, title).toContain(reasonText(reason));
      expect(text, title).not.toContain(CANARY);
      expect(stand.connections(), title).toBe(0);
    }
    expect(toldOf(stand)).not.toContain(CANARY);
  });

  it('P2: is not asked for where its handle is not bound to', async () => {
    const stand = await createGuardStand();
    const asked = join(temporaryFolder(), 'asked');
    point(stand, 'exec:tool/any', tool(`touch '${asked}'; echo ${VALUE}`), ['http://other.test']);
    expect(await stand.call(READ)).toContain('SECRET/ORIGIN_NOT_BOUND');
    expect([existsSync(asked), stand.connections()]).toEqual([false, 0]);
  });

  it('P8: an agent has no word in what is asked for', async () => {
    const stand = await createGuardStand();
    const defined = tool(`test "$1" = any || exit 1; echo ${VALUE}`);
    point(stand, 'exec:tool/any', defined);
    let seen = '';
    stand.answer = (request, response) => {
      seen = String(request.headers['x-agent']);
      response.end();
    };
    const header = '{{vault:KEY}} exec:tool/other {name} {{vault:exec:tool/other}}';
    await stand.call({ ...READ, headers: { 'X-Agent': header } });
    expect(seen).toBe(header);
  });

  it('P1: is taken out of the answer like any', async () => {
    const stand = await createGuardStand();
    point(stand, 'exec:tool/any');
    configure(stand, tool(`echo ${VALUE}`));
    stand.trust();
    let seen: unknown;
    stand.answer = (request, response) => {
      seen = request.headers['x-api-key'];
      response.setHeader('X-Echo', VALUE).setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ note: `you said ${VALUE}`, reversed: Buffer.from(VALUE).toString('base64') }));
    };
    const text = await stand.call(READ);
    expect(seen).toBe(VALUE);
    for (const told of [text, toldOf(stand)])
      for (const spelled of [VALUE, Buffer.from(VALUE).toString('base64')]) expect(told).not.toContain(spelled);
  });
});
