import type { PinnedTarget } from '../../shared/stages/stages.ts';

/**
 * Whether a hop may follow the one before it (none before the first). An exception of the operator is for the requests of
 * the collections: a public server must not use it to reach an inner address.
 */
export function mayGoOn(
  from: Pick<PinnedTarget, 'exception'> | undefined,
  to: Pick<PinnedTarget, 'exception'>,
): boolean {
  return from === undefined || from.exception || !to.exception;
}
