// `insomnia.request.auth`: what `update` is given is the whole auth, `{ type, [type]: fields }`, and that type is used from then on.
import { RequestAuth } from '../postman/request-auth.ts';

/** Over that of Postman; a new one where the request has none. */
export function insomniaAuth(known: unknown): RequestAuth {
  const auth = known instanceof RequestAuth ? known : new RequestAuth({ type: 'noauth' });
  const change = (given: unknown, type: unknown): void => {
    const stated: Readonly<Record<string, unknown>> = typeof given === 'object' && given !== null ? { ...given } : {};
    const wanted = typeof type === 'string' ? type : stated.type;
    if (typeof wanted !== 'string') return;
    auth.clear(wanted);
    RequestAuth.prototype.use.call(auth, wanted, Array.isArray(given) ? given : (stated[wanted] ?? stated));
  };
  return Object.defineProperties(auth, {
    update: { value: change },
    use: { value: (type: unknown, given: unknown) => change(given, type) },
  });
}
