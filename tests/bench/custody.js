// A vault of many handles: how long until the first value is had from it, and how long a value takes from then on.
import { createState } from '../../dist/src/state/open-state.js';
import { createCapturedTokens } from '../../dist/src/vault/captured.js';
import { changeVault } from '../../dist/src/vault/change-vault.js';
import { openVault, sessionOf } from '../../dist/src/vault/open-vault.js';
import { sealRecord, writeRecord } from '../../dist/src/vault/record.js';
import { createSecretSource } from '../../dist/src/vault/resolve.js';
import { median, temporaryFolder, timed } from './measure.js';

const HANDLES = 10_000;
const ORIGIN = 'https://api.example.com';
const RUNS = 9;
const CALLS = 2_000;

export async function benchCustody(report) {
  const home = temporaryFolder();
  fillVault(home);
  const use = { origin: ORIGIN, method: 'GET', places: ['header'] };
  const signal = new AbortController().signal;
  const opened = [];
  const known = [];
  for (let run = 0; run < RUNS; run += 1) {
    const { vault, secrets, close } = open(home);
    opened.push(await timed(async () => must(await secrets.resolve(`NAME_${run}`, use, signal))));
    known.push(await timed(() => must(secrets.boundTo(ORIGIN))));
    must(vault.status());
    close();
  }
  report.row(
    `vault of ${HANDLES} handles: open, and the first value`,
    median(opened),
    'ms',
    '<= 100 ms',
    median(opened) <= 100,
  );
  report.note(
    `then once, to check every record before a scrubber relies on what they are bound to: ${median(known).toFixed(0)} ms`,
  );
  const { vault, secrets, close } = open(home);
  const warm = [];
  for (let call = 0; call < CALLS; call += 1) {
    warm.push(
      await timed(async () => {
        const { id } = must(vault.find(`NAME_${(call % 900) * 10}`));
        must(secrets.describe(id, 'reading'));
        must(await secrets.resolve(id, use, signal));
      }),
    );
  }
  report.row(
    'handle resolution, warm: find by name, judge, resolve',
    median(warm),
    'ms',
    '<= 0.1 ms',
    median(warm) <= 0.1,
  );
  close();
}

function open(home) {
  const state = createState(home);
  const vault = openVault({ state, keySource: { source: 'key-file' }, now: Date.now });
  const captured = createCapturedTokens(Date.now);
  const close = () => {
    vault.close();
    state.close();
  };
  return { vault, secrets: createSecretSource(vault, captured), close };
}

/** In one transaction: through `set`, each of them would be one. */
function fillVault(home) {
  const { vault, close } = open(home);
  must(vault.set({ name: 'FIRST', value: 'first value', origins: [ORIGIN] }));
  const { session } = sessionOf(vault);
  const filled = changeVault(session, must(session.keys()), ({ sql, keys }) => {
    for (let index = 0; index < HANDLES - 1; index += 1) {
      const id = `sec_${index.toString(16).padStart(32, '0')}`;
      const origins = [index % 10 === 0 ? ORIGIN : `https://host-${index % 500}.example.com`];
      const policy = {
        id,
        name: `NAME_${index}`,
        origins: index < RUNS ? [ORIGIN] : origins,
        pathAllowed: false,
        createdAt: 1,
        updatedAt: 1,
      };
      const value = Buffer.from(`value-of-${index}-0123456789abcdef`);
      writeRecord(sql, sealRecord(keys.recordKey, keys.vaultId, policy, 1, value));
    }
    return { ok: true, value: undefined };
  });
  must(filled);
  close();
}

function must(result) {
  if (!result.ok) throw new Error(result.failure.code);
  return result.value;
}
