// One small workspace for the tools' tests: every kind of request, a hidden collection and a hidden environment.
import { collection, createStand, environment, item, type Stand, type StandOptions } from './stand.ts';

export const INLINE = 'inline-secret-value-1234567890';

const KEYED = { header: [{ key: 'X-Api-Key', value: '{{vault:API_KEY}}' }] };
const graphql = (query: string) => ({ body: { mode: 'graphql', graphql: { query } } });

const shop = collection(
  'Shop',
  [
    { name: 'Items', item: [item('List items', 'GET', '{{base}}/items?limit=2&api_key=literal-key-123456', KEYED)] },
    item('Create item', 'POST', '{{base}}/items/:id?dry={{$guid}}', {
      ...KEYED,
      url: {
        raw: '{{base}}/items/:id',
        host: ['{{base}}'],
        path: ['items', ':id'],
        variable: [{ key: 'id', value: '{{itemId}}' }],
      },
      body: { mode: 'raw', raw: '{"name":"{{itemName}}"}', options: { raw: { language: 'json' } } },
    }),
    item('Query items', 'POST', '{{base}}/graphql', graphql('query { items { id } }')),
    item('Drop items', 'POST', '{{base}}/graphql', graphql('mutation { drop }')),
    item('Sneaky read', 'GET', '{{base}}/items', { header: [{ key: 'X-HTTP-Method-Override', value: 'DELETE' }] }),
    { ...item('Scripted', 'GET', '{{base}}/scripted'), event: [{ listen: 'test', script: { exec: ['pm.test()'] } }] },
    item('Needs a variable', 'GET', '{{base}}/{{absent}}/{{$guid}}/{{apiToken}}'),
    item('Unknown secret', 'GET', '{{base}}/x', { header: [{ key: 'X-Key', value: '{{vault:API_KEE}}' }] }),
    item('Static', 'GET', 'https://static.example.com/x'),
    item('Bearer', 'GET', '{{base}}/bearer', {
      auth: { type: 'bearer', bearer: [{ key: 'token', value: '{{vault:API_KEY}}' }] },
    }),
    item('Basic', 'GET', '{{base}}/basic', {
      auth: {
        type: 'basic',
        basic: [
          { key: 'username', value: 'ann' },
          { key: 'password', value: 'literal-key-123456' },
        ],
      },
    }),
  ],
  {
    variable: [
      { key: 'itemName', value: 'Lamp' },
      { key: 'itemId', value: '7' },
    ],
  },
);

export function createShop(options: Omit<StandOptions, 'files'> = {}): Promise<Stand> {
  return createStand({
    policy: { access: { default: 'safe', collections: { Payroll: 'hidden' }, environments: { prod: 'hidden' } } },
    ...options,
    files: (origin) => ({
      'shop.postman_collection.json': shop,
      'payroll.postman_collection.json': collection('Payroll', [item('Salaries', 'GET', `${origin}/salaries`)]),
      'dev.postman_environment.json': environment('dev', [
        { key: 'base', value: origin, enabled: true },
        { key: 'apiToken', value: INLINE, type: 'secret', enabled: true },
        { key: 'handle', value: '{{vault:API_KEY}}', enabled: true },
        { key: 'plain', value: 'hello', enabled: false },
      ]),
      'prod.postman_environment.json': environment('prod', [{ key: 'base', value: origin, enabled: true }]),
    }),
  });
}
