// `bru.cookies`: the cookies that the answer set and those that scripts of this execution set. The session's own are with the signer and
// are never seen; what a script sets for the request's URL goes out with the request.
import type { Run } from '../run.ts';
import { carried, carry } from './carry.ts';
import { type Cookie, cookieFrom, isSentTo, type Place, parsePlace, parseSetCookie } from './cookie.ts';
import type { Interpolate } from './interpolate.ts';
import { listMethods } from './list-methods.ts';
import { urlText } from './url-text.ts';

type Callback = (error: unknown, result?: unknown) => unknown;

const CARRIED = 'jar';

export function createCookies(run: Run, interpolate: Interpolate): Record<string, unknown> {
  let cookies: readonly Cookie[] = initialCookies(run);
  const placeOf = (url: unknown): Place => {
    const place = parsePlace(String(interpolate(url ?? '')));
    if (!place) throw new Error('URL is required');
    return place;
  };
  const own = (): Place | undefined => parsePlace(String(interpolate(urlText(run.request.url))));
  const at = (place: Place | undefined): Cookie[] => (place ? cookies.filter((cookie) => isSentTo(cookie, place)) : []);
  const keep = (next: readonly Cookie[]): void => {
    cookies = next;
    if (run.job.phase === 'before') carry(run, CARRIED, cookies);
  };
  // The session's jar is out of reach; that it stays as it is must be known.
  const note = (): void => {
    if (!run.gathered.unsupported.includes('bru.cookies.jar')) run.gathered.unsupported.push('bru.cookies.jar');
  };
  const put = (place: Place, given: unknown, value?: unknown): void => {
    const cookie = cookieFrom(place, given, value);
    const others = cookies.filter(
      (each) => !(each.key === cookie.key && each.domain === cookie.domain && each.path === cookie.path),
    );
    keep([...others, cookie]);
    const target = own();
    if (run.job.phase === 'before' && target && isSentTo(cookie, target)) sendWith(run, cookie);
    else note();
  };
  const drop = (place: Place | undefined, name?: unknown): void => {
    const dropped = at(place).filter(({ key }) => name === undefined || key === name);
    keep(cookies.filter((cookie) => !dropped.includes(cookie)));
    note();
  };
  const ownPlace = (): Place => own() ?? placeOf(undefined);
  const needName = (name: unknown): void => {
    if (!name) throw new Error('URL and cookie name are required');
  };
  const find = (url: unknown, name: unknown): Cookie | undefined => {
    needName(name);
    return at(placeOf(url)).find(({ key }) => key === name);
  };
  const jar = () => ({
    getCookie: calling((url, name) => find(url, name) ?? null),
    getCookies: calling((url) => at(placeOf(url))),
    hasCookie: calling((url, name) => find(url, name) !== undefined),
    setCookie: calling((url, given, value) => put(placeOf(url), given, value)),
    setCookies: calling((url, list) => {
      if (!Array.isArray(list)) throw new Error('setCookies expects an array of cookie objects');
      for (const each of list) put(placeOf(url), each);
    }),
    deleteCookie: calling((url, name) => {
      needName(name);
      drop(placeOf(url), name);
    }),
    deleteCookies: calling((url) => drop(placeOf(url))),
    clear: calling(() => {
      keep([]);
      note();
    }),
  });
  const upsert = calling((given) => {
    if (typeof given !== 'object' || given === null) throw new Error('cookieObj must be a non-null object');
    put(ownPlace(), given);
  });
  const remove = calling((name) => drop(own(), name ?? ''));
  const shown = () => at(own());
  return {
    ...listMethods(shown, Object.is),
    idx: (index: number) => shown()[index],
    toObject: () => Object.fromEntries(shown().map(({ key, value }) => [key, value])),
    toString: () =>
      shown()
        .map(({ key, value }) => `${key}=${value}`)
        .join('; '),
    add: upsert,
    upsert,
    remove,
    delete: remove,
    clear: calling(() => drop(own())),
    jar,
  };
}

/** Both ways of asking: a promise, or a callback as the last argument. */
function calling(body: (...values: readonly unknown[]) => unknown) {
  return async (...given: readonly unknown[]): Promise<unknown> => {
    const last = given.at(-1);
    if (!isCallback(last)) return body(...given);
    let result: unknown;
    try {
      result = body(...given.slice(0, -1));
    } catch (error) {
      await last(error, null);
      return undefined;
    }
    await last(null, result);
    return undefined;
  };
}

function isCallback(value: unknown): value is Callback {
  return typeof value === 'function';
}

function initialCookies(run: Run): readonly Cookie[] {
  const { response } = run.job;
  const left = carried(run, CARRIED);
  const scripted = Array.isArray(left) ? (left as readonly Cookie[]) : [];
  const place = response && parsePlace(response.url);
  if (!place) return scripted;
  const set = response.headers
    .filter(({ name }) => name.toLowerCase() === 'set-cookie')
    .flatMap(({ value }) => parseSetCookie(place, value) ?? []);
  return [...scripted.filter(({ key }) => !set.some((cookie) => cookie.key === key)), ...set];
}

function sendWith({ request }: Run, { key, value }: Cookie): void {
  const header = request.headers.find(({ name, enabled }) => enabled && name.toLowerCase() === 'cookie');
  const pair = `${key}=${value}`;
  if (!header) {
    request.headers.push({ name: 'Cookie', value: pair, enabled: true });
    return;
  }
  const others = header.value.split(/;\s*/).filter((each) => each !== '' && !each.startsWith(`${key}=`));
  header.value = [...others, pair].join('; ');
}
