// Variables in Insomnia's manner: null is not stored, and templates say `{{ _.name }}` as well as `{{ name }}`.
import type { Run } from '../run.ts';

type Fields = Record<string, unknown>;

/** Over a scope of Postman's. */
export function insomniaScope(run: Run, scope: Fields): Fields {
  const call = (name: string, ...values: readonly unknown[]): unknown => {
    const method = Reflect.get(scope, name) as unknown;
    return typeof method === 'function' ? (Reflect.apply(method, scope, values) as unknown) : undefined;
  };
  const reference = new RegExp(String.raw`\{\{(\s*(?:_\.)?([\w.$-]+?)\s*)_kw${run.job.nonce}\s*\}\}`, 'g');
  return {
    name: scope.name,
    get: (name: unknown) => call('get', name),
    has: (name: unknown) => call('has', name),
    set: (name: unknown, value: unknown) => {
      if (value !== null) call('set', name, value);
    },
    unset: (name: unknown) => call('unset', name),
    clear: () => call('clear'),
    toObject: () => call('toObject'),
    replaceIn: (template: unknown) =>
      typeof template === 'string'
        ? run.variables.replaceIn(
            template.replace(reference, (_, of: string, name: string) => run.live.reference(name, of)),
          )
        : template,
  };
}
