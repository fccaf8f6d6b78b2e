// The scripts of a case in the sandbox that newman runs them in, driven as newman's runtime drives it.

import { STATUS_CODES } from 'node:http';
import { createRequire } from 'node:module';
import type { Script } from '../../shared/collection/model.ts';
import type { ScriptBody, ScriptPhase } from '../../shared/script/job.ts';
import { ANSWER_MS, type Answer, echoOf } from './postman-scripts-answers.ts';
import type { ScriptCase, Values } from './postman-scripts-cases.ts';
import type { Observed, ObservedTest } from './postman-scripts-observed.ts';
import { postmanRequest } from './postman-scripts-request.ts';

export interface Oracle {
  /** The scripts before the request, then those after it. */
  run(found: ScriptCase): Promise<Observed>;
  close(): void;
}

// As much of Postman's packages as is used; they have no types that fit.
interface Sandbox {
  execute(target: object, options: object, done: (error: unknown, result?: Execution) => void): void;
  on(event: string, listener: (...values: never[]) => void): void;
  removeAllListeners(event: string): void;
  dispatch(event: string, ...values: unknown[]): void;
  dispose(): void;
}
interface Execution {
  readonly environment: Scope;
  readonly globals: Scope;
  readonly collectionVariables: Scope;
  readonly _variables: Scope;
  readonly request?: PostmanRequest;
  readonly return?: { readonly nextRequest?: string | null };
}
interface Scope {
  readonly values: readonly { readonly key: string; readonly value: unknown; readonly disabled?: boolean }[];
}
interface PostmanField {
  readonly key: string;
  readonly value?: string | null;
  readonly disabled?: boolean;
}
interface PostmanRequest {
  readonly method: string;
  readonly url: object;
  readonly header?: readonly PostmanField[];
  readonly body?: { readonly mode?: string; readonly [mode: string]: unknown };
}
interface Url {
  toString(): string;
}
interface Assertion {
  readonly name: string;
  readonly skipped: boolean;
  readonly passed: boolean;
  readonly error?: { readonly message?: string } | null;
}
interface Packages {
  readonly sandbox: { createContext(done: (error: unknown, context: Sandbox) => void): void };
  readonly sdk: { readonly Url: (new (url: object) => Url) & { parse(text: string): object } };
}

/** newman's own copies, not those that stand at the top. */
function loadPackages(): Packages {
  const newman = createRequire(import.meta.url).resolve('newman');
  const runtime = createRequire(createRequire(newman).resolve('postman-runtime'));
  return { sandbox: runtime('postman-sandbox'), sdk: runtime('postman-collection') };
}

/** One sandbox for all cases, as newman has one for a whole run. */
export async function createOracle(): Promise<Oracle> {
  const { sandbox, sdk } = loadPackages();
  const context = await new Promise<Sandbox>((done, fail) => {
    sandbox.createContext((error, created) => (error ? fail(error) : done(created)));
  });
  let runs = 0;
  const runPhase = async (found: ScriptCase, phase: ScriptPhase, start: State, watched: Watched): Promise<State> => {
    const saved = phase === 'before' ? found.saved : found.sent;
    let state: State = { ...start, request: postmanRequest(saved, (text) => sdk.Url.parse(text)) };
    for (const script of found.scripts.filter((one) => one.phase === phase)) {
      runs += 1;
      const id = `case-${runs}`;
      watched.follow(id);
      const result = await execute(context, script, id, payload(found, phase, state));
      if (result === undefined) break;
      state = stateAfter(state, result);
    }
    return state;
  };
  return {
    async run(found) {
      const watched = watch(context, sdk);
      const before = await runPhase(found, 'before', openState(found), watched);
      const { layers, next } = await runPhase(found, 'after', before, watched);
      watched.stop();
      return {
        ...watched.seen(),
        variables: {
          environment: plain(layers.environment),
          globals: plain(layers.globals),
          collection: plain(layers.collectionVariables),
          local: plain(layers._variables),
        },
        request: requestLines(before.request, sdk),
        ...(next !== undefined && { next }),
        unsupported: [],
      };
    },
    close: () => context.dispose(),
  };
}

interface State {
  readonly layers: Layers;
  readonly request: object;
  readonly next?: string | null;
}

function openState(found: ScriptCase): State {
  return { layers: openLayers(found), request: {} };
}

function stateAfter(state: State, result: Execution): State {
  const next = result.return?.nextRequest;
  return {
    layers: layersOf(result),
    request: result.request ?? state.request,
    ...(next === undefined ? state.next !== undefined && { next: state.next } : { next }),
  };
}

type Layers = Pick<Execution, 'environment' | 'globals' | 'collectionVariables' | '_variables'>;

function openLayers({ environment, variables }: ScriptCase): Layers {
  const scope = (values: Values): Scope => ({
    values: Object.entries(values).map(([key, value]) => ({ key, value })),
  });
  return {
    environment: scope(environment),
    globals: scope({}),
    collectionVariables: scope(variables),
    _variables: scope({}),
  };
}

function layersOf({ environment, globals, collectionVariables, _variables }: Execution): Layers {
  const values = ({ values: list }: Scope): Scope => ({ values: list });
  return {
    environment: values(environment),
    globals: values(globals),
    collectionVariables: values(collectionVariables),
    _variables: values(_variables),
  };
}

function plain({ values }: Scope): Record<string, unknown> {
  return Object.fromEntries(values.filter(({ disabled }) => !disabled).map(({ key, value }) => [key, value]));
}

