// `pm.cookies.jar()`: there is none that scripts reach, and it says so the way its callers listen.
import type { Run } from '../run.ts';

const methods = ['get', 'getAll', 'set', 'unset', 'clear'] as const;

type JarMethod = (...values: unknown[]) => Promise<never> | undefined;

/** Each method gives its error to the callback, or else a promise that is rejected with it. */
export function createCookieJar(run: Run): Record<string, JarMethod> {
  const refuse = (name: string, values: readonly unknown[]): Promise<never> | undefined => {
    const refused = Promise.resolve().then(() => run.unsupported(`pm.cookies.jar().${name}`));
    const callback = values.at(-1);
    if (typeof callback !== 'function') return refused;
    refused.catch((thrown: unknown) => {
      try {
        Reflect.apply(callback, undefined, [thrown]);
      } catch (uncaught) {
        run.fail(uncaught);
      }
    });
    return undefined;
  };
  return Object.fromEntries(methods.map((name) => [name, (...values: unknown[]) => refuse(name, values)]));
}
