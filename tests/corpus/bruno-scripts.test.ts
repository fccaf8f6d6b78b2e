// Bruno's own test collection, run by us through the whole of execute_request and by bru in both of its modes, on one server.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { contentOf, createStand, type Stand } from '../unit/tools/stand.ts';
import { type BrunoCollection, copyCollection } from './bruno-scripts-collection.ts';
import { brunoDifferences } from './bruno-scripts-differences.ts';
import { type BrunoMode, runBru, type Verdicts } from './bruno-scripts-oracle.ts';
import { type EchoServer, startEchoServer } from './bruno-scripts-server.ts';
import { hasCorpora } from './wire-draw.ts';

const corpora = resolve(import.meta.dirname, '../../../shared/corpora');
const present = hasCorpora(corpora);
if (!present) console.warn('../shared/corpora is missing: the comparison of scripts with bru is skipped');

// SCRIPTS=all runs the whole collection, and bru in developer mode again; SCRIPTS=record runs bru in both modes and writes down what it said.
const wanted = process.env.SCRIPTS ?? 'sample';
const SAMPLE =
  /^(?:asserts|scripting\/js\/(?!setTimeout)|scripting\/api\/res\/(?:headerList|setBody)|string interpolation)/;
const recordFile = new URL('bruno-scripts-record.json', import.meta.url);

/** By request and test, what safe mode said and what developer mode said: P passed, F failed, - nothing. */
type Recorded = Readonly<Record<string, Readonly<Record<string, string>>>>;

interface Ours {
  readonly tests: Verdicts;
  readonly problems: readonly string[];
  readonly unsupported: readonly string[];
}

describe.skipIf(!present)('scripts and assertions of Bruno, equal to bru', () => {
  const ours = new Map<string, Ours>();
  let recorded: Recorded;
  let again: ReadonlyMap<string, Verdicts> | undefined;
  let server: EchoServer;
  let collection: BrunoCollection;
  let stand: Stand;

  beforeAll(async () => {
    if (inject('buildProblem') !== '') throw new Error(inject('buildProblem'));
    server = await startEchoServer();
    collection = copyCollection(resolve(corpora, 'bruno-tests/packages/bruno-tests/collection'), server.origin);
    stand = await createStand({
      files: () => ({}),
      roots: [collection.folder],
      policy: { approvals: { unsafe: 'allow' }, network: { allow: [server.origin], ca: [] } },
    });
    if (wanted === 'record') writeFileSync(recordFile, `${JSON.stringify(await record(collection), null, 1)}\n`);
    recorded = JSON.parse(readFileSync(recordFile, 'utf8')) as Recorded;
    again = wanted === 'all' ? await runBru(collection, 'developer') : undefined;
    for (const [name, found] of await runOurs(stand, wanted === 'sample' ? SAMPLE : /^/)) ours.set(name, found);
  }, 120_000);
  afterAll(async () => {
    await stand?.close();
    await server?.close();
    if (collection) rmSync(collection.folder, { recursive: true, force: true });
  });

  it('counts', () => {
    const of = (verdicts: readonly Verdicts[]) => {
      const all = verdicts.flatMap((each) => Object.values(each));
      return `${all.filter(Boolean).length} passed, ${all.filter((passed) => !passed).length} failed`;
    };
    const names = [...ours.keys()].filter((name) => recorded[name] !== undefined);
    const unsupported = [...new Set([...ours.values()].flatMap((found) => found.unsupported))].sort();
    console.info(
      `${names.length} requests: ours ${of(names.map((name) => ours.get(name)?.tests ?? {}))}; ` +
        `bru safe ${of(names.map((name) => verdictsOf(recorded[name], 'safe')))}; ` +
        `bru developer ${of(names.map((name) => verdictsOf(recorded[name], 'developer')))}; unsupported: ${unsupported.join(', ') || 'none'}`,
    );
    expect(names.length).toBeGreaterThanOrEqual(wanted === 'sample' ? 15 : 215);
  });

  it('every difference is explained, and in a run of all every explanation is needed', () => {
    const differing = new Map<string, readonly string[]>();
    for (const [name, { tests }] of ours) {
      const peers = recorded[name];
      if (!peers) continue;
      const other = differences(tests, peers);
      if (other.length > 0) differing.set(name, other);
    }
    const known = new Set(brunoDifferences.flatMap(({ requests }) => requests));
    const problems = (name: string) => ours.get(name)?.problems.join('; ') ?? '';
    expect(
      [...differing].filter(([name]) => !known.has(name)).map(([name, tests]) => [name, problems(name), tests]),
    ).toEqual([]);
    if (wanted !== 'sample') expect([...known].filter((name) => !differing.has(name))).toEqual([]);
  });

  it.runIf(wanted === 'all')('what was written down is what bru says', () => {
    for (const [name, verdicts] of again ?? []) {
      expect([name, verdictsOf(recorded[name], 'developer')]).toEqual([name, verdicts]);
    }
  });
});

