import { originOf } from '../request/plan-url.ts';
import { templatesOf } from '../request/scope-secrets.ts';
import type { Sealed } from '../secret/seal.ts';
import { precedence } from '../template/precedence.ts';
import { createScope, renderTemplate, type Scope } from '../template/render.ts';
import type { Template } from '../template/template.ts';
import type { OpenedCollection, TakenSecret } from './take-secrets.ts';

/**
 * The origins to which the files alone send each secret, with no environment and with each of them: what its handle is to
 * be bound to. Sorted; none for a secret that no request with a complete address uses.
 */
export function secretOrigins(
  opened: readonly OpenedCollection[],
  secrets: readonly TakenSecret[],
): ReadonlyMap<TakenSecret, readonly string[]> {
  const owners = new Map(secrets.flatMap((secret) => secret.values.map((value) => [value, secret] as const)));
  const origins = new Map(secrets.map((secret) => [secret, new Set<string>()]));
  for (const { origin, value } of opened.flatMap(sentSecrets)) {
    const secret = owners.get(value);
    if (secret) origins.get(secret)?.add(origin);
  }
  return new Map([...origins].map(([secret, found]) => [secret, [...found].sort()]));
}

interface Sent {
  readonly origin: string;
  readonly value: Sealed;
}

function sentSecrets(opened: OpenedCollection): Sent[] {
  const choices = opened.environments.filter(({ kind }) => kind === 'environment');
  return [undefined, ...choices].flatMap((environment) =>
    opened.requests.flatMap(({ template }) => {
      const scope = scopeOf(opened, template, environment?.variables ?? []);
      const origin = originOf(template.url, scope);
      if (origin === undefined) return [];
      return templatesOf(template).flatMap((each) => sealedIn(each, scope).map((value) => ({ origin, value })));
    }),
  );
}

type Variables = OpenedCollection['variables'];
type Request = OpenedCollection['requests'][number]['template'];

function scopeOf(opened: OpenedCollection, { folderVariables }: Request, environment: Variables): Scope {
  return createScope({
    environment,
    folders: folderVariables,
    collection: opened.variables,
    globals: opened.environments.filter(({ kind }) => kind === 'globals').map(({ variables }) => variables),
    order: precedence[opened.collection.dialect],
    handles: () => undefined,
    dynamic: () => undefined,
  });
}

/** Part by part: what is missing beside a secret does not matter. */
function sealedIn(template: Template, scope: Scope): Sealed[] {
  return template.flatMap((part) => {
    const rendered = renderTemplate([part], scope);
    return rendered.ok ? rendered.value.flatMap((piece) => (piece.kind === 'inline' ? [piece.value] : [])) : [];
  });
}
