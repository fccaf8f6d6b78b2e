// `pm`: https://learning.postman.com/docs/tests-and-scripts/write-scripts/postman-sandbox-api-reference/

import { limits } from '../../../../shared/limits.ts';
import { chai } from '../assertions/chai.ts';
import { lazily } from '../lazily.ts';
import type { Run } from '../run.ts';
import { textOf } from '../text-of.ts';
import type { CookieList } from './cookie.ts';
import { createCookieJar } from './cookie-jar.ts';
import { fieldOf } from './property.ts';
import type { Request } from './request.ts';
import type { Response } from './response.ts';
import { createSendRequest, responseIn } from './send-request.ts';
import { VariableScope } from './variable-scope.ts';

/** What of the run scripts see, each made when it is first asked for. */
export interface Seen {
  readonly request: Request;
  readonly response: Response | undefined;
  readonly cookies: CookieList;
  readonly require: (name: unknown) => unknown;
}

export type Pm = Record<string, unknown>;

/** Makes the object; it is the same for all scripts of a run. */
export function createPm(run: Run, seen: Seen): Pm {
  const { job } = run;
  const pm: Pm = {
    info: {
      eventName: job.phase === 'before' ? 'prerequest' : 'test',
      iteration: 0,
      iterationCount: 1,
      requestName: job.info.requestName,
      requestId: job.info.requestId,
    },
    expect: chai.expect,
    variables: new VariableScope(run, { reads: 'all', writes: 'local', label: 'pm.variables' }),
    environment: new VariableScope(run, {
      reads: 'environment',
      writes: 'environment',
      label: 'pm.environment',
      ...(job.info.environmentName === undefined ? {} : { name: job.info.environmentName }),
    }),
    collectionVariables: new VariableScope(run, {
      reads: 'collection',
      writes: 'collection',
      label: 'pm.collectionVariables',
    }),
    globals: new VariableScope(run, { reads: 'globals', writes: 'globals', label: 'pm.globals' }),
    iterationData: new VariableScope(run, { reads: 'data', label: 'pm.iterationData' }),
    visualizer: visualizer(run),
    vault: vault(run),
    execution: execution(run),
    setNextRequest: (name: unknown) => setNext(run, name),
    sendRequest: createSendRequest(run, () => pm),
    require: seen.require,
    datasets: () => run.unsupported('pm.datasets'),
  };
  pm.test = createTest(run, pm);
  lazily(pm, 'request', () => seen.request);
  if (job.phase === 'after') lazily(pm, 'response', () => seen.response);
  lazily(pm, 'cookies', () => Object.assign(seen.cookies, { jar: () => createCookieJar(run) }));
  return pm;
}

function createTest(run: Run, pm: Pm): unknown {
  let index = 0;
  const test = (name: unknown, body?: unknown): Pm => {
    index += 1;
    if (typeof body !== 'function') run.tests.record(String(name), true);
    else
      run.tests.test(String(name), () =>
        body.length > 0 ? withDone(body) : (Reflect.apply(body, undefined, []) as unknown),
      );
    return pm;
  };
  const skip = (name: unknown): Pm => {
    index += 1;
    run.tests.skip(String(name));
    return pm;
  };
  return Object.assign(test, { skip, index: () => index });
}

/** A test that takes `done` ends when it calls that. */
function withDone(body: object): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = (problem?: unknown): void => (problem ? reject(problem) : resolve());
    Reflect.apply(body as (done: unknown) => unknown, undefined, [done]);
  });
}

function visualizer(run: Run): object {
  return {
    set(template: unknown, data?: unknown) {
      if (typeof template !== 'string') {
        throw new Error(`Invalid template. Template must be of type string, found ${typeof template}`);
      }
      if (data && typeof data !== 'object')
        throw new Error(`Invalid data. Data must be an object, found ${typeof data}`);
      const kept = { template: run.live.plain(template) };
      const json = data ? JSON.stringify(data) : undefined;
      // Data of any size is taken and a page of it kept: it must not use up what tests and variables may take.
      run.gathered.visualizer =
        json === undefined || json.length > limits.scriptVisualizerChars
          ? kept
          : { ...kept, data: JSON.parse(run.live.plain(json)) as object };
    },
    clear() {
      delete run.gathered.visualizer;
    },
  };
}

function vault(run: Run): object {
  const refuse = (name: string): Promise<never> => Promise.resolve().then(() => run.unsupported(`pm.vault.${name}`));
  return {
    /** The reference, never the value. */
    get: async (name: unknown) => run.live.reference(`vault:${String(name)}`),
    set: () => refuse('set'),
    unset: () => refuse('unset'),
  };
}

function execution(run: Run): object {
  const { info, phase } = run.job;
  const location = [info.collectionName, ...info.folders, info.requestName];
  return {
    location: Object.assign(location, { current: info.requestName }),
    setNextRequest: (name: unknown) => setNext(run, name),
    skipRequest() {
      if (phase !== 'before') throw new TypeError('pm.execution.skipRequest is not a function');
      run.gathered.skip = true;
      run.stop();
    },
    runRequest(id: unknown, options?: unknown) {
      const runs = async (): Promise<Response> => {
        if (!id) throw new Error('runRequest: collection request id not provided');
        if (fieldOf(options, 'variables') !== undefined) run.unsupported('pm.execution.runRequest with variables');
        return responseIn(run, await run.runSaved(textOf(id)));
      };
      return runs();
    },
  };
}

function setNext(run: Run, name: unknown): void {
  run.gathered.next = name === null || name === undefined ? null : textOf(name);
}