const SIGNS: Readonly<Record<string, boolean>> = { P: true, F: false };

function verdictsOf(tests: Recorded[string] | undefined, mode: BrunoMode): Verdicts {
  const verdicts = Object.entries(tests ?? {}).map(([name, signs]) => [
    name,
    SIGNS[signs[mode === 'safe' ? 0 : 1] ?? ''],
  ]);
  return Object.fromEntries(verdicts.filter(([, passed]) => passed !== undefined)) as Verdicts;
}

/** Names of tests whose verdict is neither that of bru in safe mode nor that in developer mode. */
function differences(tests: Verdicts, peers: Recorded[string]): readonly string[] {
  return [...new Set([...Object.keys(tests), ...Object.keys(peers)])].flatMap((name) => {
    const signs = peers[name] ?? '--';
    return signs.includes(signOf(tests[name])) ? [] : [`${name}: ${signOf(tests[name])}, bru ${signs}`];
  });
}

function signOf(passed: boolean | undefined): string {
  if (passed === undefined) return '-';
  return passed ? 'P' : 'F';
}

async function record(collection: BrunoCollection): Promise<Recorded> {
  const safe = await runBru(collection, 'safe');
  const developer = await runBru(collection, 'developer');
  return Object.fromEntries(
    [...safe].map(([request, verdicts]) => {
      const other = developer.get(request) ?? {};
      const names = [...new Set([...Object.keys(verdicts), ...Object.keys(other)])];
      return [request, Object.fromEntries(names.map((name) => [name, signOf(verdicts[name]) + signOf(other[name])]))];
    }),
  );
}

interface Listed {
  readonly id: string;
  readonly name: string;
  readonly path?: string;
}

/** In the collection's order; of those that match. */
async function runOurs(stand: Stand, which: RegExp): Promise<Map<string, Ours>> {
  const found = new Map<string, Ours>();
  for (const { id, name, path = '.' } of await listAll(stand)) {
    const shown = path === '.' ? name : `${path}/${name}`;
    if (which.test(shown)) found.set(shown, await runOne(stand, id));
  }
  return found;
}

async function listAll(stand: Stand): Promise<readonly Listed[]> {
  const listed: Listed[] = [];
  for (let cursor: unknown; ; ) {
    const page = contentOf(await stand.call('list_requests', { limit: 100, ...(cursor !== undefined && { cursor }) }));
    listed.push(...(page.requests as readonly Listed[]));
    cursor = page.next_cursor;
    if (cursor === undefined) return listed;
  }
}

async function runOne(stand: Stand, id: string): Promise<Ours> {
  const presented = await stand.call('execute_request', { request_id: id, environment_id: 'Prod' });
  if (presented.kind !== 'result') throw new Error('asked for an approval');
  const answer = (presented.structured ?? JSON.parse(presented.text)) as Record<string, unknown>;
  const tests = (answer.tests ?? []) as readonly { readonly name: string; readonly status: string }[];
  const scripts = (answer.scripts ?? {}) as { readonly unsupported?: readonly string[] };
  const { code, message, notes } = answer as {
    readonly code?: string;
    readonly message?: string;
    readonly notes?: readonly string[];
  };
  return {
    tests: Object.fromEntries(tests.map(({ name, status }) => [name, status === 'passed'])),
    problems: [...(code === undefined ? [] : [`${code} ${message ?? ''}`]), ...(notes ?? [])],
    unsupported: scripts.unsupported ?? [],
  };
}
