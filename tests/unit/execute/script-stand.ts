// A Keyward whose requests have scripts, and a second server that no secret is bound to.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describeFailure } from '../../../shared/failure/failure.ts';
import type { Result } from '../../../shared/failure/result.ts';
import type { ApprovalAnswer } from '../../../src/execute/approval.ts';
import { type ExecuteInput, type Execution, executeRequest } from '../../../src/execute/execute-request.ts';
import type { ScriptRunner } from '../../../src/execute/ports.ts';
import { collection, createStand, environment, item, type Stand, type StandOptions } from '../tools/stand.ts';

export interface ScriptedItem {
  readonly name: string;
  readonly method?: string;
  readonly path?: string;
  readonly before?: string;
  readonly after?: string;
  readonly rest?: object;
}

export interface ScriptStand extends Stand {
  /** Another server on loopback, which the network allows. */
  readonly other: string;
  /** Requests that arrived there. */
  readonly arrivedThere: string[];
  run(input: Partial<ExecuteInput> & { readonly requestId: string }, call?: RunOptions): Promise<Result<Execution>>;
}

export interface RunOptions {
  readonly approval?: ApprovalAnswer;
  readonly signal?: AbortSignal;
  readonly caller?: string;
}

export interface ScriptStandOptions extends Omit<StandOptions, 'files'> {
  /** That of the stand where absent. */
  readonly scripts?: ScriptRunner;
  readonly items: (origin: string, other: string) => readonly ScriptedItem[];
  readonly variables?: (origin: string, other: string) => Readonly<Record<string, string>>;
  readonly collection?: object;
  /** The network allows no address but that of the first server. */
  readonly guarded?: boolean;
}

export async function createScriptStand({
  scripts,
  items,
  variables = () => ({}),
  collection: rest = {},
  guarded = false,
  policy,
  ...options
}: ScriptStandOptions): Promise<ScriptStand> {
  const arrivedThere: string[] = [];
  const server = createServer((request, response) => {
    arrivedThere.push(`${request.method} ${request.url}`);
    response.end('{}');
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const other = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const stand = await createStand({
    ...options,
    policy: { ...(!guarded && { network: { allow: ['127.0.0.1/32'], ca: [] } }), ...policy },
    files: (origin) => ({
      'shop.postman_collection.json': collection('Shop', items(origin, other).map(itemOf), rest),
      'payroll.postman_collection.json': collection('Payroll', [item('Salaries', 'GET', `${origin}/salaries`)]),
      'dev.postman_environment.json': environment(
        'dev',
        Object.entries({ base: origin, ...variables(origin, other) }).map(([key, value]) => ({
          key,
          value,
          enabled: true,
          ...(/^secret/.test(key) && { type: 'secret' }),
        })),
      ),
    }),
  });
  const context = { ...stand.context, ...(scripts && { scripts }) };
  return {
    ...stand,
    context,
    other,
    arrivedThere,
    run: (input, { approval, signal = new AbortController().signal, caller = 'test' } = {}) =>
      executeRequest({ environmentId: 'dev', overrides: {}, ...input }, context, {
        principal: { id: caller, kind: 'stdio' },
        correlationId: 'parent-1',
        signal,
        ...(approval && { approval }),
      }),
    async close() {
      await context.kept.close();
      await stand.close();
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

function itemOf({ name, method = 'GET', path = '/items', before, after, rest = {} }: ScriptedItem): object {
  const event = [
    ...(before === undefined ? [] : [{ listen: 'prerequest', script: { exec: before.split('\n') } }]),
    ...(after === undefined ? [] : [{ listen: 'test', script: { exec: after.split('\n') } }]),
  ];
  return { ...item(name, method, `{{base}}${path}`, rest), event };
}

/** A script that sends something and logs what came of it. */
export function sending(request: unknown): string {
  const given = JSON.stringify(request);
  return `await pm.sendRequest(${given}).then((r) => console.log('status', r.code, r.text()), (e) => console.log('failed', e.code, e.message));`;
}

/** What the scripts logged. */
export function logged(execution: Result<Execution>): readonly string[] {
  if (!execution.ok) throw new Error(describeFailure(execution.failure).message);
  if (execution.value.kind === 'ask') throw new Error('a person is asked');
  return execution.value.scripts.console.map(({ text }) => text);
}
