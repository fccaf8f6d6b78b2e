// Signs that events were lost: Linux drops what does not fit its queue, and Node does not say so.
import { limits } from '../../shared/limits.ts';

export interface LossGauge {
  /** Counts an event as the system tells it, of interest or not. */
  count(): void;
  close(): void;
}

const BEAT_MS = 100;

/**
 * Calls `onLoss` where so many events come in one turn of the event loop that the queue may have overflowed, and where events
 * had to wait for a loop that was held up.
 */
export function createLossGauge(onLoss: () => void): LossGauge {
  let inTurn = 0;
  let beatAt = performance.now();
  let wasHeldUp = false;
  const isLate = (): boolean => performance.now() - beatAt > BEAT_MS + limits.watchStallMs;
  const timer = setInterval(() => {
    wasHeldUp = isLate();
    beatAt = performance.now();
  }, BEAT_MS);
  timer.unref();
  const endTurn = (): void => {
    inTurn = 0;
  };
  return {
    count() {
      if (inTurn === 0) setImmediate(endTurn).unref();
      inTurn += 1;
      const heldUp = wasHeldUp || isLate();
      if (inTurn !== limits.watchEvents && !heldUp) return;
      wasHeldUp = false;
      beatAt = performance.now();
      onLoss();
    },
    close: () => clearInterval(timer),
  };
}
