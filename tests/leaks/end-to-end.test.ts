// The built command behind a real client, against a server that reflects what it is sent: then every byte that came out
// anywhere is searched.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportFormats } from '../../shared/dialects/writer.ts';
import { command, createDesk, type Desk } from '../cli/run-keyward.ts';
import { type Channel, channels } from './channels.ts';
import { type Mirror, mirrorPaths, startMirror } from './mirror.ts';
import { leaksIn } from './spellings.ts';

const secret = 'Qx7/live+Key==94_zTw?&1';
// Stands in the collection file itself: the workspace is the one place where it may be.
const inline = 'Inline/File+Secret==31_pLq';

const auths: Readonly<Record<string, object>> = {
  bearer: { auth: { type: 'bearer', bearer: [{ key: 'token', value: '{{vault:MIRROR}}' }] } },
  basic: {
    auth: {
      type: 'basic',
      basic: [
        { key: 'username', value: 'svcuser' },
        { key: 'password', value: '{{vault:MIRROR}}' },
      ],
    },
  },
  'api key': {
    auth: {
      type: 'apikey',
      apikey: [
        { key: 'key', value: 'X-Custom' },
        { key: 'value', value: '{{vault:MIRROR}}' },
        { key: 'in', value: 'header' },
      ],
    },
  },
  'api key in the query': {
    auth: {
      type: 'apikey',
      apikey: [
        { key: 'key', value: 'q' },
        { key: 'value', value: '{{vault:MIRROR}}' },
        { key: 'in', value: 'query' },
      ],
    },
  },
  'inline in the file': { auth: { type: 'bearer', bearer: [{ key: 'token', value: inline }] } },
};

/** Requests that change data, with secrets wherever the question about them shows something: query, header and body. */
const writes: Readonly<Record<string, object>> = {
  'raw body': {
    mode: 'raw',
    raw: `{"note":"{{vault:MIRROR}}","password":"${inline}"}`,
    options: { raw: { language: 'json' } },
  },
  'text body': { mode: 'raw', raw: 'key {{vault:MIRROR}} and {{api_key}}' },
  form: {
    mode: 'urlencoded',
    urlencoded: [
      { key: 'note', value: '{{vault:MIRROR}}' },
      { key: 'api_key', value: inline },
    ],
  },
  multipart: {
    mode: 'formdata',
    formdata: [
      { key: 'note', value: '{{vault:MIRROR}}', type: 'text' },
      { key: 'password', value: inline, type: 'text' },
    ],
  },
};

const outputs = new Map<Channel, Buffer>();
const add = (channel: Channel, text: string | Buffer) => {
  outputs.set(channel, Buffer.concat([outputs.get(channel) ?? Buffer.alloc(0), Buffer.from(text)]));
};

let desk: Desk;
let mirrors: readonly Mirror[] = [];
let failures = 0;

beforeAll(async () => {
  const [mirror, own] = await Promise.all([startMirror(secret), startMirror(inline)]);
  mirrors = [mirror, own];
  desk = createDesk();
  const item = Object.entries(auths).flatMap(([name, auth]) =>
    mirrorPaths.map((path) => ({
      name: `${name} ${path}`,
      request: { method: 'GET', url: `${name.startsWith('inline') ? own.origin : mirror.origin}${path}`, ...auth },
      response: [
        {
          name: 'saved',
          code: 200,
          header: [{ key: 'X-Api-Key', value: inline }],
          body: JSON.stringify({ token: inline }),
        },
      ],
    })),
  );
  const query = `?note={{vault:MIRROR}}&api_key=${encodeURIComponent(inline)}`;
  const header = [{ key: 'X-Note', value: 'it is {{vault:MIRROR}} for {{who}}' }];
  const url = `${mirror.origin}/json${query}`;
  const asking = Object.entries(writes).map(([name, body]) => ({
    name: `write ${name}`,
    request: { method: 'POST', url, header, body, ...auths.bearer },
  }));
  const schema = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json';
  desk.save('mirror.postman_collection.json', { info: { name: 'Mirror', schema }, item: [...item, ...asking] });
  desk.save('local.postman_environment.json', {
    name: 'Local',
    values: [
      { key: 'api_key', value: inline },
      { key: 'plain', value: '1', enabled: true },
    ],
  });
  desk.save('keyward.yaml', JSON.stringify({ version: 1, network: { allow: [mirror.origin, own.origin] } }));
  expect((await desk.keyward(['secrets', 'set', 'MIRROR', '--origin', mirror.origin, '--stdin'], secret)).code).toBe(0);
  expect((await desk.keyward(['trust', '--yes'])).code).toBe(0);
  await talk();
  await type();
  await keep(own.origin);
  for (const bytes of filesUnder(desk.home)) add('files of the data folder', bytes);
}, 120_000);

