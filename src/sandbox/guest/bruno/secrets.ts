import { handleName } from '../../../../shared/collection/handle-part.ts';
import type { Run } from '../run.ts';

/**
 * What a script sees of a variable of the process or of an external store: the reference of the handle of that name. `of`: as in
 * GuestLive.reference.
 */
export function secretOf({ live }: Run, name: string, of?: string): string {
  return live.reference(`vault:${handleName(name)}`, of);
}
