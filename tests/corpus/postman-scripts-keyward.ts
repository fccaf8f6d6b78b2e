// The scripts of a case in our sandbox, driven as an execution drives it.
import type {
  ScriptApi,
  ScriptCall,
  ScriptJob,
  ScriptOutcome,
  ScriptPhase,
  ScriptReply,
  ScriptRequest,
  ScriptVariable,
  ScriptWrite,
} from '../../shared/script/job.ts';
import { createLiveText } from '../../shared/script/live-text.ts';
import type { ScriptRunner } from '../../src/execute/ports.ts';
import { scriptPrecedence } from '../../src/execute/script-scope.ts';
import { echoOf, scriptResponse } from './postman-scripts-answers.ts';
import type { ScriptCase, Values } from './postman-scripts-cases.ts';
import { type Observed, type ObservedLayer, observedLayers } from './postman-scripts-observed.ts';
import { mapTexts, urlText } from './postman-scripts-request.ts';
import { probeOf } from './script-coverage-probe.ts';

const live = createLiveText('0123456789abcdef');

const tests: Readonly<Record<ScriptApi, string>> = { postman: 'pm.test', insomnia: 'insomnia.test', bruno: 'test' };

/** Those of the APIs that a script finds, before the request or after it. */
export async function probe(
  sandbox: ScriptRunner,
  api: ScriptApi,
  apis: readonly string[],
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const phase of ['before', 'after'] as const) {
    const job: ScriptJob = {
      ...probeJob,
      api,
      phase,
      scripts: [{ source: probeOf(apis, tests[api]), label: 'probe' }],
      ...(phase === 'after' && { response: scriptResponse(echoOf(probeJob.request), 'http://127.0.0.1/') }),
    };
    const host = () => Promise.resolve({ ok: false, code: 'POLICY/DENIED', message: 'no' } as const);
    const ran = await sandbox.run(job, { timeMs: 5_000, host, signal: new AbortController().signal });
    if (!ran.ok || ran.value.error) throw new Error(JSON.stringify(ran));
    for (const { name, status } of ran.value.tests) if (status === 'passed') found.add(name);
  }
  return found;
}

const probeJob: Omit<ScriptJob, 'api' | 'phase' | 'scripts'> = {
  assertions: [],
  nonce: live.nonce,
  info: {
    requestId: 'probe',
    requestName: 'probe',
    collectionName: 'probe',
    environmentName: 'probe',
    folders: [],
    tags: [],
  },
  variables: {},
  precedence: ['environment', 'collection', 'globals'],
  request: {
    method: 'GET',
    url: { address: 'http://127.0.0.1/', query: [], pathVariables: [] },
    headers: [],
    body: { kind: 'none' },
    auth: { type: 'none', fields: {} },
  },
  sends: 0,
};

type Layers = Readonly<Record<ObservedLayer, ReadonlyMap<string, ScriptVariable>>>;

/** The scripts before the request, then those after it; a failure of the sandbox is an error of the run. */
export async function runInKeyward(sandbox: ScriptRunner, found: ScriptCase): Promise<Observed> {
  const outcomes: ScriptOutcome[] = [];
  const errors: string[] = [];
  let layers = openLayers(found);
  let sends = 0;
  for (const phase of ['before', 'after'] as const) {
    const job = toJob(found, phase, layers);
    if (job.scripts.length === 0) continue;
    const host = async (call: ScriptCall): Promise<ScriptReply> => {
      sends += 1;
      return replyTo(call);
    };
    const ran = await sandbox.run(job, { timeMs: 5_000, host, signal: new AbortController().signal });
    if (!ran.ok) {
      errors.push(ran.failure.code);
      continue;
    }
    outcomes.push(ran.value);
    layers = layersAfter(layers, ran.value.writes);
    if (ran.value.error) errors.push(`${ran.value.error.name}: ${live.plain(ran.value.error.message)}`);
  }
  const next = outcomes.map((outcome) => outcome.next).findLast((named) => named !== undefined);
  const request = outcomes.find((outcome) => outcome.request !== undefined)?.request ?? found.saved;
  return {
    tests: outcomes
      .flatMap(({ tests }) => tests)
      .map(({ name, status, message }) => ({
        name: live.plain(name),
        status,
        ...(status === 'failed' && { message: live.plain(message ?? '') }),
      })),
    errors,
    variables: mapLayers((layer) => Object.fromEntries([...layers[layer].values()].map(toStored))),
    request: requestLines(request),
    ...(next !== undefined && { next }),
    skipped: outcomes.some(({ skip }) => skip),
    sends,
    unsupported: [...new Set(outcomes.flatMap(({ unsupported }) => unsupported))],
  };
}

