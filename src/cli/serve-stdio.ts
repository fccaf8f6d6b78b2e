import { EXIT, type ExitCode } from './exit-code.ts';
import type { Parts } from './parts.ts';
import type { Session } from './session.ts';
import { warnOfPlaces } from './warn-of-places.ts';

/** Serves until the client ends the input. Nothing but MCP is written to stdout. */
export async function serveStdio(session: Session, parts: Parts): Promise<ExitCode> {
  warnOfPlaces(session, parts);
  if (session.terminal.interactive) {
    session.terminal.note('Serving MCP over stdio for a client to talk to; end with Ctrl-D. Help: keyward --help');
  }
  await parts.serveStdio();
  return EXIT.done;
}
