import { shownName } from '../../shared/collection/shown-name.ts';
import { CONTENT_NOTE } from '../../shared/contracts/contract.ts';
import { listEnvironments } from '../../shared/contracts/list-environments.ts';
import { ok } from '../../shared/failure/result.ts';
import { environmentAccess } from '../../shared/policy/access.ts';
import { environmentsFor, findCollection, visibleEnvironments } from '../execute/visible.ts';
import { shownAccess } from './access.ts';
import { paginate } from './paginate.ts';
import { tool } from './tool.ts';

export const listEnvironmentsTool = tool(listEnvironments, ({ collection_id, limit, cursor }, context) => {
  const collection = collection_id === undefined ? undefined : findCollection(context, collection_id);
  if (collection && !collection.ok) return collection;
  const choices = collection ? environmentsFor(context, collection.value) : visibleEnvironments(context);
  const place = { tool: 'list_environments', filter: { collection_id }, limit, cursor };
  const page = paginate(choices, place, context.cursors, (environment) => ({
    id: environment.id,
    name: shownName(environment.name),
    kind: environment.kind,
    variable_count: environment.variables.length,
    access: shownAccess(environmentAccess(context.policy, environment).level),
  }));
  if (!page.ok) return page;
  const { items, ...more } = page.value;
  return ok({ kind: 'answer', value: { content_note: CONTENT_NOTE, environments: [...items], ...more } });
});
