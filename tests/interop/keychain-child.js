// One process that uses the real keychain of its environment. Takes a command a line on its input and answers each with a line
// of JSON: state, store NAME, read NAME, check.
import { createInterface } from 'node:readline';
import { openState } from '../../dist/src/state/open-state.js';
import { createCapturedTokens } from '../../dist/src/vault/captured.js';
import { probeKeychain } from '../../dist/src/vault/keychain.js';
import { openVault } from '../../dist/src/vault/open-vault.js';
import { osKeyring } from '../../dist/src/vault/os-keyring.js';
import { createSecretSource } from '../../dist/src/vault/resolve.js';

const [home] = process.argv.slice(2);
const ORIGIN = 'https://api.example.com';
const never = new AbortController().signal;

/** A vault opened anew for each command, as each process opens it. */
async function withVault(work) {
  const opened = openState(home);
  const vault = openVault({ state: opened.value, keySource: {}, now: Date.now });
  const outcome = await work(vault);
  vault.close();
  opened.value.close();
  return outcome.ok ? 'ok' : `${outcome.failure.code}: ${outcome.failure.facts.reason}`;
}

const commands = {
  state: () => probeKeychain(osKeyring),
  store: (name) => withVault((vault) => vault.set({ name, value: `value of ${name}`, origins: [ORIGIN] })),
  read: (name) =>
    withVault((vault) =>
      createSecretSource(vault, createCapturedTokens(Date.now)).resolve(name, { origin: ORIGIN, method: 'GET' }, never),
    ),
  check: () => withVault((vault) => vault.check()),
  rekey: () =>
    withVault(async (vault) => (await vault.upkeep()).rekey({ to: { source: 'keychain' }, newDataKey: true })),
};

for await (const line of createInterface({ input: process.stdin })) {
  const [command, argument] = line.split(' ');
  process.stdout.write(`${JSON.stringify(await commands[command](argument))}\n`);
}
