import { shownName } from '../../shared/collection/shown-name.ts';
import { CONTENT_NOTE } from '../../shared/contracts/contract.ts';
import { listCollections } from '../../shared/contracts/list-collections.ts';
import { describeFailure, type Failure } from '../../shared/failure/failure.ts';
import { ok } from '../../shared/failure/result.ts';
import { collectionAccess } from '../../shared/policy/access.ts';
import { redactProse } from '../../shared/redact/redact-prose.ts';
import { environmentsFor, visibleCollections } from '../execute/visible.ts';
import { shownAccess } from './access.ts';
import { paginate } from './paginate.ts';
import { tool } from './tool.ts';
import { visibleProblems } from './visible-problems.ts';
import { asPresented, rankByWords } from './words.ts';

const MAX_PROBLEMS = 20;

export const listCollectionsTool = tool(listCollections, ({ query, limit, cursor }, context) => {
  const { policy } = context;
  const matching = rankByWords(visibleCollections(context), query, ({ name, file }) => ({
    name: asPresented(shownName(name)),
    path: asPresented(shownName(file)),
  }));
  const place = { tool: 'list_collections', filter: { query }, limit, cursor };
  const page = paginate(matching, place, context.cursors, (collection) => ({
    id: collection.id,
    name: shownName(collection.name),
    format: collection.format,
    request_count: collection.requests.length,
    access: shownAccess(collectionAccess(policy, collection).level),
    environments: environmentsFor(context, collection)
      .filter(({ kind }) => kind === 'environment')
      .map(({ name }) => shownName(name)),
  }));
  if (!page.ok) return page;
  const { items, ...more } = page.value;
  const problems = visibleProblems(context).slice(0, MAX_PROBLEMS).map(shownProblem);
  return ok({
    kind: 'answer',
    value: { content_note: CONTENT_NOTE, collections: [...items], ...(problems.length > 0 && { problems }), ...more },
  });
});

function shownProblem(problem: Failure) {
  const { code, message, where } = describeFailure(problem);
  return {
    code,
    message: redactProse(message).text,
    ...(where && { file: shownName(where.file) }),
    ...(where?.line !== undefined && { line: where.line }),
  };
}
