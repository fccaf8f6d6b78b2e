// What one caller may see and do of what was opened: everything behind it asks the narrowed policy, so that what is out of reach is as
// good as missing.
import { isNamed, type Reach } from '../../shared/access/reach.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { once } from '../../shared/once.ts';
import type { Policy, Principal } from '../../shared/policy/policy.ts';
import type { HandleInfo } from '../../shared/secret/secret-ref.ts';
import type { ExecutionContext, HandleDirectory } from './ports.ts';

const MOST_REACHES = 1_000;
const narrowed = new WeakMap<Policy, Map<string, Policy>>();

/** The context of a caller; without a reach it is the context itself. */
export function narrowTo(context: ExecutionContext, { reach }: Pick<Principal, 'reach'>): ExecutionContext {
  if (!reach) return context;
  return { ...context, policy: narrowPolicy(context.policy, reach), handles: narrowHandles(context.handles, reach) };
}

/** The same object for the same policy and reach: an execution that waits for a person goes on under the policy that it began with. */
function narrowPolicy(policy: Policy, reach: Reach): Policy {
  const known = narrowed.get(policy) ?? new Map<string, Policy>();
  narrowed.set(policy, known);
  const found = known.get(reach.key);
  if (found) return found;
  const made = { ...policy, reach };
  const [oldest] = known.keys();
  if (oldest !== undefined && known.size >= MOST_REACHES) known.delete(oldest);
  known.set(reach.key, made);
  return made;
}

/** Only those that the reach names are ever asked for, so that asking for another takes as long as asking for none. */
function narrowHandles(directory: HandleDirectory, { handles: names }: Reach): HandleDirectory {
  if (!names) return directory;
  const reachable = once(() => reachableOf(directory, names));
  return {
    list() {
      const listed = directory.list();
      if (!listed.ok) return listed;
      return ok(listed.value.filter((handle) => isNamed(names, handle)).map((handle) => alone(handle, names)));
    },
    find(nameOrId) {
      const known = reachable();
      if (!known.ok) return known;
      const named = known.value.filter(({ name }) => name === nameOrId);
      return ok(
        known.value.find(({ id }) => id === nameOrId) ?? named.find(({ tier }) => tier !== 'writing') ?? named[0],
      );
    },
  };
}

function reachableOf(directory: HandleDirectory, names: readonly string[]): Result<readonly HandleInfo[]> {
  const found: HandleInfo[] = [];
  const add = (nameOrId: string): Result<HandleInfo | undefined> => {
    const each = directory.find(nameOrId);
    if (each.ok && each.value && isNamed(names, each.value)) found.push(alone(each.value, names));
    return each;
  };
  for (const name of names) {
    const reading = add(name);
    const { writingId } = (reading.ok && reading.value) || {};
    const writing = writingId === undefined ? reading : add(writingId);
    if (!writing.ok) return err(writing.failure);
  }
  return ok(found);
}

/** Without the id of a writing credential that is not named. */
function alone(handle: HandleInfo, names: readonly string[]): HandleInfo {
  const { writingId, ...rest } = handle;
  return writingId === undefined || isNamed(names, { id: writingId, name: handle.name }) ? handle : rest;
}
