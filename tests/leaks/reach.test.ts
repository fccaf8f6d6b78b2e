import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { isNamed, parseScopes, type Reach } from '../../shared/access/reach.ts';
import { prompts } from '../../shared/contracts/prompts.ts';
import { collectionUri } from '../../shared/contracts/resources.ts';
import { caller, openReachStand } from './reach-stand.ts';
import { type Asked, createWorld, type Files, openFiles, type World } from './reach-world.ts';

const { api, files, whole, stored, secrets, parts, close } = await openReachStand();
afterAll(close);

function reachOf(scopes: readonly string[]): Reach {
  const parsed = parseScopes(['read', 'execute:unsafe', 'history', 'secrets', ...scopes]);
  if (!parsed.ok) throw new Error(parsed.failure.code);
  return parsed.value;
}

/** What is left of the files where nothing is but what a reach names. */
function filesWithin({ collections, environments }: Reach): Files {
  if (!collections && !environments) return files;
  const kept = whole.workspace.collections().filter((each) => isNamed(collections, each));
  const usable = whole.workspace
    .environments()
    .filter((each) => each.kind === 'globals' || isNamed(environments, each))
    .filter((each) => each.collections?.some((id) => kept.some((one) => one.id === id)) ?? true);
  const names = new Set([
    ...usable.map(({ file }) => file),
    ...kept.flatMap(({ file, requests }) => [file, ...requests.flatMap((entry) => entry.file ?? [])]),
  ]);
  // What a request attaches lies in the folder of its collection, and goes with it.
  const data = kept.map(({ file }) => `${file.slice(0, file.lastIndexOf('/') + 1)}data.txt`);
  return Object.fromEntries(Object.entries(files).filter(([name]) => names.has(name) || data.includes(name)));
}

interface Split {
  readonly scopes: readonly string[];
  readonly calls: readonly Asked[];
}

/** Asks the same of the whole as a caller of this reach, and of a world with the rest of it removed. */
async function compare({ scopes, calls }: Split): Promise<void> {
  const reach = reachOf(scopes);
  const rest = await openFiles(filesWithin(reach));
  const left = stored.open((each) => isNamed(reach.handles, each));
  const narrowed = createWorld(parts());
  const without = createWorld({ ...parts(), workspace: rest.workspace, vault: left.vault });
  try {
    for (const asked of calls) {
      const [mine, theirs] = [await seenBy(narrowed, asked, reach), await seenBy(without, asked)];
      expect(mine, JSON.stringify(asked)).toEqual(theirs);
    }
    expect(narrowed.journal.map(withoutDuration)).toEqual(without.journal.map(withoutDuration));
    expect(narrowed.bugs).toEqual([]);
  } finally {
    rest.remove();
    left.remove();
  }
}

/** What is shown, and what reached the server. */
async function seenBy(world: World, asked: Asked, reach?: Reach) {
  api.arrived.length = 0;
  const text = await world.ask(asked, caller('key:one', reach));
  // Each login gets another session.
  return { text, arrived: api.arrived.map((line) => line.replace(/Value-\d+/g, 'Value')) };
}

function withoutDuration(event: World['journal'][number]) {
  return event.type === 'end' ? { ...event, durationMs: 0 } : event;
}

/** Every id and name that there is, and some that there are not. */
function names() {
  const collections = whole.workspace.collections();
  const entries = collections.flatMap(({ name, requests }) =>
    requests.flatMap((entry) => [entry.id, entry.name, `${name}/${entry.name}`]),
  );
  const named = (things: readonly { readonly id: string; readonly name: string }[]) =>
    things.flatMap(({ id, name }) => [id, name]);
  return {
    collections: [...new Set([...named(collections), 'Payrol', 'Depo', 'nothing'])],
    environments: [...new Set([...named(whole.workspace.environments()), 'pro', 'roofs', 'nothing'])],
    requests: [...new Set([...entries, 'Salarie', 'Stok', 'nothing'])],
    handles: [...new Set(named(secrets.handles))],
  };
}

