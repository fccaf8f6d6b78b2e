// What a key may do with what is in the workspace, asked of the very rules that its calls are judged by.
import type { Reach } from '../../../shared/access/reach.ts';
import { toolGroup } from '../../../shared/access/tool-group.ts';
import { shownName } from '../../../shared/collection/shown-name.ts';
import { contracts } from '../../../shared/contracts/contracts.ts';
import { ok, type Result } from '../../../shared/failure/result.ts';
import { type AccessFinding, collectionAccess, environmentAccess, type Named } from '../../../shared/policy/access.ts';
import { decideWithin } from '../../../shared/policy/decide.ts';
import type { Decision, Policy } from '../../../shared/policy/policy.ts';
import { narrowTo } from '../../execute/narrow.ts';
import type { ExecutionContext } from '../../execute/ports.ts';

/** `read`: shown and never sent; `safe`: sent where it changes nothing; `all`: sent, after an approval where `changing` says ask. */
type AccessWord = 'hidden' | 'read' | 'safe' | 'all';

export interface ThingAccess {
  readonly id: string;
  readonly name: string;
  readonly access: AccessWord;
  /** What decides that it is this and no more. */
  readonly rule: string;
  /** Of requests that change nothing, such as GET, and of all others, such as POST. */
  readonly reading: Decision;
  readonly changing: Decision;
}

export interface Permissions {
  readonly tools: readonly string[];
  readonly collections: readonly ThingAccess[];
  /** What the environment lets through; a request needs its collection's word as well. */
  readonly environments: readonly ThingAccess[];
  /** Secrets that its requests may be sent with. */
  readonly handles: readonly { readonly id: string; readonly name: string; readonly tier: 'reading' | 'writing' }[];
  /** Names in its scopes that nothing here has. */
  readonly unknown: readonly string[];
}

/** Failures: those of listing the secrets. */
export function permissionsOf(context: ExecutionContext, reach: Reach): Result<Permissions> {
  const { policy, handles, workspace } = narrowTo(context, { reach });
  const listed = handles.list();
  if (!listed.ok) return listed;
  const [collections, environments] = [workspace.collections(), workspace.environments()];
  const of = (thing: Named, found: AccessFinding) => thingAccess(policy, reach, thing, found);
  const tools = contracts.map(({ name }) => name).filter((name) => hasGroup(reach, toolGroup(name)));
  return ok({
    tools,
    collections: collections.map((each) => of(each, collectionAccess(policy, each))),
    environments: environments.map((each) => of(each, environmentAccess(policy, each))),
    handles: usesHandles(reach) ? listed.value.map(({ id, name, tier = 'reading' }) => ({ id, name, tier })) : [],
    unknown: [
      ...missing('collection', reach.collections, collections),
      ...missing('environment', reach.environments, environments),
      ...missing('handle', reach.handles, listed.value),
    ],
  });
}

/** Whether it sends anything, or is told of secrets. */
function usesHandles({ tools }: Reach): boolean {
  return tools.includes('execute') || tools.includes('secrets');
}

function hasGroup({ tools }: Reach, group: ReturnType<typeof toolGroup>): boolean {
  return group !== undefined && tools.includes(group);
}

function thingAccess(policy: Policy, reach: Reach, { id, name }: Named, found: AccessFinding): ThingAccess {
  const reading = decideWithin(policy, found, { method: 'GET', safe: true });
  const changing = decideWithin(policy, found, { method: 'POST', safe: false });
  const word = wordOf(reach, found, reading, changing);
  return { id, name: shownName(name), ...word, reading, changing };
}

function wordOf(
  reach: Reach,
  { level, rule }: AccessFinding,
  reading: Decision,
  changing: Decision,
): Pick<ThingAccess, 'access' | 'rule'> {
  if (level === 'hidden') return { access: 'hidden', rule };
  if (changing.verdict !== 'deny') return { access: 'all', rule: changing.rule };
  if (reading.verdict !== 'deny') return { access: 'safe', rule: changing.rule };
  // No tool would show it.
  if (!reach.tools.includes('read')) return { access: 'hidden', rule: 'scope' };
  return { access: 'read', rule: reading.rule };
}

function missing(kind: string, names: readonly string[] = [], there: readonly Named[]): readonly string[] {
  const known = new Set(there.flatMap(({ id, name }) => [id, name]));
  return names.filter((name) => !known.has(name)).map((name) => `${kind}:${name}`);
}
