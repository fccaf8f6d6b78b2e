// One process of several: writes secrets and journal entries into a data folder and says so, a line for each, once the
// write is acknowledged. Arguments: data folder, what (secrets | calls | prunes), how many, prefix. Starts at a line on its input.
import { readSync, writeSync } from 'node:fs';
import { openState } from '../../dist/src/state/open-state.js';

const [home, what, count, prefix] = process.argv.slice(2);

// Only what the child needs is loaded: there are many of them.
const parts =
  what === 'secrets'
    ? await import('../../dist/src/vault/open-vault.js')
    : await import('../../dist/src/journal/open-journal.js');

const writers = {
  secrets(state) {
    const { openVault } = parts;
    const vault = openVault({ state, keySource: { source: 'key-file' }, now: Date.now });
    return (name) => vault.set({ name, value: `value of ${name}`, origins: ['https://api.example.com'] });
  },
  calls(state) {
    const { openJournal } = parts;
    const journal = openJournal({ state, now: Date.now });
    return (name) => {
      const begun = journal.begin({
        type: 'begin',
        correlationId: name,
        principal: 'stdio',
        requestId: 'req_1',
        requestName: 'Get customer',
        collectionId: 'col_1',
        method: 'GET',
        origin: 'https://api.example.com',
        path: '/customers/1',
        handles: [],
        decision: { verdict: 'allow', rule: 'access.default', reason: 'GET is safe' },
      });
      if (!begun.ok) return begun;
      return journal.end({
        type: 'end',
        correlationId: name,
        durationMs: 1,
        responseBytes: 0,
        redactions: 0,
        redirects: [],
      });
    };
  },
};

// Each call is followed by the removal of those before, with the newest entries kept, and by a checkpoint. What is kept is the call before,
// too: of this one, with its removal, may have been written what was not told yet.
writers.prunes = (state) => {
  const call = writers.calls(state);
  const journal = parts.openJournal({ state, now: Date.now });
  return async (name) => {
    const called = call(name);
    if (!called.ok) return called;
    const pruned = await journal.prune({ keep: 5 });
    return pruned.ok ? journal.writeCheckpoint() : pruned;
  };
};

writeSync(1, 'ready\n');
readSync(0, Buffer.alloc(8));
const opened = openState(home);
const write = opened.ok ? writers[what](opened.value) : () => opened;
for (let index = 0; index < Number(count); index += 1) {
  const name = `${prefix}${index}`;
  const written = await write(name);
  writeSync(1, written.ok ? `${name}\n` : `${written.failure.code} ${written.failure.facts.reason}\n`);
}
