export interface Deadline {
  /** Aborts when the time is over (its reason is then a TimeoutError) or the caller gives up. */
  readonly signal: AbortSignal;
  isOver(): boolean;
  clear(): void;
}

/** One deadline for a whole delivery, however many hops it takes. */
export function startDeadline(timeoutMs: number, outer: AbortSignal): Deadline {
  const controller = new AbortController();
  let over = false;
  const giveUp = (): void => controller.abort();
  const timer = setTimeout(() => {
    over = true;
    // As AbortSignal.timeout does: who reads an answer keeps what came in time, and drops what nobody wants any more.
    controller.abort(new DOMException('The time of the delivery is over.', 'TimeoutError'));
  }, timeoutMs);
  if (outer.aborted) giveUp();
  outer.addEventListener('abort', giveUp, { once: true });
  return {
    signal: controller.signal,
    isOver: () => over,
    clear: () => {
      clearTimeout(timer);
      outer.removeEventListener('abort', giveUp);
    },
  };
}
