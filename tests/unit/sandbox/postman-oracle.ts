// The same rows in the sandbox that Postman publishes (a Node vm), script after script, as its runtime drives it.
import { createRequire } from 'node:module';
import type {
  ScriptField,
  ScriptJob,
  ScriptRequest,
  ScriptResponse,
  ScriptVariable,
} from '../../../shared/script/job.ts';
import { changedRequest, changes, echo, info, type RequestView, type Seen } from './postman-jobs.ts';

// As much of Postman's packages as is used; they have no types that fit.
interface Context {
  execute(event: object, options: object, done: (error: Thrown | null, result?: Execution) => void): void;
  on(event: string, listener: (...values: never[]) => void): void;
  removeAllListeners(event: string): void;
  dispatch(event: string, ...values: unknown[]): void;
  dispose(): void;
}
interface Thrown {
  readonly name?: string;
  readonly message?: string;
}
interface Assertion {
  readonly name: string;
  readonly skipped: boolean;
  readonly passed: boolean;
  readonly error?: Thrown | string | null;
}
interface Scope {
  readonly values: readonly { readonly key: string; readonly value: unknown }[];
}
interface Field {
  readonly key: string;
  readonly value?: string | null;
  readonly disabled?: boolean;
}
interface Execution {
  readonly environment: Scope;
  readonly globals: Scope;
  readonly collectionVariables: Scope;
  readonly _variables: Scope;
  readonly request: PostmanRequest;
  readonly return: {
    readonly nextRequest?: string | null;
    readonly visualizer?: { readonly template: string; readonly data?: unknown };
  };
}
interface PostmanRequest {
  readonly method: string;
  readonly url: {
    readonly protocol?: string;
    readonly auth?: { readonly user: string; readonly password: string };
    readonly host?: readonly string[];
    readonly port?: string;
    readonly path?: readonly string[];
    readonly query?: readonly Field[];
    readonly hash?: string;
    readonly variable?: readonly Field[];
  };
  readonly header?: readonly Field[];
  readonly body?: { readonly mode?: string; readonly [mode: string]: unknown };
  readonly auth?: { readonly type?: string; readonly [type: string]: unknown };
}

const require = createRequire(import.meta.url);
const sandbox = require('postman-sandbox') as {
  createContext(done: (error: unknown, context: Context) => void): void;
};
const { Url } = require('postman-collection') as { Url: new (text: string) => { toJSON(): object } };

export interface PostmanOracle {
  run(job: ScriptJob): Promise<Seen>;
  close(): void;
}

export async function createPostmanOracle(): Promise<PostmanOracle> {
  const context = await new Promise<Context>((done, fail) => {
    sandbox.createContext((error, created) => (error ? fail(error) : done(created)));
  });
  let runs = 0;
  const nextId = (): string => {
    runs += 1;
    return `row-${runs}`;
  };
  return { run: (job) => new OracleRun(context, job, nextId).run(), close: () => context.dispose() };
}

type Variables = readonly { readonly key: string; readonly value: unknown }[];

class OracleRun {
  readonly #context: Context;
  readonly #job: ScriptJob;
  /** Late events of one script must not be taken for those of the next. */
  readonly #nextId: () => string;
  readonly #tests: Seen['tests'][number][] = [];
  #layers: Record<'environment' | 'collection' | 'globals' | 'local', Variables>;
  #error: Thrown | undefined;
  #skipped = false;
  #last: Execution | undefined;

