import { randomBytes } from 'node:crypto';
import type { PlannedUrl } from '../../shared/request/plan.ts';
import type { AdmittedPlan, Plan } from '../../shared/stages/stages.ts';
import type { AuthRound, SigningPlace } from './schemes/scheme.ts';

/** Where and when a request is signed; each call gives the same random bytes in the same order. */
export function placeOf(
  { url, settings }: Plan,
  { port }: AdmittedPlan['target'],
  { now, round }: { readonly now: number; readonly round: AuthRound | undefined },
): () => SigningPlace {
  const drawn: Uint8Array[] = [];
  return () => {
    let next = 0;
    const random = (bytes: number): Uint8Array => {
      const known = drawn[next] ?? randomBytes(bytes);
      drawn[next] = known;
      next += 1;
      return known;
    };
    const urlAsWritten = settings.disableUrlEncoding === true;
    return { scheme: url.scheme, host: hostHeader(url), port, now, random, urlAsWritten, ...(round && { round }) };
  };
}

function hostHeader({ host, port }: PlannedUrl): string {
  return port === '' ? host : `${host}:${port}`;
}
