import { EXIT, type ExitCode } from './exit-code.ts';
import type { Parts } from './parts.ts';
import { fail, type Session } from './session.ts';
import { printable } from './terminal.ts';
import { warnOfPlaces } from './warn-of-places.ts';

/** Serves until the process is told to end. Settings that are not safe together count as used wrongly. */
export async function serveHttp(session: Session, parts: Parts, listen: string | undefined): Promise<ExitCode> {
  warnOfPlaces(session, parts);
  const { terminal } = session;
  const onListening = (url: string, warning: string | undefined) => {
    if (warning !== undefined) terminal.note(printable(`warning: ${warning}.`));
    terminal.note(printable(`Serving MCP over HTTP at ${url}; end with Ctrl-C.`));
  };
  const served = await parts.serveHttp(listen, onListening);
  if (served.ok) return EXIT.done;
  const code = fail(session, served.failure);
  return served.failure.code === 'CONFIG/INVALID' ? EXIT.usedWrongly : code;
}
