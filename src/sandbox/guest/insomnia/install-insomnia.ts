// Insomnia's API (https://developer.konghq.com/insomnia/scripts/), which is Postman's with names and habits of its own.

import { called } from '../bruno/given.ts';
import { lazily } from '../lazily.ts';
import { installPostman } from '../postman/install-postman.ts';
import { RequestBody } from '../postman/request-body.ts';
import { Response } from '../postman/response.ts';
import type { Run } from '../run.ts';
import { insomniaAuth } from './auth.ts';
import { insomniaCollection } from './insomnia-collection.ts';
import { noteOperatorsParts, operatorsParts } from './operators-parts.ts';
import { insomniaScope } from './scope.ts';

type Fields = Record<string, unknown>;

/** Puts `insomnia` into the globals, and `pm`, which scripts that were brought from Postman say. */
export function installInsomnia(run: Run, globals: Fields): void {
  installPostman(run, globals);
  const pm = fieldsOf(globals.pm);
  const insomnia = Object.defineProperties({}, Object.getOwnPropertyDescriptors(pm)) as Fields;
  const collection = insomniaScope(run, fieldsOf(pm.collectionVariables));
  const globalScope = insomniaScope(run, fieldsOf(pm.globals));
  Object.assign(insomnia, {
    environment: insomniaScope(run, fieldsOf(pm.environment)),
    baseEnvironment: collection,
    collectionVariables: collection,
    globals: globalScope,
    baseGlobals: globalScope,
    variables: insomniaScope(run, fieldsOf(pm.variables)),
    iterationData: insomniaScope(run, fieldsOf(pm.iterationData)),
    test: createTest(run),
    sendRequest: createSendRequest(run, pm.sendRequest),
    vault: vault(run),
    execution: { ...fieldsOf(pm.execution), skipRequest: () => skip(run) },
    info: { ...fieldsOf(pm.info), iteration: 1 },
    parentFolders: parentFolders(run),
    clientCertificates: [],
  });
  lazily(insomnia, 'request', () => insomniaRequest(run, fieldsOf(pm.request)));
  if (run.job.phase === 'after') lazily(insomnia, 'response', () => withBody(pm.response));
  const { require: libraries } = globals;
  Object.assign(globals, {
    insomnia,
    pm: insomnia,
    require: (name: unknown) => (name === 'insomnia-collection' ? insomniaCollection : called(libraries, name)),
  });
}

function fieldsOf(value: unknown): Fields {
  return value as Fields;
}

function skip(run: Run): void {
  run.gathered.skip = true;
}

/** The promise is kept when the test has ended, however it ended. */
function createTest(run: Run): unknown {
  const test = (name: unknown, body: () => unknown): Promise<void> =>
    new Promise((resolve) => {
      run.tests.test(String(name), async () => {
        try {
          await body();
        } finally {
          resolve();
        }
      });
    });
  const skipped = async (name: unknown): Promise<void> => run.tests.skip(String(name));
  return Object.assign(test, { skip: skipped });
}

/** Gives a promise whether or not there is a callback, which is given the error or the answer. */
function createSendRequest(run: Run, send: unknown): unknown {
  return (request: unknown, callback?: (error?: unknown, response?: unknown) => unknown): unknown => {
    if (typeof send !== 'function') return undefined;
    noteOperatorsParts(run, request, 'insomnia.sendRequest');
    if (typeof callback !== 'function')
      return (Reflect.apply(send, undefined, [request]) as Promise<unknown>).then(withBody);
    return new Promise((resolve) => {
      const finish = (error: unknown, answer: unknown): void => {
        const response = error ? undefined : withBody(answer);
        try {
          callback(error ?? undefined, response);
        } finally {
          resolve(response);
        }
      };
      Reflect.apply(send, undefined, [request, finish]);
    });
  };
}

/** What is read is a reference of the handle of that name; it cannot be written. */
function vault(run: Run): Fields {
  const refuse = (what: string) => (): never => {
    throw new Error(`Vault can not be ${what} in script`);
  };
  return {
    get: (name: unknown) => run.live.reference(`vault:${String(name)}`),
    has: () => true,
    set: refuse('set'),
    unset: refuse('unset'),
    clear: refuse('cleared'),
  };
}

function parentFolders(run: Run): Fields {
  const folders = run.job.info.folders.map((name) => ({ id: name, name }));
  const find = (name: unknown) => folders.find((folder) => folder.name === name);
  return {
    get: find,
    getByName: find,
    getById: find,
    getEnvironments: () => run.unsupported('insomnia.parentFolders'),
  };
}

/** There always is an auth, which is changed by Insomnia's rules, and a body. */
function insomniaRequest(run: Run, request: Fields): Fields {
  request.auth = insomniaAuth(request.auth);
  request.body ??= new RequestBody();
  Object.assign(request, operatorsParts());
  if (run.job.phase === 'before') run.hook({ atEnd: () => noteOperatorsParts(run, request, 'insomnia.request') });
  lazily(request, 'pathParameters', () => run.request.url.pathVariables);
  return request;
}

/** The body of an answer is a text here. */
function withBody(response: unknown): unknown {
  if (response instanceof Response) lazily(response, 'body', () => response.text());
  return response;
}
