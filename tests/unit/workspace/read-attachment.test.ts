import { symlinkSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Result } from '../../../shared/failure/result.ts';
import { limits } from '../../../shared/limits.ts';
import type { Attachment } from '../../../src/execute/ports.ts';
import { openWorkspace } from '../../../src/workspace/open-workspace.ts';
import { collectionText, makePipe, tempFolder } from './temp-folder.ts';

const environment = '{"name":"Dev","values":[{"key":"a","value":"SECRET"}]}';

function workspaceFolder(): string {
  const outside = tempFolder({ 'secret.txt': 'SECRET' });
  const root = tempFolder({
    'api/a.json': collectionText('A'),
    'api/b.txt': 'beside',
    'api/b.bin': 'x',
    'api/fake.png': 'beside',
    'data/c.txt': 'elsewhere',
    'data/upload.json': '{"values":[1,2]}',
    'data/dev.json': environment,
    'data/dev.txt': environment,
    'data/.env': 'SECRET',
    '.git/config': 'SECRET',
    'keyward.yaml': 'version: 1',
  });
  symlinkSync(join(outside, 'secret.txt'), join(root, 'api/link.txt'));
  symlinkSync(join(root, 'data/c.txt'), join(root, 'api/inner.txt'));
  symlinkSync(join(root, 'data/dev.json'), join(root, 'api/innocent.txt'));
  makePipe(join(root, 'api/pipe'));
  return root;
}

