// Whether calls can be served, for those who send them here: a code out of a closed set, and nothing about why.
import type { Result } from '../../../shared/failure/result.ts';
import type { VaultState } from './metric-labels.ts';

/** `ready`, or the first thing that is not. */
export type Readiness = 'ready' | 'starting' | 'stopping' | 'workspace' | 'vault' | 'journal' | 'slow';

export interface HealthParts {
  /** Opens the workspace as a call does; undefined as long as nothing serves yet. */
  readonly workspace: () => Promise<Result<void>> | undefined;
  readonly vault: () => Promise<VaultState>;
  readonly journal: () => Result<void>;
  /** Aborted when the server ends. */
  readonly signal: AbortSignal;
  readonly now: () => number;
}

const KEPT_MS = 1_000;
/** To try a passphrase keeps the whole process for most of a second, and nobody who may ask here has a credential. */
const LOCKED_KEPT_MS = 30_000;
const LONGEST_MS = 2_000;

/** Looks at most once a second, and every half minute at a vault that does not open, however often it is asked; one that looks longer than two seconds is answered `slow`. */
export function createReadiness(parts: HealthParts): () => Promise<Readiness> {
  let last: { readonly found: Readiness; readonly at: number } | undefined;
  let looking: Promise<Readiness> | undefined;
  const look = async (): Promise<Readiness> => {
    try {
      const found = await findReadiness(parts);
      last = { found, at: parts.now() };
      return found;
    } finally {
      looking = undefined;
    }
  };
  return async () => {
    if (parts.signal.aborted) return 'stopping';
    const keptMs = last?.found === 'vault' ? LOCKED_KEPT_MS : KEPT_MS;
    if (last && Math.abs(parts.now() - last.at) < keptMs) return last.found;
    looking ??= look();
    return orSlow(looking);
  };
}

async function findReadiness({ workspace, vault, journal }: HealthParts): Promise<Readiness> {
  const opened = await workspace();
  if (!opened) return 'starting';
  if (!opened.ok) return 'workspace';
  const state = await vault();
  if (state === 'locked' || state === 'damaged') return 'vault';
  return journal().ok ? 'ready' : 'journal';
}

function orSlow(looking: Promise<Readiness>): Promise<Readiness> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve('slow'), LONGEST_MS);
    looking.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
