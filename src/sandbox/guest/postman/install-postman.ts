// Postman's API over a run. What is asked of the request is made of the job's, and goes back into it when the scripts have ended.

import { chai } from '../assertions/chai.ts';
import type { MutableRequest, Run } from '../run.ts';
import { textOf } from '../text-of.ts';
import { addPostmanMethods } from './chai-methods.ts';
import { collectionSdk } from './collection-sdk.ts';
import { CookieList } from './cookie.ts';
import { placeLegacy, placeLibraries, recordLegacyTests } from './legacy.ts';
import { addLocaleText } from './locale-text.ts';
import { createPm, type Seen } from './pm.ts';
import { receivedResponse } from './received-response.ts';
import type { Request } from './request.ts';
import type { Response } from './response.ts';
import { requestOf, scriptRequestOf } from './script-request.ts';
import { addSugar } from './sugar.ts';

/** Puts `pm`, `postman`, `require` and the older globals into the globals. */
export function installPostman(run: Run, globals: Record<string, unknown>): void {
  addPostmanMethods();
  addSugar();
  addLocaleText();
  const seen = createSeen(run);
  const pm = createPm(run, seen);
  globals.pm = pm;
  globals.require = seen.require;
  placeLibraries(run, globals);
  const globalObject: object = globalThis;
  const scope = globalObject as Record<string, unknown>;
  run.hook({
    beforeScript: () => placeLegacy(run, pm, seen, scope),
    afterScript: () => recordLegacyTests(run, scope.tests),
  });
}

function createSeen(run: Run): Seen {
  const { job } = run;
  const seen: { request?: Request; response?: Response; cookies?: CookieList } = {};
  const { require: library } = run.modules;
  const sdk = (name: unknown): unknown => (name === 'postman-collection' ? collectionSdk : library(textOf(name)));
  const makeRequest = (): Request => {
    const request = withExpectation(requestOf(run.request));
    const before = JSON.stringify(scriptRequestOf(request, run.request));
    Object.assign(request, { id: job.info.requestId, name: job.info.requestName });
    run.hook({
      atEnd: () => {
        const after = scriptRequestOf(request, run.request);
        // What was not touched stays letter by letter, however it would be written anew.
        if (JSON.stringify(after) !== before) Object.assign(run.request, changedParts(before, after));
      },
    });
    return request;
  };
  return {
    get request() {
      seen.request ??= makeRequest();
      return seen.request;
    },
    get response() {
      if (job.response !== undefined) seen.response ??= withExpectation(receivedResponse(run, job.response));
      return seen.response;
    },
    get cookies() {
      seen.cookies ??= new CookieList(undefined, (seen.response ?? this.response)?.cookies.all() ?? []);
      return seen.cookies;
    },
    require: sdk,
  };
}

function changedParts(before: string, after: object): Partial<MutableRequest> {
  const known = JSON.parse(before) as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(after).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(known[name])),
  ) as Partial<MutableRequest>;
}

function withExpectation<Subject extends object>(subject: Subject): Subject {
  return Object.defineProperty(subject, 'to', { get: () => Reflect.get(chai.expect(subject), 'to') as unknown });
}
