import type { BodyTemplate, RequestTemplate, Variable } from '../collection/model.ts';
import type { Sealed } from '../secret/seal.ts';
import type { Template, TemplatePart } from '../template/template.ts';

/** Every inline secret that a request could hold or reach, each once: what a scrubber must know, used or not. */
export function scopeSecrets(request: RequestTemplate, variables: readonly Variable[]): readonly Sealed[] {
  const found: Found = { secrets: new Set(), computations: new Set() };
  for (const { value } of variables) addSealed(value, found);
  for (const template of templatesOf(request)) addSealed(template, found);
  return [...found.secrets];
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

interface Found {
  readonly secrets: Set<Sealed>;
  /** One may stand in many others, and each of those in many more. */
  readonly computations: Set<TemplatePart>;
}

function addSealed(template: Template, found: Found): void {
  for (const part of template) {
    if (part.kind === 'sealed') found.secrets.add(part.value);
    else if (part.kind === 'handle') addSealed(part.otherwise ?? [], found);
    else if (part.kind === 'derived' && !found.computations.has(part)) {
      found.computations.add(part);
      for (const input of part.inputs) addSealed(input, found);
    }
  }
}
