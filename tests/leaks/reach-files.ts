// The workspace that worlds are made of: formats of one file and of folders, names that are the same, odd, or near each other, an
// environment for all, one for some, globals, bodies that are files, scripts that send, and files that do not load.
import { loginNames } from '../../src/oauth/login-name.ts';
import { collection, environment, item } from '../unit/tools/stand.ts';
import type { Stored } from './reach-vault.ts';
import type { Files } from './reach-world.ts';

const keyed = (key: string) => ({ header: [{ key: 'X-Key', value: `{{vault:${key}}}` }] });
/** What a person's login is kept under, whose handle no request names. */
const LOGIN = {
  authUrl: 'https://login.test/authorize',
  accessTokenUrl: 'https://login.test/token',
  clientId: 'client',
};
const pairs = (fields: Readonly<Record<string, string>>) =>
  Object.entries(fields).map(([key, value]) => ({ key, value }));
const texts = Object.fromEntries(
  Object.entries(LOGIN).map(([name, text]) => [name, [{ kind: 'text' as const, text }]]),
);

const raw = (text: string) => ({ body: { mode: 'raw', raw: text, options: { raw: { language: 'json' } } } });
const script = (listen: string, ...exec: string[]) => ({ event: [{ listen, script: { exec } }] });

/** What requests attach: of the own folder, of another collection's, files of collections and environments, and nothing. */
const ATTACHMENTS = [
  'depot/data.txt',
  'stores/data.txt',
  'payroll.postman_collection.json',
  'prod.postman_environment.json',
  'nothing.txt',
];

const shop = [
  item('List', 'GET', '{{base}}/items', keyed('KEY_A')),
  item('Long', 'GET', '{{base}}/long'),
  item('Logged in', 'GET', '{{base}}/logged-in', {
    auth: { type: 'oauth2', oauth2: pairs({ grant_type: 'authorization_code', ...LOGIN }) },
  }),
  item('Log in', 'GET', '{{base}}/login'),
  item('Create', 'POST', '{{base}}/items', { ...keyed('KEY_C'), ...raw('{"name":"{{name}}"}') }),
  ...ATTACHMENTS.map((src) =>
    item(`Upload ${src}`, 'QUERY', '{{base}}/upload', { body: { mode: 'file', file: { src } } }),
  ),
  {
    ...item('Scripted', 'GET', '{{base}}/scripted'),
    ...script('test', "pm.environment.set('made', 'by a script');", "pm.globals.set('made', 'by a script');"),
  },
];

const depot = (name: string, url: string, rest = '') =>
  `meta {\n  name: ${name}\n  type: http\n  seq: 1\n}\n\nget {\n  url: ${url}\n  body: none\n  auth: none\n}\n${rest}`;

/** The files, with which collections or environments stand in them; a file of none is out of every reach that names some. */
export function reachFiles(origin: string): Files {
  const text = (value: unknown) => JSON.stringify(value);
  const variables = (more: readonly object[] = []) => [{ key: 'base', value: origin, enabled: true }, ...more];
  return {
    'shop.postman_collection.json': text(collection('Shop', shop)),
    'old/shop.postman_collection.json': text(collection('Shop', [item('List', 'GET', '{{base}}/old', keyed('KEY_B'))])),
    'payroll.postman_collection.json': text(
      collection('Päy/roll 50%', [
        item('Salaries', 'GET', `${origin}/salaries`, keyed('KEY_B')),
        item('List', 'GET', '{{base}}/pay'),
      ]),
    ),
    'depot/bruno.json': text({ version: '1', name: 'Depot', type: 'collection' }),
    'depot/stock.bru': depot('Stock', '{{base}}/stock', '\nheaders {\n  X-Key: {{vault:KEY_D}}\n}\n'),
    'depot/environments/floor.bru': `vars {\n  base: ${origin}\n}\n`,
    'depot/environments/roof.bru': `vars {\n  base: ${origin}/roof\n}\n`,
    'depot/data.txt': 'stock of the depot',
    'depot/broken.bru': 'meta {\n  name: Broken',
    'secret-plan.postman_collection.json': '{"info": {"name": "Plan",',
    'stores/bruno.json': text({ version: '1', name: 'Stores', type: 'collection' }),
    'stores/shelf.bru': depot('Shelf', '{{base}}/shelf'),
    'stores/environments/floor.bru': `vars {\n  base: ${origin}/stores\n}\n`,
    'stores/data.txt': 'data of the stores',
    'dev.postman_environment.json': text(
      environment('dev', variables([{ key: 'key', value: '{{vault:KEY_A}}', enabled: true }])),
    ),
    'prod.postman_environment.json': text(
      environment('prod', variables([{ key: 'key', value: '{{vault:KEY_B}}', enabled: true }])),
    ),
    'again.postman_environment.json': text(environment('prod', variables())),
    'globals.postman_globals.json': text({ name: 'Globals', values: variables(), _postman_variable_scope: 'globals' }),
  };
}

/** What the vault has. */
export const reachHandles: readonly Stored[] = [
  ['KEY_A', 'reading'],
  ['KEY_B', 'reading'],
  ['KEY_C', 'reading'],
  ['KEY_C', 'writing'],
  ['KEY_D', 'writing'],
  [loginNames({ type: 'oauth2', fields: texts }).access, 'reading'],
];
