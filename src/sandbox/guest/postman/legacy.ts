// What scripts used before there was `pm`: `postman.*`, `tests`, `responseBody` and the other globals.
import { lazily } from '../lazily.ts';
import type { Run } from '../run.ts';
import { legacyLodash } from './legacy-lodash.ts';
import type { Pm, Seen } from './pm.ts';
import { fieldOf, isObject } from './property.ts';
import { PropertyList } from './property-list.ts';
import type { Request } from './request.ts';
import type { VariableScope } from './variable-scope.ts';

type Globals = Record<string, unknown>;

/** Puts them where `place` is: the globals before the first script, the global object before each further one. */
export function placeLegacy(run: Run, pm: Pm, seen: Seen, place: Globals): void {
  const { job } = run;
  place.tests = {};
  place.iteration = 0;
  lazily(place, 'environment', () => run.variables.all('environment'));
  lazily(place, 'globals', () => run.variables.all('globals'));
  lazily(place, 'data', () => run.variables.all('data'));
  lazily(place, 'request', () => legacyRequest(run, seen.request));
  lazily(place, 'postman', () => createPostman(run, pm, seen, place));
  const { response } = job;
  if (job.phase !== 'after' || response === undefined) return;
  place.responseBody = response.body;
  place.responseTime = response.totalMs;
  lazily(place, 'responseCode', () => seen.response?.details());
  lazily(place, 'responseHeaders', () => seen.response?.headers.toObject(true, true));
  lazily(place, 'responseCookies', () => seen.cookies);
}

/** Libraries that need no `require`. */
export function placeLibraries(run: Run, globals: Globals): void {
  const { require: library } = run.modules;
  for (const [name, module] of Object.entries({ CryptoJS: 'crypto-js', tv4: 'tv4', cheerio: 'cheerio' })) {
    if (!Object.hasOwn(globals, name)) lazily(globals, name, () => library(module));
  }
  globals._ = legacyLodash;
  globals.xml2Json = (xml: unknown) => xmlToJson(run, xml);
}

/** Makes tests of what the script put into `tests`. */
export function recordLegacyTests(run: Run, tests: unknown): void {
  if (!isObject(tests)) return;
  for (const [name, value] of Object.entries(tests)) {
    const message = value ? undefined : `expected ${String(value)} to be truthy`;
    run.tests.record(name, Boolean(value), message);
  }
}

function createPostman(run: Run, pm: Pm, seen: Seen, place: Globals): object {
  const scopes = (scope: 'environment' | 'globals') => {
    const variables = pm[scope] as VariableScope;
    const copy = place[scope] as Record<string, unknown>;
    return {
      set(name: string, value: unknown) {
        // Postman makes a text of what is something.
        const text = value ? String(value as string) : value;
        copy[name] = text;
        variables.set(name, text);
      },
      get: (name: string) => variables.get(name),
      unset(name: string) {
        delete copy[name];
        variables.unset(name);
      },
      clear() {
        for (const name of Object.keys(copy)) delete copy[name];
        variables.clear();
      },
    };
  };
  const environment = scopes('environment');
  const globals = scopes('globals');
  return {
    setEnvironmentVariable: environment.set,
    getEnvironmentVariable: environment.get,
    clearEnvironmentVariable: environment.unset,
    clearEnvironmentVariables: environment.clear,
    setGlobalVariable: globals.set,
    getGlobalVariable: globals.get,
    clearGlobalVariable: globals.unset,
    clearGlobalVariables: globals.clear,
    setNextRequest: pm.setNextRequest,
    ...(run.job.phase === 'after' && {
      getResponseHeader: (name: unknown) => seen.response?.headers.one(name)?.value,
      getResponseCookie: (name: unknown) => seen.cookies.one(name),
    }),
  };
}

function legacyRequest(run: Run, request: Request): object {
  return {
    id: run.job.info.requestId,
    name: run.job.info.requestName,
    description: undefined,
    headers: request.headers.toObject(true, false, true, true),
    method: request.method,
    url: request.url.toString(),
    data: legacyBody(request),
  };
}

function legacyBody(request: Request): unknown {
  const { body } = request;
  if (body === undefined || body.isEmpty()) return {};
  const mode: unknown = body.mode;
  if (mode === 'raw') return body.raw;
  const fields = mode === 'urlencoded' ? body.urlencoded : mode === 'formdata' ? body.formdata : undefined;
  if (fields instanceof PropertyList) return fields.toObject(true);
  return fieldOf(body.file, 'content') ?? {};
}

function xmlToJson(run: Run, xml: unknown): unknown {
  const { require: library } = run.modules;
  const { parseString } = library('xml2js') as {
    parseString(text: unknown, options: object, done: (problem: unknown, json: unknown) => void): void;
  };
  let json: unknown = {};
  parseString(xml, { explicitArray: false, async: false, trim: true, mergeAttrs: false }, (_, parsed) => {
    json = parsed;
  });
  return json;
}
