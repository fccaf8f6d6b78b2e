// What the connections of an execution take and leave out, beside what its plan says.
import { transportHandles, uncheckedOrigins } from '../../shared/policy/transport.ts';
import { parseUrl } from '../../shared/request/parse-url.ts';
import type { Plan, SafeExchange } from '../../shared/stages/stages.ts';
import type { DeliveryTrail, ExecutionContext } from './ports.ts';
import { type PlanCredential, planSecrets } from './secrets-of.ts';

type Directory = Pick<ExecutionContext, 'policy' | 'handles'>;
type Credentials = readonly PlanCredential[];

/** The credentials that a planned request takes, each once: those of its plan and those of the connection to its origin. */
export function usedHandles(plan: Plan, directory: Directory): Credentials {
  return distinct([...planSecrets(plan, directory.handles).handles, ...handlesOf([plan.url.origin], directory)]);
}

/** What an execution went through; of one that failed there is no exchange, and its redirects are not known. */
export interface Travelled {
  readonly plan: Plan;
  readonly exchange?: SafeExchange | undefined;
  readonly trail: DeliveryTrail;
}

/** Those, the ones that the connections of its redirects and of its requests for tokens took, and what a login left. */
export function handlesAfter(before: Credentials, travelled: Travelled, directory: Directory): Credentials {
  const logins = findAll([...travelled.trail.handles], directory);
  return distinct([...before, ...handlesOf(originsOf(travelled), directory), ...logins]);
}

/** The origins that an execution went to although their certificate is not checked. */
export function uncheckedBy(travelled: Travelled, { policy }: Directory): readonly string[] {
  return [...new Set(originsOf(travelled).flatMap((origin) => uncheckedOrigins(policy.network, origin)))];
}

function originsOf({ plan, exchange, trail }: Travelled): readonly string[] {
  const later = exchange ? [...exchange.redirects.slice(1).map((hop) => hop.url), exchange.request.url] : [];
  const origins = later.flatMap((text) => parseUrl(text)?.origin ?? []);
  return [...new Set([plan.url.origin, ...origins, ...trail.tokensFrom])];
}

/** One that the vault does not know, or cannot tell of, stops the request before anything is sent. */
function handlesOf(origins: readonly string[], directory: Directory): Credentials {
  return findAll(
    origins.flatMap((origin) => transportHandles(directory.policy.network, origin)),
    directory,
  );
}

function findAll(names: readonly string[], { handles }: Pick<Directory, 'handles'>): Credentials {
  return names.flatMap((named) => {
    const found = handles.find(named);
    if (!found.ok || !found.value) return [];
    const { id, name, updatedAt } = found.value;
    return [{ id, name, updatedAt }];
  });
}

function distinct(handles: Credentials): Credentials {
  const ids = handles.map(({ id }) => id);
  return handles.filter(({ id }, index) => ids.indexOf(id) === index);
}
