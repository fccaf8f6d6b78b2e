// One fault in each guard, through the whole of Keyward to a server that counts. The rows are promise P7: where a guard cannot
// decide, nothing is sent, and the failure says which guard.
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Policy } from '../../shared/policy/policy.ts';
import type { ApprovalAnswer } from '../../src/execute/approval.ts';
import { beginEvent } from '../unit/journal/journal-fixture.ts';
import { must, tamper } from '../unit/state/temporary-home.ts';
import { memoryKeyring } from '../unit/vault/open-vault-fixture.ts';
import { createGuardStand, type GuardStand, STORED_AT, TOKEN } from './guard-stand.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const READ = { request_id: 'Read' };
const WRITE = { request_id: 'Write' };

interface Row {
  readonly guard: string;
  readonly fault: string;
  readonly inject: (stand: GuardStand) => void;
  /** The failure's code; where the call is answered, what its text must hold. */
  readonly says: string;
  readonly args?: Readonly<Record<string, unknown>>;
  /** What came of asking, where the call has to ask. */
  readonly asked?: ApprovalAnswer['outcome'];
  /** The fault lies behind the sending: the request arrives, and the answer is kept back or says so. */
  readonly sent?: true;
}

const answering =
  (...addresses: string[]) =>
  (stand: GuardStand) => {
    stand.resolve = () =>
      Promise.resolve(addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })));
  };
const configured = (text: string) => (stand: GuardStand) => writeFileSync(stand.config, text);
const inDatabase = (sql: string) => (stand: GuardStand) => tamper(stand.home, (database) => void database.run(sql));
const refusing = (when: string) =>
  inDatabase(`CREATE TRIGGER fault BEFORE INSERT ON journal ${when} BEGIN SELECT RAISE(ABORT, 'fault'); END`);
const withPolicy = (change: (policy: Policy) => object) => (stand: GuardStand) => {
  stand.alterPolicy = (policy) => ({ ...policy, ...change(policy) });
};
const fails = (): never => {
  throw new Error(`the platform said ${TOKEN}`);
};

