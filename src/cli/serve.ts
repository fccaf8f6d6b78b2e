import type { Command } from 'commander';
import { serveHttp } from './serve-http.ts';
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
    .option('--http [listen]', 'Streamable HTTP instead: [HOST:]PORT or unix:/PATH (default: as http.yaml says)');
  withHome(command).action(async (workspaces: string[], { http, ...options }: ServeOptions) => {
    await withParts(session, { ...options, workspaces }, (parts) =>
      http === undefined ? serveStdio(session, parts) : serveHttp(session, parts, http === true ? undefined : http),
    );
  });
}
