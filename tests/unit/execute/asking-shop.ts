// Requests in which an agent's variables stand in every part.
import { collection, createStand, environment, item, type Stand } from '../tools/stand.ts';

const POST = {
  header: [
    { key: 'X-Account', value: 'account {{acct}}' },
    { key: 'X-Key', value: '{{vault:API_KEY}}' },
  ],
  auth: {
    type: 'basic',
    basic: [
      { key: 'username', value: '{{user}}' },
      { key: 'password', value: '{{vault:API_KEY}}' },
    ],
  },
  body: { mode: 'raw', raw: '{"note":"{{note}}","amount":1000000}', options: { raw: { language: 'json' } } },
};

export function createAskingShop(): Promise<Stand> {
  const variable = ['acct', 'user', 'note', 'key'].map((key) => ({ key, value: `saved-${key}` }));
  return createStand({
    files: (origin) => ({
      'shop.postman_collection.json': collection(
        'Shop',
        [
          item('Pay', 'POST', '{{base}}/pay/{{key}}/now?q=1', POST),
          item('Pay once', 'POST', '{{base}}/pay/{{key}}?id={{$guid}}', POST),
        ],
        { variable },
      ),
      'dev.postman_environment.json': environment('dev', [{ key: 'base', value: origin, enabled: true }]),
    }),
  });
}