function payload({ entry, answer }: ScriptCase, phase: ScriptPhase, { layers, request }: State) {
  return {
    context: {
      ...layers,
      request,
      data: {},
      ...(phase === 'after' && { response: postmanResponse(answer), cookies: cookiesOf(answer) }),
    },
    cursor: { ref: 'case', length: 1, cycles: 1, position: 0, iteration: 0 },
    legacy: { _itemId: entry.id, _itemName: entry.name, _itemPath: [...entry.folders, entry.name] },
    resolvedPackages: {},
    timeout: 5_000,
  };
}

function execute(context: Sandbox, script: Script, id: string, options: object): Promise<Execution | undefined> {
  const listen = script.phase === 'before' ? 'prerequest' : 'test';
  const event = { listen, script: { exec: script.source.split('\n'), type: script.language } };
  return new Promise((done) => context.execute(event, { id, ...options }, (_, result) => done(result)));
}

function postmanResponse({ status, headers, body }: Answer) {
  return {
    code: status,
    status: STATUS_CODES[status] ?? '',
    header: headers.map(({ name, value }) => ({ key: name, value })),
    stream: { type: 'Buffer', data: [...Buffer.from(body)] },
    responseTime: ANSWER_MS,
  };
}

function cookiesOf({ headers }: Answer) {
  return headers
    .filter(({ name }) => name.toLowerCase() === 'set-cookie')
    .map(({ value }) => /^([^=;]+)=([^;]*)/.exec(value))
    .flatMap((match) => (match ? [{ name: match[1], value: match[2], domain: '127.0.0.1', path: '/' }] : []));
}

type Watched = ReturnType<typeof watch>;

/** Gathers what the sandbox tells while it runs, and answers what its scripts send. */
function watch(context: Sandbox, sdk: Packages['sdk']) {
  const tests: ObservedTest[] = [];
  const errors: string[] = [];
  const events: string[] = [];
  let sends = 0;
  let skipped = false;
  const on = (event: string, listener: (...values: never[]) => void) => {
    events.push(event);
    context.on(event, listener);
  };
  return {
    follow(id: string) {
      on(`execution.assertion.${id}`, (_: unknown, made: readonly Assertion[]) => tests.push(...made.map(toTest)));
      on(`execution.error.${id}`, (_: unknown, error: { name?: string; message?: string } | undefined) => {
        errors.push(`${error?.name}: ${error?.message}`);
      });
      on(`execution.skipRequest.${id}`, () => {
        skipped = true;
      });
      on(`execution.request.${id}`, (_: unknown, run: string, request: string, sent: PostmanRequest) => {
        sends += 1;
        const answer = postmanResponse(echoOf(readRequest(sent, sdk)));
        context.dispatch(`execution.response.${run}`, request, null, answer, { cookies: [] });
      });
      on(`execution.cookies.${id}`, (event: string) => context.dispatch(`execution.cookies.${id}`, event, null, []));
    },
    stop() {
      for (const event of events) context.removeAllListeners(event);
    },
    seen: () => ({ tests, errors, sends, skipped }),
  };
}

function toTest({ name, skipped, passed, error }: Assertion): ObservedTest {
  const status = skipped ? 'skipped' : passed ? 'passed' : 'failed';
  return { name, status, ...(status === 'failed' && { message: error?.message ?? '' }) };
}

function readRequest({ method = 'GET', url = {}, header, body }: Partial<PostmanRequest>, sdk: Packages['sdk']) {
  const text = new sdk.Url(url).toString();
  const [address, search] = cut(text, '?');
  const pairs = search === undefined ? [] : search.split('&').map((pair) => cut(pair, '='));
  return {
    method,
    url: {
      address,
      query: pairs.map(([name, value]) => ({ name, value: value ?? null, enabled: true })),
      pathVariables: [],
    },
    headers: (header ?? []).map(toScriptField),
    body: readBody(body),
    auth: { type: 'none', fields: {} },
  };
}

function cut(text: string, at: string): readonly [string, string | undefined] {
  const index = text.indexOf(at);
  return index === -1 ? [text, undefined] : [text.slice(0, index), text.slice(index + 1)];
}

function toScriptField({ key, value, disabled }: PostmanField) {
  return { name: key, value: value ?? '', enabled: !disabled };
}

function readBody(body: PostmanRequest['body']): ScriptBody {
  if (typeof body?.raw === 'string' && body.mode === 'raw') return { kind: 'raw', text: body.raw };
  const fields = body?.urlencoded as readonly PostmanField[] | undefined;
  return fields && body?.mode === 'urlencoded'
    ? { kind: 'urlencoded', fields: fields.map(toScriptField) }
    : { kind: 'none' };
}

/** Method, URL, each header, body. */
function requestLines(request: Partial<PostmanRequest>, sdk: Packages['sdk']): readonly string[] {
  const { method, url, headers, body } = readRequest(request, sdk);
  const search = url.query.map(({ name, value }) => (value === null ? name : `${name}=${value}`)).join('&');
  return [
    `${method} ${url.address}${search === '' ? '' : `?${search}`}`,
    ...headers.filter(({ enabled }) => enabled).map(({ name, value }) => `${name}: ${value}`),
    ...(body.kind === 'raw' ? [body.text] : []),
    ...(body.kind === 'urlencoded'
      ? body.fields.filter(({ enabled }) => enabled).map(({ name, value }) => `${name}=${value}`)
      : []),
  ];
}