afterAll(async () => {
  desk.clear();
  await Promise.all(mirrors.map((mirror) => mirror.close()));
});

interface Answer {
  readonly isError?: boolean;
  readonly content: unknown;
  readonly structuredContent?: Readonly<Record<string, unknown>>;
}

async function talk(): Promise<void> {
  const folder = join(desk.home, '..', 'streams');
  mkdirSync(folder);
  const tee = join(import.meta.dirname, 'fixtures', 'tee.js');
  const env = {
    PATH: process.env.PATH ?? '',
    KEYWARD_HOME: desk.home,
    KEYWARD_KEY_SOURCE: 'key-file',
    KEYWARD_LOG_LEVEL: 'debug',
  };
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [tee, folder, command, 'serve', desk.workspace],
    env,
    stderr: 'ignore',
  });
  const client = new Client({ name: 'leak-test', version: '1.0.0' }, { capabilities: { elicitation: {} } });
  client.setRequestHandler(ElicitRequestSchema, async ({ params }) => {
    add('questions to a person', JSON.stringify(params));
    return { action: 'accept', content: { approve: true } };
  });
  await client.connect(transport);
  const call = async (name: string, input: Record<string, unknown> = {}) => {
    const answer = (await client.callTool({ name, arguments: input })) as Answer;
    if (!answer.isError) return answer.structuredContent ?? {};
    failures += 1;
    add('texts of failures', JSON.stringify(answer.content));
    return {};
  };
  for (const tool of ['list_collections', 'list_environments', 'list_secrets']) await call(tool);
  await call('get_environment', { environment_id: 'Local' });
  const { resources } = await client.listResources();
  expect(resources).toHaveLength(1);
  for (const { uri } of resources) await client.readResource({ uri });
  await client.readResource({ uri: 'keyward://collection/none' }).catch(() => undefined);
  const { requests } = (await call('list_requests', { limit: 200 })) as { requests: { id: string }[] };
  for (const { id } of requests) {
    await call('describe_request', { request_id: id });
    await call('execute_read_request', { request_id: id, environment_id: 'Local', dry_run: true });
    const { body } = (await call('execute_read_request', { request_id: id })) as { body?: { response_id?: string } };
    if (body?.response_id) await call('read_response', { response_id: body.response_id, offset: 10_000 });
    await call('execute_read_request', { request_id: id, response_format: 'shape' });
  }
  const [{ id: request_id = '' } = {}] = requests;
  for (const { name } of (await client.listPrompts()).prompts) {
    await client.getPrompt({ name, arguments: { request_id, environment_id: 'Local' } });
  }
  for (const name of Object.keys(writes)) {
    const written = await call('execute_request', {
      request_id: `write ${name}`,
      environment_id: 'Local',
      variables: { who: 'the-agent-7' },
    });
    expect(written.status, name).toBe(200);
  }
  await call('execute_read_request', { request_id: requests[0]?.id, select: 'broken[[' });
  await call('get_history', { limit: 50 });
  await client.close();
  add('bytes to the client', readFileSync(join(folder, 'stdout')));
  add('bytes from the client', readFileSync(join(folder, 'stdin')));
  add('stderr of the server', readFileSync(join(folder, 'stderr')));
}

