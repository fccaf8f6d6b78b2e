import type { Session } from './session.ts';

export interface PathWord {
  readonly allowPath?: boolean;
  readonly yes?: boolean;
}

/**
 * Whether the operator lets a secret that collections put into a path stand there. Only --allow-path or a person says so: --yes agrees to
 * what a secret goes to, and a path is where servers write it into their logs.
 */
export async function hasPathWord({ terminal }: Session, { allowPath, yes }: PathWord, name: string): Promise<boolean> {
  if (allowPath || yes || !terminal.interactive) return allowPath === true;
  return terminal.confirm(
    `Collections put ${name} into the path of a URL, which servers write into their logs. Let it stand in a path?`,
  );
}