/** A path as a body names it, and what comes: the text, or what is said. */
const PATHS: readonly (readonly [path: string, expected: RegExp])[] = [
  ['b.txt', /^beside$/],
  ['./b.txt', /^beside$/],
  ['../data/c.txt', /^elsewhere$/],
  ['inner.txt', /^elsewhere$/],
  ['../data/upload.json', /^\{"values"/],
  ['', /does not exist inside/],
  ['missing', /does not exist inside/],
  ['b.txt\0', /does not exist inside/],
  ['link.txt', /does not exist inside/],
  ['/etc/passwd', /does not exist inside/],
  ['../../../../../../etc/passwd', /does not exist inside/],
  ['..', /does not exist inside/],
  ['../data/.env', /does not exist inside/],
  ['../.git/config', /does not exist inside/],
  ['../data', /not a regular file|cannot be read/],
  ['pipe', /not a regular file/],
  ['a.json', /is a collection/],
  ['../data/dev.json', /is a collection/],
  ['../data/dev.txt', /is a collection/],
  ['innocent.txt', /is a collection/],
  ['../keyward.yaml', /is a collection/],
];

const BRU = 'meta {\n  name: y\n  type: http\n}\n\nget {\n  url: https://h\n}\n\nauth:bearer {\n  token: SECRET\n}\n';
const PRIVATE = '{"dev":{"token":"SECRET"}}';

/** Files whose name or text says that they hold secrets, and those that only look a little like them. */
const WITHHELD: readonly (readonly [file: string, text: string | Buffer, expected: RegExp])[] = [
  ...['prod.env', 'PROD.ENV', 'env', 'dotenv.txt', 'prod.env.bak', 'env.txt', 'env.old'].map(
    (file) => [file, 'TOKEN=SECRET', /environment variables/] as const,
  ),
  ...['id_rsa', 'id_ed25519', 'id_rsa.bak', 'id_ecdsa_sk~', 'a.pem', 'A.KEY', 'a.p12', 'a.pfx', 'a.key.txt'].map(
    (file) => [file, 'SECRET', /files of keys/] as const,
  ),
  ...['.env.local', '.env.bak', 'Node_Modules/a.txt'].map((file) => [file, 'SECRET', /does not exist inside/] as const),
  ...['KEYWARD.YAML', 'Keyward.yaml.bak', 'keyward.yaml~'].map((file) => [file, 'a: 1', /is a collection/] as const),
  ...['http-client.private.env.json.bak', 'HTTP-client.private.env.json', 'http-client.env.json.orig'].map(
    (file) => [file, PRIVATE, /is a collection/] as const,
  ),
  ['dev.json.swp', environment, /is a collection/],
  ['dev.bin', Buffer.from(environment.replace('Dev', 'D\u00e9v'), 'latin1'), /is a collection/],
  ['bruno.txt', BRU, /is a collection/],
  ['bruno.dat', 'vars:secret [\n  token\n]\nvars {\n  token: SECRET\n}\n', /is a collection/],
  ['opencollection.txt', 'name: p\nvariables:\n  - name: token\n    value: SECRET\n', /is a collection/],
  ['opencollection.bin', 'info:\n  name: a\nhttp:\n  url: https://h\n', /is a collection/],
  ['http.txt', '@token=SECRET\n### a\nGET https://h/\nAuthorization: Bearer SECRET\n', /is a collection/],
  ['curl.txt', '# the call\ncurl -H "Authorization: Bearer SECRET" https://h\n', /is a collection/],
  ['postman.txt', '$kind: http-request\nurl: https://h\nmethod: GET\n', /is a collection/],
  ['ignored/a.csv', 'SECRET', /\.gitignore leaves it out/],
  ['deep/ignored/a.csv', 'SECRET', /\.gitignore leaves it out/],
  ['deep/b.csv', 'SECRET', /\.gitignore leaves it out/],
  ['held/a.csv', 'SECRET', /\.gitignore leaves it out/],
  ['deep/c.csv', 'sent', /^sent$/],
  ['environment.txt', 'sent', /^sent$/],
  ['id_card.txt', 'sent', /^sent$/],
  ['id_rsa.pub', 'sent', /^sent$/],
  ['monkey.txt', 'sent', /^sent$/],
  ['notes.txt', 'GET some milk\n\nPOST office', /^GET some/],
  ['readme.md', '# Hi\n\n```sh\ncurl https://h\n```\n', /^# Hi/],
  ['plain.yaml', 'name: a\nvalue: 1\n', /^name: a/],
  ['style.css', 'body {\n  margin: 0;\n}\n', /^body/],
  ['ask.graphql', 'query {\n  a\n}\n', /^query/],
  ['data.json', '{"name":"a","dev":{"a":1}}', /^\{"name"/],
];

describe('a file that a body names', () => {
  it.each(WITHHELD)(
    'P1: in %s is sent only where it holds no secrets by its looks: %j',
    async (file, text, expected) => {
      const root = tempFolder({
        'api.json': collectionText('A'),
        '.gitignore': 'ignored/',
        'deep/.gitignore': '*.csv\n!c.csv',
        'held/.gitignore': 'x\n'.repeat(limits.ignorePatterns + 1),
        [file]: text,
      });
      expect(outcome(await read([root], file))).toMatch(expected);
    },
  );

  it.each(PATHS)('P8: %j is %s', async (path, expected) => {
    expect(outcome(await read([workspaceFolder()], path))).toMatch(expected);
  });

  it('P1: left out of the workspace is an environment all the same', async () => {
    const opened = await openWorkspace({ roots: [workspaceFolder()], include: ['api'], forbidden: [] });
    const [collection] = opened.ok ? opened.value.collections() : [];
    if (!opened.ok || !collection) throw new Error('not loaded');
    expect(outcome((await opened.value.attachments())(collection, '../data/dev.json'))).toMatch(/is a collection/);
  });

  it('P8: is not sent where the root is the one collection file', async () => {
    expect(outcome(await read([join(workspaceFolder(), 'api/a.json')], 'b.txt'))).toMatch(/does not exist inside/);
  });

  it('P8: is not sent under the name of something else', async () => {
    expect(await read([workspaceFolder()], 'fake.png')).toMatchObject({
      failure: { code: 'REQUEST/FILE_MISMATCH', facts: { file: 'fake.png', found: 'text', expected: 'a PNG image' } },
    });
  });

  it('P12: is limited in size', async () => {
    const root = workspaceFolder();
    truncateSync(join(root, 'api/b.bin'), limits.requestBodyBytes + 1);
    expect(await read([root], 'b.bin')).toMatchObject({ failure: { code: 'REQUEST/BODY_TOO_LARGE' } });
    truncateSync(join(root, 'api/b.bin'), limits.requestBodyBytes);
    expect(await read([root], 'b.bin')).toMatchObject({ value: { fileName: 'b.bin' } });
  });
});

async function read(roots: readonly string[], path: string): Promise<Result<Attachment>> {
  const opened = await openWorkspace({ roots, forbidden: [] });
  const [collection] = opened.ok ? opened.value.collections() : [];
  if (!opened.ok || !collection) throw new Error('not loaded');
  return (await opened.value.attachments())(collection, path);
}

function outcome(result: Result<Attachment>): string {
  return result.ok ? Buffer.from(result.value.bytes).toString() : String(result.failure.facts.problem);
}
