// `keyward doctor --canary`: a secret made for this run, an API that repeats it in every way, the real command, and a search of
// every byte that came out of it. The operator's own vault and workspace are not touched.
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filesUnder } from '../demo/files-under.ts';
import { connect } from '../demo/mcp-client.ts';
import { type Command, runCommand } from '../demo/run-command.ts';
import { type CanaryApi, canaryPaths, startCanaryApi } from './canary-api.ts';
import { spellers, spellingsIn } from './canary-spellings.ts';

export interface CanaryReport {
  /** Answers that repeated the secret × spellings in each. */
  readonly reflections: number;
  /** What kept it from being tried in full; empty is what is wanted. */
  readonly problems: readonly string[];
  /** Where the secret came out, and in which spelling; empty is what is wanted. */
  readonly leaks: readonly string[];
}

const NAME = 'CANARY';
const HANDLE = `{{vault:${NAME}}}`;

const auths: Readonly<Record<string, object>> = {
  bearer: { type: 'bearer', bearer: [{ key: 'token', value: HANDLE }] },
  basic: {
    type: 'basic',
    basic: [
      { key: 'username', value: 'canary' },
      { key: 'password', value: HANDLE },
    ],
  },
  'api key in a header': apiKey('X-Canary', 'header'),
  'api key in the query': apiKey('canary', 'query'),
};

function apiKey(name: string, place: string): object {
  return {
    type: 'apikey',
    apikey: [
      { key: 'key', value: name },
      { key: 'value', value: HANDLE },
      { key: 'in', value: place },
    ],
  };
}

/** Runs the matrix; `entry` is the file that Node runs for `keyward`. Rejects only where the command itself does not run. */
export async function runCanary(entry: string): Promise<CanaryReport> {
  // Characters that every encoding writes differently.
  const secret = `cnr/${randomBytes(24).toString('base64')}+"x`;
  const api = await startCanaryApi(secret);
  const folder = mkdtempSync(join(tmpdir(), 'keyward-canary-'));
  const clear = () => rmSync(folder, { recursive: true, force: true });
  const leave = (signal: NodeJS.Signals) => {
    clear();
    process.kill(process.pid, signal);
  };
  for (const signal of SIGNALS) process.once(signal, leave);
  try {
    return await plant(secret, api, folder, [process.execPath, entry]);
  } finally {
    for (const signal of SIGNALS) process.off(signal, leave);
    clear();
    await api.close();
  }
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

async function plant(secret: string, api: CanaryApi, folder: string, command: Command): Promise<CanaryReport> {
  const home = join(folder, 'home');
  const workspace = join(folder, 'workspace');
  mkdirSync(home, { mode: 0o700 });
  mkdirSync(workspace);
  const save = (name: string, value: object) => writeFileSync(join(workspace, name), JSON.stringify(value));
  save('canary.postman_collection.json', collectionOf(api.origin));
  save('keyward.yaml', { version: 1, network: { allow: [api.origin] } });
  const outputs = new Map<string, Buffer>();
  const problems: string[] = [];
  const run = async (name: string, args: readonly string[], input = '') => {
    const { out, errors, code } = await runCommand(command, [...args, '--home', home], input);
    outputs.set(name, Buffer.from(out + errors));
    if (code !== 0) problems.push(`keyward ${name} ended with ${code}`);
  };
  const setting = ['secrets', 'set', NAME, '--origin', api.origin, '--stdin', '--key-source', 'key-file'];
  await run('secrets set', setting, secret);
  await run('trust', ['trust', workspace, '--yes']);
  outputs.set('what the agent got', await callAll(command, home, workspace));
  const wanted = Object.keys(auths).length * canaryPaths.length;
  if (api.accepted() < wanted) problems.push(`${api.accepted()} of ${wanted} requests arrived with the secret`);
  await run('call', ['call', `bearer ${canaryPaths[0] ?? ''}`, '--workspace', workspace]);
  await run('journal export', ['journal', 'export']);
  outputs.set('the data folder', Buffer.concat(filesUnder(home).map(({ bytes }) => bytes)));
  const leaks = Array.from(outputs, ([name, bytes]) =>
    spellingsIn(bytes, secret).map((how) => `${name}: ${how}`),
  ).flat();
  return { reflections: api.accepted() * spellers.size, problems, leaks };
}

function collectionOf(origin: string): object {
  const item = Object.entries(auths).flatMap(([name, auth]) =>
    canaryPaths.map((path) => ({ name: `${name} ${path}`, request: { method: 'GET', url: origin + path, auth } })),
  );
  const schema = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json';
  return { info: { name: 'Canary', schema }, item };
}

async function callAll([program, entry]: Command, home: string, workspace: string): Promise<Buffer> {
  const agent = await connect({
    command: program,
    args: [entry, 'serve', workspace, '--home', home],
    approve: () => false,
  });
  const texts: string[] = [];
  const call = async (name: string, input: Readonly<Record<string, unknown>>) => {
    const { structured, text } = await agent.callTool(name, input);
    texts.push(text, ...textsIn(structured));
  };
  for (const name of Object.keys(auths)) {
    for (const path of canaryPaths) await call('execute_read_request', { request_id: `${name} ${path}` });
  }
  await call('get_history', { limit: 200 });
  await agent.close();
  return Buffer.concat([agent.received(), Buffer.from(texts.join('\n'))]);
}

/** Names and texts of a JSON value, without the escapes that would hide a secret from the search. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, child]) => [name, ...textsIn(child)]);
}
