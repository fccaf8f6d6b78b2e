import type { Command } from 'commander';
import { EXIT } from './exit-code.ts';
import { serveStdio } from './serve-stdio.ts';
import { type HomeOption, type Session, withHome, withParts } from './session.ts';

interface ServeOptions extends HomeOption {
  readonly http?: string | true;
}

export function addServe(program: Command, session: Session): void {
  const command = program
    .command('serve', { isDefault: true })
    .description('serve the collections to an agent: MCP over stdio (the default command)')
    .argument('[workspace...]', 'files or folders of collections (default: the current folder)')
    .option('--http [host:port]', 'Streamable HTTP on loopback instead of stdio (not available yet)');
  withHome(command).action(async (workspaces: string[], options: ServeOptions) => {
    if (options.http !== undefined) return refuseHttp(session);
    await withParts(session, { ...options, workspaces }, (parts) => serveStdio(session, parts));
  });
}

function refuseHttp(session: Session): void {
  session.terminal.note('error INPUT/INVALID: serving over HTTP is not available yet.');
  session.terminal.note('  fix: serve over stdio, which is the default: leave out --http.');
  session.finish(EXIT.usedWrongly);
}
