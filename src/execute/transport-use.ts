// What the connections of an execution take and leave out, beside what its plan says.
import { transportHandles, uncheckedOrigins } from '../../shared/policy/transport.ts';
import { parseUrl } from '../../shared/request/parse-url.ts';
import type { Plan, SafeExchange } from '../../shared/stages/stages.ts';
import type { ExecutionContext } from './ports.ts';
import { type PlanCredential, planSecrets } from './secrets-of.ts';

type Directory = Pick<ExecutionContext, 'policy' | 'handles'>;
type Credentials = readonly PlanCredential[];

/** The credentials that a planned request takes, each once: those of its plan and those of the connection to its origin. */
export function usedHandles(plan: Plan, directory: Directory): Credentials {
  return distinct([...planSecrets(plan, directory.handles).handles, ...handlesOf([plan.url.origin], directory)]);
}

/** Those, the ones that the connections of its redirects took, and what a login left. */
export function handlesAfter(
  before: Credentials,
  plan: Plan,
  exchange: SafeExchange,
  directory: Directory,
): Credentials {
  const logins = findAll(exchange.handles ?? [], directory);
  return distinct([...before, ...handlesOf(originsOf(plan, exchange), directory), ...logins]);
}

/** The origins that an exchange went to although their certificate is not checked. */
export function uncheckedBy(plan: Plan, exchange: SafeExchange, { policy }: Directory): readonly string[] {
  return [...new Set(originsOf(plan, exchange).flatMap((origin) => uncheckedOrigins(policy.network, origin)))];
}

function originsOf({ url }: Plan, { redirects, request }: SafeExchange): readonly string[] {
  const later = [...redirects.slice(1).map((hop) => hop.url), request.url];
  return [...new Set([url.origin, ...later.flatMap((text) => parseUrl(text)?.origin ?? [])])];
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
