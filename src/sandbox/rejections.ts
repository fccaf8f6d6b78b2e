// Promises that were rejected and that nothing handles, as HostPromiseRejectionTracker of ECMA-262 (27.2.1.9) tells of them. One that is
// still unhandled when all pending jobs have run counts as unhandled, as in Node and in browsers.
import { limits } from '../../shared/limits.ts';
import type { Engine, Pointer } from './engine.ts';

export interface Rejections {
  /** False: there are more than may be at once. Each is remembered outside of the guest's memory, whose limit does not count it. */
  note(promise: bigint, reason: bigint, isHandledNow: boolean): boolean;
  /** Reasons of the unhandled ones; whoever takes them owns them. */
  take(): Pointer[];
  /** After the memory was taken back: nothing is there any more to be let go of. */
  forget(): void;
}

interface Rejection {
  /** Held, so that no other promise gets its address. */
  readonly promise: Pointer;
  readonly reason: Pointer;
}

const VALUE_BYTES = 8;

export function createRejections(engine: Engine, context: Pointer): Rejections {
  const unhandled = new Map<bigint, Rejection>();
  const hold = (value: bigint): Pointer => {
    const box = engine._malloc(VALUE_BYTES);
    if (box === 0) return 0;
    new BigInt64Array(engine.memory.buffer, box, 1)[0] = value;
    const held = engine._QTS_DupValuePointer(context, box);
    engine._free(box);
    return held;
  };
  const release = (value: Pointer): void => {
    if (value !== 0) engine._QTS_FreeValuePointer(context, value);
  };
  return {
    note(promise, reason, isHandledNow) {
      const known = unhandled.get(promise);
      if (!isHandledNow) unhandled.set(promise, { promise: hold(promise), reason: hold(reason) });
      else if (known) {
        unhandled.delete(promise);
        release(known.promise);
        release(known.reason);
      }
      return unhandled.size <= limits.scriptRejections;
    },
    take() {
      const all = [...unhandled.values()];
      unhandled.clear();
      for (const { promise } of all) release(promise);
      return all.map(({ reason }) => reason).filter((reason) => reason !== 0);
    },
    forget: () => unhandled.clear(),
  };
}