const rows: readonly Row[] = [
  { guard: 'handle', fault: 'missing', inject: ({ vault }) => must(vault().delete('KEY')), says: 'SECRET/NOT_FOUND' },
  {
    guard: 'handle',
    fault: 'bound to another origin',
    inject({ vault, port }) {
      must(vault().delete('KEY'));
      must(
        vault().set({ name: 'KEY', value: TOKEN, origins: [`http://other.test:${port}`, `https://api.test:${port}`] }),
      );
    },
    says: 'SECRET/ORIGIN_NOT_BOUND',
  },
  {
    guard: 'handle',
    fault: 'expired this very millisecond',
    inject(stand) {
      stand.clock = STORED_AT + DAY_MS;
    },
    says: 'SECRET/EXPIRED',
  },
  {
    guard: 'clock',
    fault: 'set back before the secret was stored',
    inject(stand) {
      stand.clock = STORED_AT - 5 * MINUTE_MS - 1;
    },
    says: 'SECRET/EXPIRY_UNKNOWN',
  },
  {
    guard: 'vault',
    fault: 'its key file is gone',
    inject: ({ home }) => rmSync(join(home, 'vault.key')),
    says: 'VAULT/KEY_UNAVAILABLE',
  },
  {
    guard: 'vault',
    fault: 'its key file is damaged',
    inject: ({ home }) => writeFileSync(join(home, 'vault.key'), 'nonsense'),
    says: 'VAULT/KEY_UNAVAILABLE',
  },
  {
    guard: 'vault',
    fault: 'its key file is open to others',
    inject: ({ home }) => chmodSync(join(home, 'vault.key'), 0o644),
    says: 'VAULT/KEY_UNAVAILABLE',
  },
  {
    guard: 'vault',
    fault: 'the keychain is locked',
    inject(stand) {
      rmSync(stand.home, { recursive: true });
      const keyring = memoryKeyring();
      stand.makeKeyring = () => keyring;
      must(stand.vault().set({ name: 'KEY', value: TOKEN, origins: [stand.origin] }));
      stand.makeKeyring = () => ({ read: fails, write: fails, delete: fails });
      stand.trust();
    },
    says: 'VAULT/KEY_UNAVAILABLE',
  },
  {
    guard: 'vault',
    fault: 'the expiry in a record was put off',
    inject(stand) {
      inDatabase('UPDATE handle SET expires_at = expires_at + 86400000')(stand);
      stand.clock = STORED_AT + DAY_MS;
    },
    says: 'VAULT/CORRUPT',
  },
  { guard: 'journal', fault: 'takes no entry', inject: refusing(''), says: 'JOURNAL/NOT_WRITABLE' },
  {
    guard: 'journal',
    fault: 'its head was edited',
    inject(stand) {
      must(stand.journal().begin(beginEvent('one')));
      inDatabase("UPDATE journal_head SET mac = upper(mac) || 'x'")(stand);
    },
    says: 'JOURNAL/BROKEN',
  },
  {
    guard: 'journal',
    fault: 'its key is gone',
    inject(stand) {
      must(stand.journal().begin(beginEvent('one')));
      rmSync(join(stand.home, 'journal.key'));
    },
    says: 'JOURNAL/BROKEN',
  },
  {
    guard: 'journal',
    fault: 'takes no refusal',
    inject: refusing(`WHEN json_extract(NEW.event, '$.type') = 'denied'`),
    args: WRITE,
    asked: 'declined',
    says: 'JOURNAL/NOT_WRITABLE',
  },
  {
    guard: 'journal',
    fault: 'takes no end',
    inject: refusing(`WHEN json_extract(NEW.event, '$.type') = 'end'`),
    says: 'its outcome could not be written to the journal',
    sent: true,
  },
  {
    guard: 'redactor',
    fault: 'an answer that unpacks to more than it looks through',
    inject(stand) {
      const bomb = gzipSync(`${'a'.repeat(20_000_000)}${TOKEN}`).toString('base64');
      stand.answer = (_, response) => response.setHeader('content-type', 'text/plain').end(bomb);
    },
    says: 'unpacks to too much to be redacted',
    sent: true,
  },
  {
    guard: 'redactor',
    fault: 'an answer in bytes that are no text',
    inject(stand) {
      const bytes = Buffer.concat([Buffer.from([0, 255, 254, 0]), Buffer.from(TOKEN), Buffer.from([0, 200, 0])]);
      stand.answer = (_, response) => response.setHeader('content-type', 'application/octet-stream').end(bytes);
    },
    says: '"kind":"binary"',
    sent: true,
  },
  {
    guard: 'approval',
    fault: 'a client that cannot ask',
    inject: () => undefined,
    args: WRITE,
    asked: 'unavailable',
    says: 'POLICY/APPROVAL_REQUIRED',
  },
  {
    guard: 'approval',
    fault: 'a person who declines',
    inject: () => undefined,
    args: WRITE,
    asked: 'declined',
    says: 'POLICY/APPROVAL_DECLINED',
  },
  {
    guard: 'approval',
    fault: 'nobody answered',
    inject: () => undefined,
    args: WRITE,
    says: 'An AI agent asks to send this request',
  },
  { guard: 'policy', fault: 'keyward.yaml is malformed', inject: configured('version: ['), says: 'CONFIG/INVALID' },
  {
    guard: 'policy',
    fault: 'keyward.yaml has an unknown key',
    inject: configured('versoin: 1'),
    says: 'CONFIG/INVALID',
  },
  {
    guard: 'policy',
    fault: 'keyward.yaml cannot be read',
    inject({ config }) {
      rmSync(config);
      mkdirSync(config);
    },
    says: 'CONFIG/UNREADABLE',
  },
  {
    guard: 'policy',
    fault: 'keyward.yaml was edited since it was trusted',
    inject: ({ config }) => writeFileSync(config, `${readFileSync(config, 'utf8')}\n`),
    says: 'NETWORK/ADDRESS_DENIED',
  },
  {
    guard: 'policy',
    fault: 'the note of the trust was edited',
    inject: inDatabase('UPDATE trusted_config SET trusted_at = trusted_at + 1, hash = upper(hash)'),
    says: 'NETWORK/ADDRESS_DENIED',
  },
  {
    guard: 'policy',
    fault: 'keyward.yaml is gone',
    inject: ({ config }) => rmSync(config),
    says: 'NETWORK/ADDRESS_DENIED',
  },
  {
    guard: 'policy',
    fault: 'it changes while the call is prepared',
    inject(stand) {
      let looks = 0;
      const isCurrent = () => {
        looks += 1;
        return looks < 2;
      };
      stand.alter = (context) => ({ ...context, isCurrent });
    },
    says: 'POLICY/CHANGED',
  },
  {
    guard: 'policy',
    fault: 'a level that is not understood',
    inject: withPolicy(({ access }) => ({ access: { ...access, default: 'maybe' } })),
    says: 'POLICY/DENIED',
  },
  {
    guard: 'policy',
    fault: 'an approval that is not understood',
    inject: withPolicy(() => ({ approvals: { unsafe: 'maybe' } })),
    args: WRITE,
    asked: 'approved',
    says: 'POLICY/DENIED',
  },
  {
    guard: 'address',
    fault: 'an exception that is not understood',
    inject: withPolicy(({ network }) => ({ network: { ...network, allow: ['*', 'api.test', '127.0.0.1/33'] } })),
    says: 'NETWORK/ADDRESS_DENIED',
  },
  {
    guard: 'proxy',
    fault: 'a setting that is not understood',
    inject: withPolicy(({ network }) => ({ network: { ...network, proxy: 'socks4://127.0.0.1:1080' } })),
    says: 'CONFIG/INVALID',
  },
  {
    guard: 'address',
    fault: 'a record that is no address',
    inject: answering('127.0.0.1', '127.1'),
    says: 'NETWORK/ADDRESS_DENIED',
  },
  { guard: 'address', fault: 'a record with a zone', inject: answering('::1%lo'), says: 'NETWORK/ADDRESS_DENIED' },
  {
    guard: 'address',
    fault: 'a record that no exception opens',
    inject: answering('127.0.0.1', '169.254.169.254'),
    says: 'NETWORK/ADDRESS_DENIED',
  },
  { guard: 'address', fault: 'an answer without records', inject: answering(), says: 'NETWORK/NAME_UNRESOLVED' },
  {
    guard: 'address',
    fault: 'a resolver that fails',
    inject(stand) {
      stand.resolve = () => Promise.reject(new Error(`SERVFAIL ${TOKEN}`));
    },
    says: 'NETWORK/NAME_UNRESOLVED',
  },
  {
    guard: 'address',
    fault: 'a resolver that throws',
    inject(stand) {
      stand.resolve = fails;
    },
    says: 'NETWORK/NAME_UNRESOLVED',
  },
  {
    guard: 'address',
    fault: 'a resolver that never answers',
    inject(stand) {
      stand.resolve = () => new Promise(() => undefined);
    },
    args: { ...READ, timeout_ms: 30 },
    says: 'NETWORK/TIMEOUT',
  },
  {
    guard: 'arguments',
    fault: 'one that no tool has',
    inject: () => undefined,
    args: { ...READ, force: true },
    says: 'INPUT/INVALID',
  },
  {
    guard: 'arguments',
    fault: 'a credential of the agent',
    inject: () => undefined,
    args: { ...READ, headers: { Authorization: 'x' } },
    says: 'REQUEST/HEADER_INVALID',
  },
  {
    guard: 'arguments',
    fault: 'a Host of the agent',
    inject: () => undefined,
    args: { ...READ, headers: { Host: 'evil.test' } },
    says: 'REQUEST/HEADER_INVALID',
  },
];

describe('P7: a guard that cannot decide', () => {
  it('P7: the stand itself sends, so that what stops a row is its fault', async () => {
    const stand = await createGuardStand();
    expect(await stand.call(READ)).toContain('"arrived":true');
    expect(await stand.call(WRITE, 'approved')).toContain('"arrived":true');
    // A clock that a time server corrects by minutes is no fault.
    stand.clock = STORED_AT - 5 * MINUTE_MS;
    expect(await stand.call(READ)).toContain('"arrived":true');
    stand.clock = STORED_AT + DAY_MS - 1;
    expect(await stand.call(READ)).toContain('"arrived":true');
    expect(stand.connections()).toBe(4);
  });

  it.each(rows)('P7: $guard: $fault: $says', async ({ inject, says, args = READ, asked, sent }) => {
    const stand = await createGuardStand();
    inject(stand);
    const text = await stand.call(args, asked);
    if (/^[A-Z]+\/[A-Z_]+$/.test(says)) expect(JSON.parse(text)).toMatchObject({ code: says });
    else expect(text).toContain(says);
    expect(stand.connections()).toBe(sent ? 1 : 0);
    expect(text).not.toContain(TOKEN);
  });
});
