// One process that rekeys the vault of a data folder. Arguments: data folder, where from, where to, whether everything is
// encrypted anew, and the step after which it kills itself; without one it goes on until it is killed, a line for each run.
import { readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { openState } from '../../dist/src/state/open-state.js';
import { openVault } from '../../dist/src/vault/open-vault.js';

const [home, from, to, anew, killAfter] = process.argv.slice(2);

/** A keychain that outlives its processes, as the adapter of the real one presents it. */
function fileKeyring() {
  const file = join(home, '..', 'keyring.json');
  const change = (edit) => {
    const items = new Map(Object.entries(JSON.parse(readFileSync(file, 'utf8'))));
    const answer = edit(items);
    writeFileSync(file, JSON.stringify(Object.fromEntries(items)));
    return answer;
  };
  return {
    read: (account) => change((items) => items.get(account)),
    write: (account, value) => change((items) => items.set(account, value)),
    delete: (account) => change((items) => items.delete(account)),
  };
}

async function rekey(onStep) {
  const opened = openState(home);
  if (!opened.ok) return opened;
  const vault = openVault({
    state: opened.value,
    keySource: { source: from },
    now: Date.now,
    makeKeyring: fileKeyring,
  });
  const done = (await vault.upkeep()).rekey({ to: { source: to }, newDataKey: anew === 'anew', onStep });
  vault.close();
  opened.value.close();
  return done;
}

if (killAfter) {
  const done = await rekey((step) => step === killAfter && process.kill(process.pid, 'SIGKILL'));
  writeSync(1, `${JSON.stringify(done)}\n`);
}
while (!killAfter) {
  const done = await rekey();
  writeSync(1, done.ok ? 'rekeyed\n' : `${done.failure.code}\n`);
}
