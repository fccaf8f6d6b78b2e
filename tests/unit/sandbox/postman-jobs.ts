// The rows of tests/vectors/postman-scripts.json: a row states what matters to it of one request, one answer and some variables.
import { readFileSync } from 'node:fs';
import type {
  ScriptBody,
  ScriptField,
  ScriptJob,
  ScriptReply,
  ScriptRequest,
  ScriptResponse,
  ScriptTest,
  ScriptVariable,
} from '../../../shared/script/job.ts';
import { createLiveText } from '../../../shared/script/live-text.ts';

export interface PostmanRow {
  readonly name: string;
  /** `after` where it is not said. */
  readonly phase?: 'before' | 'after';
  readonly scripts: readonly string[];
  readonly request?: Partial<ScriptRequest>;
  readonly response?: Partial<ScriptResponse>;
  readonly expected: Seen;
  /** What Postman does instead, and why it is otherwise here. */
  readonly postman?: Seen;
  readonly because?: string;
}

/** What a run of scripts comes to, in words that fit both sides. */
export interface Seen {
  readonly tests: readonly ScriptTest[];
  /** Layers that are not as they were, each whole. */
  readonly variables?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Where scripts changed it. */
  readonly request?: RequestView;
  /** Name of the error. */
  readonly error?: string;
  readonly next?: string | null;
  readonly skip?: true;
  readonly visualizer?: unknown;
}

export interface RequestView {
  readonly method: string;
  readonly url: string;
  readonly pathVariables: readonly (readonly [string, string])[];
  readonly headers: readonly (readonly [string, string, boolean])[];
  readonly body: readonly unknown[];
  readonly auth: { readonly type: string; readonly fields: Readonly<Record<string, unknown>> };
}

const keys = ['name', 'phase', 'scripts', 'request', 'response', 'expected', 'postman', 'because'];

export const postmanRows: readonly PostmanRow[] = (
  JSON.parse(readFileSync(new URL('../../vectors/postman-scripts.json', import.meta.url), 'utf8')) as PostmanRow[]
).map((row) => {
  const unknown = Object.keys(row).filter((key) => !keys.includes(key));
  if (unknown.length > 0) throw new Error(`${row.name}: ${unknown.join()}`);
  if ((row.postman === undefined) !== (row.because === undefined)) throw new Error(`${row.name}: no reason`);
  return row;
});

const layered = (text: Readonly<Record<string, string>>): ScriptVariable[] =>
  Object.entries(text).map(([name, value]) => ({ name, value }));

const base = {
  environment: { a: '1', who: 'env' },
  collection: { col: 'c', who: 'col' },
  globals: { g: 'glob', who: 'glob' },
};

export const live = createLiveText('abcdefghijklmnop');

export const info = { requestId: 'req-1', requestName: 'Get it', collectionName: 'Col', environmentName: 'Env' };

/** The job of a row; `source` is what is done to scripts before they run. */
export function jobOf(row: PostmanRow, source: (code: string) => string = live.source): ScriptJob {
  const phase = row.phase ?? 'after';
  return {
    api: 'postman',
    phase,
    scripts: row.scripts.map((code, index) => ({ source: source(code), label: `script ${index + 1}` })),
    assertions: [],
    nonce: live.nonce,
    info: { ...info, folders: ['F1'], tags: [] },
    variables: {
      environment: layered(base.environment),
      collection: layered(base.collection),
      globals: layered(base.globals),
      data: layered({ d: 'row' }),
    },
    precedence: ['local', 'agent', 'data', 'environment', 'folder', 'collection', 'globals'],
    request: {
      method: 'GET',
      url: {
        address: 'https://api.example.com/v1/items/:id',
        query: [
          { name: 'q', value: 'x', enabled: true },
          { name: 'off', value: '1', enabled: false },
        ],
        pathVariables: [{ name: 'id', value: '7', enabled: true }],
      },
      headers: [
        { name: 'Accept', value: 'application/json', enabled: true },
        { name: 'Off', value: '1', enabled: false },
      ],
      body: { kind: 'none' },
      auth: { type: 'none', fields: {} },
      ...row.request,
    },
    ...(phase === 'after' && { response: { ...answer, ...row.response } }),
    sends: 20,
  };
}

const answer: ScriptResponse = {
  status: 200,
  statusText: 'OK',
  headers: [
    { name: 'Content-Type', value: 'application/json' },
    { name: 'X-Many', value: 'one' },
    { name: 'X-Many', value: 'two' },
  ],
  body: '{"a":1,"b":[1,2],"s":"x","o":{"p":{"q":1}}}',
  kind: 'json',
  bytes: 43,
  totalMs: 12,
  url: 'https://api.example.com/v1/items/7?q=x',
};

/** What a request that a script sends gets: itself; hosts called `down` are. */
export function echo(request: RequestView): ScriptReply {
  if (request.url.includes('down')) return { ok: false, code: 'NETWORK/REFUSED', message: 'connection refused' };
  const headers = [{ name: 'Content-Type', value: 'application/json' }];
  return { ok: true, response: { ...answer, headers, body: JSON.stringify(request), bytes: 10, totalMs: 3 } };
}

export function viewOf(request: ScriptRequest): RequestView {
  const { address, query, fragment, pathVariables } = request.url;
  const pairs = query
    .filter(({ enabled }) => enabled)
    .map(({ name, value }) => `${name ?? ''}${value === null ? '' : `=${value}`}`);
  const search = pairs.length === 0 ? '' : `?${pairs.join('&')}`;
  return {
    method: request.method,
    url: `${address}${search}${fragment === undefined ? '' : `#${fragment}`}`,
    pathVariables: pathVariables.map(({ name, value }) => [name, value]),
    headers: request.headers.map(({ name, value, enabled }) => [name, value, enabled]),
    body: bodyView(request.body),
    auth: request.auth,
  };
}

function bodyView(body: ScriptBody): readonly unknown[] {
  const field = ({ name, value, enabled }: ScriptField): unknown => [name, value, enabled];
  switch (body.kind) {
    case 'raw':
      return ['raw', body.text];
    case 'urlencoded':
      return ['urlencoded', body.fields.map(field)];
    case 'multipart':
      return ['formdata', body.parts.map((part) => (part.kind === 'text' ? field(part) : part.name))];
    case 'graphql':
      return ['graphql', body.query, body.variables];
    case 'file':
    case 'none':
      return ['none'];
  }
}

/** Only what is not as it was, so that a row states what its scripts do. */
export function changes(variables: Readonly<Record<string, object>>): Pick<Seen, 'variables'> {
  const changed = Object.entries(variables).filter(
    ([layer, values]) => JSON.stringify(values) !== JSON.stringify(Reflect.get(base, layer) ?? {}),
  );
  return changed.length === 0 ? {} : { variables: Object.fromEntries(changed) as NonNullable<Seen['variables']> };
}

export function changedRequest(job: ScriptJob, view: RequestView | undefined): Pick<Seen, 'request'> {
  const isSame = view === undefined || JSON.stringify(view) === JSON.stringify(viewOf(job.request));
  return isSame ? {} : { request: view };
}
