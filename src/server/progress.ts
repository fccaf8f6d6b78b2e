import type { ServerContext } from '@modelcontextprotocol/server';
import { limits } from '../../shared/limits.ts';

/** Sends progress while a call runs, if the client asked for it; gives the function that stops it. */
export function startProgress({ mcpReq }: ServerContext): () => void {
  const progressToken = mcpReq._meta?.progressToken;
  if (progressToken === undefined) return () => undefined;
  let progress = 0;
  const timer = setInterval(() => {
    progress += 1;
    const params = { progressToken, progress, message: 'Still working on it' };
    // A client that went away ends the call by its signal.
    mcpReq.notify({ method: 'notifications/progress', params }).catch(() => undefined);
  }, limits.progressEveryMs);
  return () => clearInterval(timer);
}
