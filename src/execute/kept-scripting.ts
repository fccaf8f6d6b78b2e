// Scripts run, and a person is asked on the way or behind them. The answer holds for what was shown, so the next call goes on where this
// one ended: run again, the scripts could make other requests.
import { limits } from '../../shared/limits.ts';
import type { KeptScripting } from './ports.ts';
import type { Running } from './running.ts';

interface Kept {
  readonly running: Running;
  readonly timer: NodeJS.Timeout;
}

/** Each is taken once. Where it is not there any more the scripts run again, and a person is asked again about whatever is not the same. */
export function createKeptScripting(): KeptScripting {
  const kept = new Map<string, Kept>();
  const remove = (key: string): Running | undefined => {
    const found = kept.get(key);
    clearTimeout(found?.timer);
    kept.delete(key);
    return found?.running;
  };
  const end = (key: string): void => void remove(key)?.end();
  return {
    keep(caller, digest, running) {
      const key = keyOf(caller, digest);
      end(key);
      kept.set(key, { running, timer: setTimeout(() => end(key), limits.keptScriptingMs).unref() });
      const keys = [...kept.keys()];
      // Each has a thread of its own.
      const waiting = keys.filter((each) => kept.get(each)?.running.isScriptWaiting());
      for (const oldest of waiting.slice(0, -limits.waitingScripts)) end(oldest);
      for (const oldest of keys.slice(0, -limits.keptScriptings)) end(oldest);
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
