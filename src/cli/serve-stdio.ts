import { existsSync } from 'node:fs';
import { entangledRoot } from '../workspace/fence.ts';
import { entangled, MOVE_HOME } from './entangled.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { Parts } from './parts.ts';
import type { Session } from './session.ts';
import { printable } from './terminal.ts';

/** Serves until the client ends the input. Nothing but MCP is written to stdout. */
export async function serveStdio({ terminal }: Session, parts: Parts): Promise<ExitCode> {
  // Said at the start as well: each call will fail with it, but the operator sees only this.
  for (const root of parts.roots) {
    if (!existsSync(root)) terminal.note(printable(`warning: the workspace ${root} does not exist.`));
  }
  const around = entangledRoot(parts.home, parts.roots);
  if (around !== undefined) terminal.note(printable(`warning: ${entangled(parts.home, around)} ${MOVE_HOME}`));
  if (terminal.interactive) {
    terminal.note('Serving MCP over stdio for a client to talk to; end with Ctrl-D. Help: keyward --help');
  }
  await parts.serveStdio();
  return EXIT.done;
}