  constructor(context: Context, job: ScriptJob, nextId: () => string) {
    const { environment, collection, globals } = job.variables;
    this.#context = context;
    this.#job = job;
    this.#nextId = nextId;
    this.#layers = {
      environment: keyed(environment),
      collection: keyed(collection),
      globals: keyed(globals),
      local: [],
    };
  }

  async run(): Promise<Seen> {
    for (const { source } of this.#job.scripts) {
      if (this.#error === undefined && !this.#skipped) await this.#runScript(source, this.#nextId());
    }
    const last = this.#last;
    const { nextRequest, visualizer } = last?.return ?? {};
    const isSeen = this.#job.phase === 'before' && !this.#skipped && last !== undefined;
    return {
      tests: this.#tests,
      ...changes(Object.fromEntries(Object.entries(this.#layers).map(([layer, values]) => [layer, plain(values)]))),
      ...changedRequest(this.#job, isSeen ? viewOfPostman(last.request) : undefined),
      ...(this.#error && { error: this.#error.name ?? 'Error' }),
      ...(nextRequest !== undefined && { next: nextRequest }),
      ...(this.#skipped && { skip: true }),
      ...(visualizer && {
        visualizer: { template: visualizer.template, ...(visualizer.data !== undefined && { data: visualizer.data }) },
      }),
    };
  }

  async #runScript(exec: string, id: string): Promise<void> {
    const events = this.#listen(id);
    const event = {
      listen: this.#job.phase === 'before' ? 'prerequest' : 'test',
      script: { type: 'text/javascript', exec },
    };
    const options = { id, context: this.#payload(), timeout: 5_000, cursor: { iteration: 0, cycles: 1 }, legacy };
    const result = await new Promise<Execution | undefined>((done) => {
      this.#context.execute(event, options, (error, given) => {
        if (error) this.#error ??= error;
        done(given);
      });
    });
    for (const name of events) this.#context.removeAllListeners(name);
    if (result === undefined) return;
    this.#last = result;
    this.#layers = {
      environment: result.environment.values,
      collection: result.collectionVariables.values,
      globals: result.globals.values,
      local: result._variables.values,
    };
  }

  #listen(id: string): readonly string[] {
    const listeners: Readonly<Record<string, (...values: never[]) => void>> = {
      [`execution.assertion.${id}`]: (_: unknown, made: readonly Assertion[]) => this.#tests.push(...made.map(testOf)),
      [`execution.error.${id}`]: (_: unknown, error: Thrown) => {
        this.#error ??= error;
      },
      [`execution.skipRequest.${id}`]: () => {
        this.#skipped = true;
      },
      [`execution.request.${id}`]: (_: unknown, run: string, request: string, sent: PostmanRequest) => {
        const reply = echo(viewOfPostman(sent));
        const [error, response] = reply.ok
          ? [null, responseOf(reply.response)]
          : [{ message: reply.message }, undefined];
        this.#context.dispatch(`execution.response.${run}`, request, error, response, { cookies: [] });
      },
    };
    for (const [name, listener] of Object.entries(listeners)) this.#context.on(name, listener);
    return Object.keys(listeners);
  }

  #payload(): object {
    const { request, response, variables } = this.#job;
    const { environment, collection, globals, local } = this.#layers;
    return {
      environment: { name: info.environmentName, values: environment },
      collectionVariables: { values: collection },
      globals: { values: globals },
      _variables: { values: local },
      data: Object.fromEntries((variables.data ?? []).map(({ name, value }) => [name, value])),
      request: requestOf(request),
      ...(response && { response: responseOf(response), cookies: cookiesOf(response) }),
    };
  }
}

const legacy = {
  _itemId: info.requestId,
  _itemName: info.requestName,
  _itemPath: [info.collectionName, 'F1', info.requestName],
  _eventItemName: info.requestName,
};

function keyed(variables: readonly ScriptVariable[] = []): Variables {
  return variables.map(({ name, value }) => ({ key: name, value }));
}

function plain(values: Variables): Record<string, unknown> {
  return Object.fromEntries(values.map(({ key, value }) => [key, value]));
}

/** The words of a failed test as they are here: the kind of an error that is no assertion stands before its message. */
function testOf({ name, skipped, passed, error }: Assertion): Seen['tests'][number] {
  if (passed) return { name, status: skipped ? 'skipped' : 'passed' };
  const { name: kind = 'Error', message = '' } = typeof error === 'object' ? (error ?? {}) : { message: String(error) };
  return {
    name,
    status: 'failed',
    message: ['AssertionError', 'Error'].includes(kind) ? message : `${kind}: ${message}`,
  };
}

function cookiesOf({ headers }: ScriptResponse): readonly string[] {
  return headers.filter(({ name }) => name === 'Set-Cookie').map(({ value }) => value);
}

function responseOf({ status, statusText, headers, body, totalMs, bytes }: ScriptResponse): object {
  return {
    code: status,
    status: statusText,
    header: headers.map(({ name, value }) => ({ key: name, value })),
    stream: Buffer.from(body),
    responseTime: totalMs,
    downloadedBytes: bytes,
  };
}

function fieldOf({
  name,
  value,
  enabled,
}: {
  readonly name: string | null;
  readonly value: string | null;
  readonly enabled: boolean;
}) {
  return { key: name, value, ...(!enabled && { disabled: true }) };
}

function requestOf({ method, url, headers, body, auth }: ScriptRequest): object {
  return {
    method,
    url: {
      ...new Url(url.address).toJSON(),
      query: url.query.map(fieldOf),
      variable: url.pathVariables.map(fieldOf),
      hash: url.fragment,
    },
    header: headers.map(fieldOf),
    body: bodyOf(body),
    ...(auth.type !== 'none' && {
      auth: { type: auth.type, [auth.type]: Object.entries(auth.fields).map(([key, value]) => ({ key, value })) },
    }),
  };
}

function bodyOf(body: ScriptRequest['body']): object | undefined {
  switch (body.kind) {
    case 'raw':
      return { mode: 'raw', raw: body.text };
    case 'urlencoded':
      return { mode: 'urlencoded', urlencoded: body.fields.map(fieldOf) };
    case 'multipart':
      return {
        mode: 'formdata',
        formdata: body.parts.map((part) => ({ ...fieldOf(part as ScriptField), type: part.kind })),
      };
    case 'graphql':
    case 'file':
    case 'none':
      return undefined;
  }
}

function viewOfPostman({ method, url, header = [], body, auth }: PostmanRequest): RequestView {
  const { protocol, auth: user, host = [], port, path, query = [], hash, variable = [] } = url;
  const pairs = query
    .filter(({ disabled }) => !disabled)
    .map(({ key, value }) => `${key ?? ''}${value === null || value === undefined ? '' : `=${value}`}`);
  const parts = [
    protocol === undefined ? '' : `${protocol}://`,
    user === undefined ? '' : `${user.user}:${user.password}@`,
    host.join('.'),
    port === undefined ? '' : `:${port}`,
    path === undefined ? '' : `/${path.join('/')}`,
    pairs.length === 0 ? '' : `?${pairs.join('&')}`,
    hash === undefined ? '' : `#${hash}`,
  ];
  const type = auth?.type ?? 'none';
  return {
    method,
    url: parts.join(''),
    pathVariables: variable.map(({ key, value }) => [key, value ?? '']),
    headers: header.map(({ key, value, disabled }) => [key, String(value), !disabled]),
    body: bodyView(body),
    auth: { type, fields: plain((auth?.[type] ?? []) as Variables) },
  };
}

function bodyView(body: PostmanRequest['body']): readonly unknown[] {
  const { mode } = body ?? {};
  if (body === undefined || mode === undefined) return ['none'];
  if (mode === 'raw') return ['raw', body.raw];
  if (mode === 'graphql') {
    const { query, variables } = body.graphql as { readonly query: string; readonly variables?: string };
    return ['graphql', query, variables ?? ''];
  }
  return [mode, (body[mode] as readonly Field[]).map(({ key, value, disabled }) => [key, value, !disabled])];
}