function arbitraryCall(): fc.Arbitrary<Asked> {
  const { collections, environments, requests } = names();
  const request_id = fc.constantFrom(...requests);
  const environment_id = fc.option(fc.constantFrom(...environments), { nil: undefined, freq: 3 });
  const limit = fc.constantFrom(1, 3, 50);
  const query = fc.option(fc.constantFrom('list', 'salaries', 'KEY', 'depot shop', 'stock'), { nil: undefined });
  const collection_id = fc.option(fc.constantFrom(...collections), { nil: undefined });
  const variables = fc.constant({ name: 'x' });
  const listings: fc.Arbitrary<Asked>[] = [
    fc.record({ tool: fc.constant('list_collections'), args: fc.record({ query, limit }) }),
    fc.record({ tool: fc.constant('list_requests'), args: fc.record({ query, limit, collection_id }) }),
    fc.record({ tool: fc.constant('list_environments'), args: fc.record({ limit, collection_id }) }),
    fc.record({ tool: fc.constant('list_secrets'), args: fc.record({ query, limit }) }),
    fc.record({ list: fc.constant('resources' as const) }),
  ];
  const named: fc.Arbitrary<Asked>[] = [
    fc.record({ tool: fc.constant('describe_request'), args: fc.record({ request_id, environment_id }) }),
    fc.record({
      tool: fc.constant('get_environment'),
      args: fc.record({ environment_id: fc.constantFrom(...environments) }),
    }),
    fc.record({ tool: fc.constant('get_history'), args: fc.record({ request_id, limit }) }),
    fc.record({ tool: fc.constant('get_history'), args: fc.record({ limit }) }),
    fc.record({ uri: fc.constantFrom(...collections.map(collectionUri)) }),
    fc.record({
      prompt: fc.constantFrom(...prompts.map(({ name }) => name)),
      args: fc.record({ request_id, environment_id }),
    }),
  ];
  const sent: fc.Arbitrary<Asked> = fc.record({
    tool: fc.constantFrom('execute_request', 'execute_read_request'),
    args: fc.record({ request_id, environment_id, variables, dry_run: fc.constantFrom(false, true) }),
    approve: fc.boolean(),
  });
  return fc.oneof(...listings, ...named, { arbitrary: sent, weight: 5 });
}

function arbitrarySplit(): fc.Arbitrary<Split> {
  const known = names();
  const scopes = (kind: 'collection' | 'environment' | 'handle', all: readonly string[]) =>
    fc
      .option(fc.subarray([...all], { minLength: 1 }), { nil: [], freq: 4 })
      .map((chosen) => chosen.map((name) => `${kind}:${encodeURIComponent(name)}`));
  return fc.record({
    scopes: fc
      .tuple(
        scopes('collection', known.collections),
        scopes('environment', known.environments),
        scopes('handle', known.handles),
      )
      .map((lists) => lists.flat()),
    calls: fc.array(arbitraryCall(), { minLength: 10, maxLength: 25 }),
  });
}

describe('what is out of a caller’s reach', () => {
  it('P10: is as if it did not exist, whatever is asked', async () => {
    await fc.assert(fc.asyncProperty(arbitrarySplit(), compare), { numRuns: 10 });
  });

  it('P10: by the vault too, where two credentials have one name', async () => {
    const [reading, writing] = ['reading', 'writing'].map(
      (tier) => secrets.handles.find((each) => each.name === 'KEY_C' && (each.tier ?? 'reading') === tier)?.id ?? '',
    );
    const calls = ['KEY_C', reading, writing].flatMap((handle): Asked[] =>
      [false, true].map((approve) => ({
        tool: 'execute_request',
        args: { request_id: 'Long', environment_id: 'dev', headers: { 'X-Key': `{{vault:${handle}}}` } },
        approve,
      })),
    );
    const args = { request_id: 'Create', environment_id: 'dev', variables: { name: 'x' } };
    calls.push({ tool: 'execute_request', args, approve: true });
    for (const scopes of [[reading], [writing], ['KEY_A'], ['KEY_C']])
      await compare({ scopes: scopes.map((name) => `handle:${name}`), calls });
  });

  it('P10: by every tool, resource and prompt, for every id and name of what is hidden', async () => {
    const { collections, environments, requests } = names();
    const calls: Asked[] = [
      ...['list_collections', 'list_requests', 'list_environments', 'list_secrets', 'get_history'].map((tool) => ({
        tool,
        args: {},
      })),
      ...requests.flatMap((request_id): Asked[] => [
        { tool: 'describe_request', args: { request_id } },
        ...[false, true].map((approve) => ({
          tool: 'execute_request',
          args: { request_id, environment_id: 'dev', variables: { name: 'x' } },
          approve,
        })),
        { tool: 'get_history', args: { request_id } },
        { prompt: 'debug_execution', args: { request_id } },
      ]),
      ...environments.flatMap((environment_id): Asked[] => [
        { tool: 'get_environment', args: { environment_id } },
        { tool: 'execute_read_request', args: { request_id: 'Long', environment_id } },
      ]),
      ...collections.flatMap((collection_id): Asked[] => [
        { tool: 'list_requests', args: { collection_id } },
        { uri: collectionUri(collection_id) },
      ]),
      { list: 'resources' },
    ];
    const keyC = secrets.handles.find(({ name, tier }) => name === 'KEY_C' && tier !== 'writing')?.id;
    const scopes = ['collection:Shop', 'environment:dev', 'environment:floor', `handle:${keyC}`, 'handle:KEY_A'];
    await compare({ scopes, calls });
  });

  it('P10: bites: a world that shows one thing more is another', async () => {
    const reach = reachOf(['collection:Shop']);
    const [narrowed, open] = [createWorld(parts()), createWorld(parts())];
    const asked: Asked = { tool: 'list_collections', args: {} };
    expect(await seenBy(narrowed, asked, reach)).not.toEqual(await seenBy(open, asked));
  });
});
