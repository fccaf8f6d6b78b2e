import { existsSync } from 'node:fs';
import { entangledRoot } from '../workspace/fence.ts';
import { entangled, MOVE_HOME } from './entangled.ts';
import type { Parts } from './parts.ts';
import type { Session } from './session.ts';
import { printable } from './terminal.ts';

/** Said at the start as well: each call will fail with it, but the operator sees only this. */
export function warnOfPlaces({ terminal }: Session, parts: Parts): void {
  for (const root of parts.roots) {
    if (!existsSync(root)) terminal.note(printable(`warning: the workspace ${root} does not exist.`));
  }
  const around = entangledRoot(parts.home, parts.roots);
  if (around !== undefined) terminal.note(printable(`warning: ${entangled(parts.home, around)} ${MOVE_HOME}`));
}
