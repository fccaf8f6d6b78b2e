import type { AuthTemplate, Environment } from '../../shared/collection/model.ts';
import { shownName } from '../../shared/collection/shown-name.ts';
import { CONTENT_NOTE } from '../../shared/contracts/contract.ts';
import { describeRequest } from '../../shared/contracts/describe-request.ts';
import { ok } from '../../shared/failure/result.ts';
import { decide, isSafeMethod } from '../../shared/policy/decide.ts';
import { redactProse } from '../../shared/redact/redact-prose.ts';
import { scopeInput } from '../../shared/request/plan-request.ts';
import { endpointFields, tokenEndpoints } from '../../shared/request/token-request.ts';
import type { HandleLookup } from '../../shared/secret/secret-ref.ts';
import { templateText } from '../../shared/template/lex.ts';
import { createScope, renderTemplate, type Scope } from '../../shared/template/render.ts';
import { describeVariables } from '../execute/describe-variables.ts';
import type { FoundRequest } from '../execute/ports.ts';
import { lookupOf } from '../execute/prepare.ts';
import { earlierWrites } from '../execute/script-scope.ts';
import { secretRefs } from '../execute/secrets-of.ts';
import { bodyView, fieldView, templatesOf, urlText } from '../execute/template-view.ts';
import { chosenEnvironment, findRequest, visibleGlobals } from '../execute/visible.ts';
import { type ToolContext, tool } from './tool.ts';

export const describeRequestTool = tool(describeRequest, ({ request_id, environment_id }, context) => {
  const found = findRequest(context, request_id);
  if (!found.ok) return found;
  const environment = chosenEnvironment(context, found.value.collection, environment_id);
  if (!environment.ok) return environment;
  const { collection, entry, template } = found.value;
  const lookup = lookupOf(context.handles).find;
  const scope = scopeOf(found.value, environment.value, lookup, context);
  return ok({
    kind: 'answer',
    value: {
      content_note: CONTENT_NOTE,
      id: entry.id,
      name: shownName(entry.name),
      collection_id: collection.id,
      collection: shownName(collection.name),
      path: entry.folders.map(shownName).join('/'),
      method: template.method,
      url: urlText(template.url),
      params: template.url.query.map(fieldView),
      path_variables: template.url.pathVariables.map(fieldView),
      headers: template.headers.map(fieldView),
      body: bodyView(template.body),
      auth: authView(template.auth, lookup, scope),
      ...(template.description !== undefined && { docs: redactProse(template.description).text }),
      variables: [...describeVariables(templatesOf(template), scope)],
      scripts: template.scripts.map(({ phase, from, language, source }) => ({
        phase,
        from,
        language,
        size: source.length,
      })),
      examples: template.examples.map(({ name, status }) => ({
        name: shownName(name),
        ...(status !== undefined && { status }),
      })),
      ...(template.notes && { notes: [...template.notes] }),
      ...(entry.notExecutable !== undefined && { not_executable: entry.notExecutable }),
      ...(entry.tags && { tags: entry.tags.map(shownName) }),
      access: accessText(found.value, environment.value, context),
      source: sourceOf(found.value, context),
    },
  });
});

function authView({ type, from, fields }: AuthTemplate, lookup: HandleLookup, scope: Scope) {
  const shown = Object.entries(fields).map(([name, template]) => {
    const secrets = secretRefs(template, lookup);
    return secrets.length > 0 ? { name, secrets: [...secrets] } : { name, text: templateText(template) };
  });
  const addresses = endpointFields.flatMap((name) => {
    const address = renderTemplate(fields[name] ?? [], scope);
    return address.ok ? [[name, address.value] as const] : [];
  });
  const endpoints = tokenEndpoints({ type, fields: Object.fromEntries(addresses) });
  return { type, from, ...(endpoints.length > 0 && { token_endpoints: [...endpoints] }), fields: shown };
}

function scopeOf(
  found: FoundRequest,
  environment: Environment | undefined,
  handles: HandleLookup,
  context: ToolContext,
): Scope {
  const target = { found, ...(environment && { environment }), globals: visibleGlobals(context, found.collection) };
  const { id, claims } = context.call.principal;
  const written = earlierWrites(target, id, context.session);
  const known = { ...(written && { written }), ...(claims && { claims }) };
  return createScope(scopeInput({ ...target, ...known, handles, dynamic: () => undefined }));
}

function accessText(
  { collection, template }: FoundRequest,
  environment: Environment | undefined,
  { policy }: ToolContext,
) {
  const method = template.method.toUpperCase();
  const safe = isSafeMethod(method);
  const { verdict, reason } = decide({ policy, collection, ...(environment && { environment }), method, safe });
  return `${verdict}: ${reason}`;
}

function sourceOf(found: FoundRequest, { workspace }: ToolContext) {
  const { file, line } = workspace.locate(found);
  return { file: shownName(file), ...(line !== undefined && { line }) };
}
