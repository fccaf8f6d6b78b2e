// What a server has that a single command has not: it follows its files, it tells by the log, and a signal ends it.
import { randomBytes, randomUUID } from 'node:crypto';
import type { Teller } from './log/teller.ts';
import type { StdioApp } from './server/stdio.ts';
import { createFollowedWorkspace, type FollowedWorkspace } from './workspace/followed-workspace.ts';

const SEALING_KEY_BYTES = 32;

export interface ServingParts {
  /** Absolute path of the data folder. */
  readonly home: string;
  readonly roots: () => readonly string[];
  readonly log: Teller;
  readonly onBug: (error: unknown, correlationId: string) => void;
}

/** What both ways of serving are given. */
export type ServingApp = Required<Omit<StdioApp, 'stdin' | 'stdout'>>;

export interface Serving {
  readonly app: Omit<ServingApp, 'version' | 'open' | 'isStale'>;
  readonly followed: FollowedWorkspace;
}

/** Starts to follow the workspace and to wait for the signal that ends it. */
export function startServing({ home, roots, log, onBug }: ServingParts): Serving {
  const { tell, inCall } = log;
  const randomId = () => randomUUID();
  const followed = createFollowedWorkspace({
    get roots() {
      return roots();
    },
    forbidden: [home],
    // The first call opens the folders, which are looked at for all.
    onLimited: (code) =>
      inCall(undefined, () => tell('warn', { code }, 'folders cannot all be watched; they are looked at by the clock')),
    onBug: (error) => onBug(error, randomId()),
  });
  process.on('unhandledRejection', (error) => tell('error', { error }, 'a bug'));
  const ended = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => ended.abort());
  const app = {
    sealingKey: randomBytes(SEALING_KEY_BYTES),
    onChange: (listener: () => void) => followed.onChange(listener),
    now: () => Date.now(),
    randomId,
    onBug,
    inCall,
    onProtocolError: (error: unknown) => tell('warn', { error }, 'a message of the client could not be handled'),
    signal: ended.signal,
  };
  return { app, followed };
}