function mapLayers<T>(map: (layer: ObservedLayer) => T): Readonly<Record<ObservedLayer, T>> {
  return {
    environment: map('environment'),
    collection: map('collection'),
    globals: map('globals'),
    local: map('local'),
  };
}

function openLayers({ environment, variables }: ScriptCase): Layers {
  const open: Partial<Record<ObservedLayer, Values>> = { environment, collection: variables };
  return mapLayers(
    (layer) =>
      new Map(Object.entries(open[layer] ?? {}).map(([name, value]) => [name, { name, value: live.source(value) }])),
  );
}

function layersAfter(layers: Layers, writes: readonly ScriptWrite[]): Layers {
  const after = mapLayers((layer) => new Map(layers[layer]));
  for (const { layer, name, value, json } of writes) {
    const of = observedLayers.find((observed) => observed === layer);
    if (of === undefined) continue;
    if (value === null) after[of].delete(name);
    else after[of].set(name, { name, value, ...(json !== undefined && { json }) });
  }
  return after;
}

function toStored({ name, value, json }: ScriptVariable): readonly [string, unknown] {
  return [name, json === undefined ? live.plain(value) : JSON.parse(live.plain(json))];
}

function toJob(found: ScriptCase, phase: ScriptPhase, layers: Layers): ScriptJob {
  const { collection, entry, saved, sent, answer } = found;
  const scripts = found.scripts.filter((script) => script.phase === phase);
  return {
    api: 'postman',
    phase,
    scripts: scripts.map(({ source, from }) => ({ source: live.source(source), label: `script of the ${from}` })),
    assertions: [],
    nonce: live.nonce,
    info: {
      requestId: entry.id,
      requestName: entry.name,
      collectionName: collection.name,
      folders: entry.folders,
      tags: [],
    },
    variables: mapLayers((layer) => [...layers[layer].values()]),
    precedence: scriptPrecedence(collection),
    request: phase === 'before' ? mapTexts(saved, live.source) : sent,
    ...(phase === 'after' && { response: scriptResponse(answer, urlText(sent)) }),
    sends: 10,
  };
}

function replyTo(call: ScriptCall): ScriptReply {
  if (call.kind === 'run') return { ok: false, code: 'COLLECTION/NOT_FOUND', message: 'no such request' };
  const request = mapTexts(call.request, live.plain);
  return { ok: true, response: scriptResponse(echoOf(request), urlText(request)) };
}

/** Method and URL, each header, body. */
function requestLines(written: ScriptRequest): readonly string[] {
  const request = mapTexts(written, live.plain);
  const { method, headers, body } = request;
  const on = headers.filter(({ enabled }) => enabled);
  return [
    `${method} ${withPathVariables(request).replace(/\?$/, '')}`,
    ...on.map(({ name, value }) => `${name}: ${value}`),
    ...(body.kind === 'raw' ? [body.text] : []),
    ...(body.kind === 'urlencoded'
      ? body.fields.filter(({ enabled }) => enabled).map(({ name, value }) => `${name}=${value}`)
      : []),
  ];
}

// Postman writes a URL with the values of its path variables.
function withPathVariables(request: ScriptRequest): string {
  const values = request.url.pathVariables.filter(({ enabled }) => enabled);
  return values.reduce((text, { name, value }) => text.replace(`/:${name}`, `/${value}`), urlText(request));
}