async function type(): Promise<void> {
  const run = async (channel: Channel, args: readonly string[]) => {
    const { out, errors } = await desk.keyward(args);
    add(channel, out + errors);
  };
  await run('journal show', ['journal', 'show']);
  await run('journal export', ['journal', 'export']);
  await run('command line: doctor', ['doctor']);
  for (const what of ['requests', 'environments', 'secrets']) await run('command line: list', ['list', what, '--json']);
  for (const path of mirrorPaths) await run('command line: call', ['call', `bearer ${path}`]);
  await run('command line: call', ['call', 'inline in the file /json', '--json']);
  // Beside the workspace: what is written there is searched by itself.
  const beside = (name: string) => join(desk.workspace, '..', name);
  const file = 'mirror.postman_collection.json';
  await run('command line: import', ['import', file, '--to', beside('imported')]);
  await run('command line: import', ['import', file, '--to', beside('sealed'), '--seal', '--json']);
  for (const format of exportFormats) {
    await run('command line: export', ['export', 'Mirror', '--format', format, '--to', beside(`as ${format}`)]);
  }
  await run('command line: export', ['export', 'Mirror', '--format', 'postman']);
  for (const folder of ['imported', 'sealed', ...exportFormats.map((format) => `as ${format}`)]) {
    for (const bytes of filesUnder(beside(folder))) add('imported and exported files', bytes);
  }
}

/** What the operator does with secrets and their vault: values go in, and are in no line and no file that comes of it. */
async function keep(origin: string): Promise<void> {
  const run = async (channel: Channel, args: readonly string[], input?: string) => {
    const { out, errors } = await desk.keyward(args, input);
    add(channel, out + errors);
  };
  const backup = join(desk.workspace, '..', 'vault.backup');
  writeFileSync(join(desk.workspace, '..', 'team.env'), `MIRROR_TWO=${secret}\nAPI_TOKEN="${inline}"\n`);
  const team = ['secrets', 'import', '../team.env', '--origin', origin];
  const commands = [
    [...team, '--dry-run'],
    [...team, '--yes', '--json'],
    [...team, '--yes'],
    ['secrets', 'list', '--json'],
    ['secrets', 'describe', 'MIRROR_TWO'],
    ['secrets', 'bind', 'MIRROR_TWO', '--method', 'GET', '--only-place', 'header', '--yes'],
    ['secrets', 'audit'],
    ['secrets', 'audit', '--json'],
    [
      'secrets',
      'set',
      'OUTWARD',
      '--origin',
      origin,
      '--from',
      `dotenv:${join(desk.workspace, '..', 'team.env')}#MIRROR_TWO`,
    ],
  ];
  for (const args of commands) await run('command line: secrets', args);
  await run('command line: secrets', ['secrets', 'rotate', 'MIRROR_TWO', '--stdin'], secret);
  await run('command line: login', ['login', 'bearer /json', '--no-browser']);
  for (const args of [['status'], ['verify', '--json'], ['rekey', '--data-key'], ['backup', backup, '--stdin']]) {
    await run('command line: vault', ['vault', ...args], 'a long pass phrase');
  }
  await run('command line: vault', ['vault', 'restore', backup, '--merge', '--stdin'], 'a long pass phrase');
  add('backups', readFileSync(backup));
}

function filesUnder(folder: string): readonly Buffer[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name)));
}

describe('end to end', () => {
  it('the servers got the credentials, and some calls failed', () => {
    for (const mirror of mirrors) expect(mirror.accepted()).toBeGreaterThan(5);
    expect(failures).toBeGreaterThan(5);
  });

  it('the questions show what is sent around the secrets', () => {
    const asked = outputs.get('questions to a person')?.toString() ?? '';
    expect(asked.match(/asks to send this request/g)).toHaveLength(Object.keys(writes).length);
    expect(asked).toContain('Body: ');
    expect(asked).toContain('note=[secret]');
    expect(asked).toContain('X-Note: it is [secret] for the-agent-7');
    expect(asked).toContain('variable who: the-agent-7');
  });

  it.each(channels)('P1: no spelling of a secret in: %s', (channel) => {
    const bytes = outputs.get(channel) ?? Buffer.alloc(0);
    expect(bytes.length).toBeGreaterThan(0);
    for (const value of [secret, inline]) expect(leaksIn(bytes, value)).toEqual([]);
    expect(bytes.includes('mintedCookieValue77')).toBe(false);
    expect(bytes.includes('unknown-to-us-1')).toBe(false);
  });
});
