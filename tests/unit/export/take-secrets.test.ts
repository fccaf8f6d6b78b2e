import { describe, expect, it } from 'vitest';
import { createLibrary } from '../../../shared/dialects/library.ts';
import { postman } from '../../../shared/dialects/postman/postman.ts';
import { changedPrecedence } from '../../../shared/export/changed-precedence.ts';
import { redactScript } from '../../../shared/export/redact-script.ts';
import { secretOrigins } from '../../../shared/export/secret-origins.ts';
import { openCollection, takeSecrets } from '../../../shared/export/take-secrets.ts';

const SCHEMA = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json';
const item = (name: string, request: object, more: object = {}) => ({
  name,
  request: { method: 'POST', ...request },
  ...more,
});

function take(collection: object, environments: readonly object[] = []) {
  const library = createLibrary([postman]);
  library.put('c.json', JSON.stringify({ info: { name: 'Shop', schema: SCHEMA }, ...collection }));
  for (const [index, each] of environments.entries())
    library.put(`e${index}.postman_environment.json`, JSON.stringify(each));
  const documents = library.documents();
  const opened = documents.collections.map((each) => openCollection(each, documents.environments));
  const taken = takeSecrets(opened);
  const origins = secretOrigins(opened, taken.secrets);
  const secrets = taken.secrets.map((secret) => ({ ...secret, origins: origins.get(secret) ?? [] }));
  return { ...taken, secrets, text: JSON.stringify(taken.writable) };
}

const environment = (name: string, origin: string, token: string) => ({
  name,
  values: [
    { key: 'baseUrl', value: origin, enabled: true },
    { key: 'token', value: token, type: 'secret', enabled: true },
  ],
});

describe('taking secrets out of a collection', () => {
  it('P1: wherever one stands a handle stands, and no sealed part is left', () => {
    const { text, secrets } = take({
      auth: {
        type: 'basic',
        basic: [
          { key: 'username', value: 'ann' },
          { key: 'password', value: 'SECRET-auth' },
        ],
      },
      variable: [{ key: 'api_key', value: 'SECRET-variable' }],
      item: [
        item('Pay', {
          url: 'https://a.test/pay?access_token=SECRET%2Fquery',
          header: [{ key: 'X-Api-Key', value: 'SECRET-header' }],
          body: { mode: 'raw', raw: '{"password": "SECRET-\\"body", "n": 1}' },
        }),
        item('Form', {
          url: 'https://b.test/form',
          body: { mode: 'urlencoded', urlencoded: [{ key: 'client_secret', value: 'SECRET-form' }] },
        }),
      ],
    });
    expect(text).not.toMatch(/SECRET-|SECRET%|"kind":"(?:sealed|inline)"/);
    expect(secrets.map(({ name, form, origins }) => [name, form, origins])).toEqual([
      ['api_key', 'plain', []],
      ['Shop.Pay.access_token', 'percent-encoded', ['https://a.test']],
      ['Shop.Pay.X-Api-Key', 'plain', ['https://a.test']],
      ['Shop.Pay.body', 'json-string', ['https://a.test']],
      ['Shop.password', 'plain', ['https://a.test', 'https://b.test']],
      ['Shop.Form.client_secret', 'plain', ['https://b.test']],
    ]);
  });

  it('P2: a secret of an environment is bound to the origins of that environment alone', () => {
    const auth = { type: 'bearer', bearer: [{ key: 'token', value: '{{token}}' }] };
    const { secrets } = take({ auth, item: [item('Pay', { url: '{{baseUrl}}/pay' })] }, [
      environment('Prod', 'https://prod.test', 'SECRET-prod'),
      environment('Dev', 'https://dev.test', 'SECRET-dev'),
    ]);
    expect(secrets.map(({ name, origins }) => [name, origins])).toEqual([
      ['Prod.token', ['https://prod.test']],
      ['Dev.token', ['https://dev.test']],
    ]);
  });

  it('equal values share a handle, other values of the same name get one of their own', () => {
    const header = (value: string) => ({ url: 'https://a.test/', header: [{ key: 'X-Api-Key', value }] });
    const { secrets } = take({
      item: [item('A', header('SECRET-one')), item('B', header('SECRET-one')), item('A', header('SECRET-two'))],
    });
    expect(secrets.map(({ name, places }) => [name, places])).toEqual([
      ['Shop.A.X-Api-Key', ['A: header X-Api-Key', 'B: header X-Api-Key']],
      ['Shop.A.X-Api-Key-2', ['A: header X-Api-Key']],
    ]);
  });

  it('P1: what a script or a text holds of credentials does not go along', () => {
    const exec = ["pm.environment.set('token', 'hunter2-from-a-script');", 'const n = 1;'];
    const { text, redacted } = take({
      item: [
        item('A', { url: 'https://a.test/', description: 'Use password: hunter2-Prose1 for it' }),
        item('B', { url: 'https://a.test/' }, { event: [{ listen: 'test', script: { exec } }] }),
        item('C', { url: 'https://a.test/' }, { event: [{ listen: 'test', script: { exec: ['const n = 1;'] } }] }),
      ],
    });
    expect(text).not.toContain('hunter2');
    expect(text).toContain('const n = 1;');
    expect(redacted).toEqual(['A', 'B']);
  });
});

describe('a format with another order of variables', () => {
  const folder = {
    name: 'F',
    variable: [{ key: 'who', value: 'folder' }],
    item: [item('A', { url: 'https://h/{{who}}' })],
  };
  const of = (environmentKey: string) => {
    const library = createLibrary([postman]);
    library.put('c.json', JSON.stringify({ info: { name: 'Shop', schema: SCHEMA }, item: [folder] }));
    const values = [{ key: environmentKey, value: 'environment', enabled: true }];
    library.put('e.postman_environment.json', JSON.stringify({ name: 'E', values }));
    const { collections, environments } = library.documents();
    return collections.map((each) => openCollection(each, environments));
  };
  it.each([
    ['who', 'opencollection', 1],
    ['who', 'bruno', 1],
    ['who', 'postman', 0],
    ['other', 'opencollection', 0],
  ] as const)('%s into %s: %d losses', (key, format, count) => {
    expect(of(key).flatMap((each) => changedPrecedence(each, format))).toHaveLength(count);
  });
});

describe('scripts', () => {
  it.each([
    ['const password = "abc123";', 'const password = "[secret]";'],
    ["let api_key: 'abc123'", "let api_key: '[secret]'"],
    ['pm.environment.set("access_token", "abc")', 'pm.environment.set("access_token", "[secret]")'],
    ['postman.setEnvironmentVariable("password", `abc`)', 'postman.setEnvironmentVariable("password", `[secret]`)'],
    ['const token = pm.response.json().token;', 'const token = pm.response.json().token;'],
    [
      'pm.environment.set("access_token", json.access_token);',
      'pm.environment.set("access_token", json.access_token);',
    ],
    ['const password = "{{password}}";', 'const password = "{{password}}";'],
    ['const title = "abc123";', 'const title = "abc123";'],
    ['["password", "username"]', '["password", "username"]'],
  ])('P1: %s', (source, expected) => {
    expect(redactScript(source).text).toBe(expected);
  });
});
