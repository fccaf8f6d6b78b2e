// Scripts run, and a person is asked on the way or behind them. The answer holds for what was shown, so the next call goes on where this
// one ended: run again, the scripts could make other requests.
import { limits } from '../../shared/limits.ts';
import { overShare } from '../../shared/over-share.ts';
import type { KeptScripting } from './ports.ts';
import type { Running } from './running.ts';

interface Kept {
  readonly key: string;
  readonly caller: string;
  readonly running: Running;
  readonly timer: NodeJS.Timeout;
}

/**
 * Each is taken once. Where it is not there any more the scripts run again, and a person is asked again about whatever is not the same.
 * Where they are too many, the oldest of the caller goes who has most: nobody can end another's by asking for much.
 */
export function createKeptScripting(): KeptScripting {
  const kept = new Map<string, Kept>();
  const remove = (key: string): Running | undefined => {
    const found = kept.get(key);
    clearTimeout(found?.timer);
    kept.delete(key);
    return found?.running;
  };
  const end = (key: string): void => void remove(key)?.end();
  const endOver = (all: readonly Kept[], most: number): void => {
    for (const { key } of overShare(all, most, ({ caller }) => caller)) end(key);
  };
  return {
    keep(caller, digest, running) {
      const key = keyOf(caller, digest);
      end(key);
      const timer = setTimeout(() => end(key), limits.keptScriptingMs).unref();
      kept.set(key, { key, caller, running, timer });
      // Each has a thread of its own.
      const waiting = [...kept.values()].filter((each) => each.running.isScriptWaiting());
      endOver(waiting, limits.waitingScripts);
      endOver([...kept.values()], limits.keptScriptings);
    },
    take(caller, digest) {
      return remove(keyOf(caller, digest));
    },
    async close() {
      await Promise.all([...kept.keys()].map(async (key) => remove(key)?.end()));
    },
  };
}

function keyOf(caller: string, digest: string): string {
  return JSON.stringify([caller, digest]);
}
