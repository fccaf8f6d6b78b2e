import type { BodyTemplate, RequestTemplate, Variable } from '../collection/model.ts';
import type { Sealed } from '../secret/seal.ts';
import type { Template } from '../template/template.ts';

/** Every inline secret that a request could hold or reach, each once: what a scrubber must know, used or not. */
export function scopeSecrets(request: RequestTemplate, variables: readonly Variable[]): readonly Sealed[] {
  const secrets = new Set<Sealed>();
  for (const { value } of variables) addSealed(value, secrets);
  for (const template of templatesOf(request)) addSealed(template, secrets);
  return [...secrets];
}

/** Every template of a request: URL, headers, body, auth, examples; disabled ones included. */
export function templatesOf(request: RequestTemplate): readonly Template[] {
  const { url, headers, body, auth, examples } = request;
  return [
    url.address,
    ...url.query.flatMap(({ name, value }) => [name ?? [], value ?? []]),
    url.fragment ?? [],
    ...url.pathVariables.map(({ value }) => value),
    ...headers.flatMap(({ name, value }) => [name, value]),
    ...bodyTemplates(body),
    ...Object.values(auth.fields),
    ...examples.flatMap((example) => example.headers.map(({ value }) => value)),
  ];
}

function bodyTemplates(body: BodyTemplate): readonly Template[] {
  switch (body.kind) {
    case 'none':
      return [];
    case 'raw':
      return [body.text];
    case 'urlencoded':
      return body.fields.flatMap(({ name, value }) => [name, value]);
    case 'multipart':
      return body.parts.flatMap((part) => [part.name, ...(part.kind === 'text' ? [part.value] : part.paths)]);
    case 'file':
      return [body.path];
    case 'graphql':
      return [body.query, body.variables, body.operationName ?? []];
  }
}

function addSealed(template: Template, secrets: Set<Sealed>): void {
  for (const part of template) {
    if (part.kind === 'sealed') secrets.add(part.value);
    else if (part.kind === 'handle') addSealed(part.otherwise ?? [], secrets);
  }
}
