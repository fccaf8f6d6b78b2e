// Whatever is only masked when it is shown must not be written either: a planted secret in each place that a file can have.
import { describe, expect, it } from 'vitest';
import { createLibrary } from '../../../shared/dialects/library.ts';
import { opencollection } from '../../../shared/dialects/opencollection/opencollection.ts';
import { postman } from '../../../shared/dialects/postman/postman.ts';
import { exportFormats } from '../../../shared/dialects/writer.ts';
import { writers } from '../../../shared/dialects/writers.ts';
import { openCollection, takeSecrets } from '../../../shared/export/take-secrets.ts';
import { gateFiles } from '../../../shared/export/written-gate.ts';

const SCHEMA = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json';
const S = 'Hunter2x99ab';
const KEY = ['sk', 'live', 'A1b2C3d4E5f6G7h8'].join('_');

const request = (more: object) => ({
  item: [{ name: 'R', request: { method: 'POST', url: 'https://h.test/', ...more } }],
});
const header = (key: string, value: string) => request({ header: [{ key, value }] });
const script = (line: string) => ({
  item: [{ name: 'R', request: { url: 'https://h.test/' }, event: [{ listen: 'test', script: { exec: [line] } }] }],
});
const example = (more: object) => ({
  item: [{ name: 'R', request: { url: 'https://h.test/' }, response: [{ name: 'E', code: 200, ...more }] }],
});

const PLANTED: readonly (readonly [place: string, collection: object])[] = [
  ['a header that is an address', header('Referer', `https://u:${S}@h.test/`)],
  ['a parameter in a header', header('Location', `https://h.test/?a=b&api_key=${S}`)],
  ['JSON in a header', header('X-Data', `{"password":"${S}"}`)],
  ['a header with the look of a secret', header('X-Any', KEY)],
  [
    'JSON in a form field',
    request({ body: { mode: 'formdata', formdata: [{ key: 'payload', value: `{"password":"${S}"}` }] } }),
  ],
  [
    'a form in a form field',
    request({ body: { mode: 'urlencoded', urlencoded: [{ key: 'payload', value: `a=b&password=${S}` }] } }),
  ],
  [
    'a variable that is an address',
    { ...request({}), variable: [{ key: 'base', value: `https://u:${S}@h.test/x?b=c` }] },
  ],
  [
    'a variable with a parameter',
    { ...request({}), variable: [{ key: 'base', value: `https://h.test/?api_key=${S}` }] },
  ],
  ['a variable with JSON', { ...request({}), variable: [{ key: 'data', value: `{"token":"${S}"}` }] }],
  ['a variable with the look of a secret', { ...request({}), variable: [{ key: 'data', value: KEY }] }],
  [
    'the description of a variable',
    { ...request({}), variable: [{ key: 'a', value: 'b', description: `password: ${S}` }] },
  ],
  [
    'a token address',
    request({ auth: { type: 'oauth2', oauth2: [{ key: 'accessTokenUrl', value: `https://u:${S}@h.test/t` }] } }),
  ],
  [
    'a callback',
    request({ auth: { type: 'oauth2', oauth2: [{ key: 'redirect_uri', value: `https://h.test/t?token=${S}` }] } }),
  ],
  [
    'a user name without a password',
    request({
      auth: {
        type: 'basic',
        basic: [
          { key: 'username', value: S },
          { key: 'password', value: '' },
        ],
      },
    }),
  ],
  ['a fragment', request({ url: `https://h.test/#access_token=${S}` })],
  [
    'an address in a parameter',
    request({ url: `https://h.test/?next=${encodeURIComponent(`https://u:${S}@h.test/`)}` }),
  ],
  ['a parameter called key', request({ url: `https://h.test/?key=${S}` })],
  ['the name of a folder', { item: [{ name: `token=${S}`, ...request({}) }] }],
  ['the name of an example', example({ name: `password: ${S}`, body: 'x' })],
  ['the body of an example', example({ body: `{"password":"${S}"}` })],
  ['the body of an example by its look', example({ body: KEY })],
  ['a header of an example', example({ header: [{ key: 'Set-Cookie', value: `session=${S}; Path=/` }] })],
  [
    'the description of a field',
    header('X-Any', 'b').item.length > 0
      ? request({ header: [{ key: 'X', value: 'b', description: `password: ${S}` }] })
      : {},
  ],
  [
    'the description of the collection',
    { ...request({}), info: { name: 'C', schema: SCHEMA, description: `Login: password: ${S}` } },
  ],
  ['an expectation', script(`pm.expect(json.password).to.equal("${S}");`)],
  ['a comparison', script(`if (json['api_key'] === '${S}') run();`)],
  ['an assertion', script(`assert.equal(json.user.token, "${S}");`)],
  ['a property', script(`pm.expect(json).to.have.property("password", "${S}");`)],
  ['a header of a script', script(`pm.request.headers.add({ key: "X-Api-Key", value: "${S}" });`)],
];

const environment = (name: string) => ({
  name,
  values: [{ key: 'baseUrl', value: `https://u:${S}@h.test`, enabled: true }],
});

function written(collections: readonly object[], environments: readonly object[] = []) {
  const library = createLibrary([postman]);
  for (const [index, each] of collections.entries())
    library.put(`c${index}.json`, JSON.stringify({ info: { name: `C${index}`, schema: SCHEMA }, ...each }));
  for (const [index, each] of environments.entries())
    library.put(`e${index}.postman_environment.json`, JSON.stringify(each));
  const documents = library.documents();
  return takeSecrets(documents.collections.map((each) => openCollection(each, documents.environments)));
}

describe('what import and export write', () => {
  it.each(PLANTED)('P1: no secret from %s', async (_, collection) => {
    const { writable, secrets } = written([collection], [environment(`token=${S}`)]);
    expect(JSON.stringify([writable, secrets])).not.toMatch(new RegExp(`${S}|${KEY}`));
    for (const format of exportFormats) {
      const { write } = await writers[format]();
      const { files, losses } = write(writable[0] ?? { name: '', variables: [], requests: [], environments: [] });
      expect(JSON.stringify([files, losses])).not.toMatch(new RegExp(`${S}|${KEY}`));
      expect(gateFiles(files).changed).toEqual([]);
    }
  });

  it('P1: no secret from an assertion', () => {
    const library = createLibrary([opencollection]);
    library.put('oc/opencollection.yml', 'opencollection: 1.0.0\ninfo:\n  name: C\n');
    const assertions = [
      ['res.body.password', S],
      ["res.body['api_key']", S],
      ['res.status', '200'],
      ['res.body.link', `https://u:${S}@h.test/`],
    ];
    const lines = assertions.map(
      ([expression, value]) =>
        `    - expression: ${JSON.stringify(expression)}\n      operator: eq\n      value: ${JSON.stringify(value)}\n`,
    );
    library.put(
      'oc/r.yml',
      `info:\n  name: R\n  type: http\nhttp:\n  method: GET\n  url: https://h.test/\nruntime:\n  assertions:\n${lines.join('')}`,
    );
    const { collections, environments } = library.documents();
    const { writable } = takeSecrets(collections.map((each) => openCollection(each, environments)));
    const text = JSON.stringify(writable);
    expect(text).toContain('"200"');
    expect(text).not.toContain(S);
  });

  it('P2: equal values of two collections have a handle each, one of a shared environment has one', () => {
    const one = {
      item: [{ name: 'R', request: { url: 'https://a.test/', header: [{ key: 'X-Api-Key', value: S }] } }],
    };
    const two = {
      item: [{ name: 'R', request: { url: 'https://b.test/', header: [{ key: 'X-Api-Key', value: S }] } }],
    };
    const shared = { name: 'E', values: [{ key: 'token', value: S, enabled: true }] };
    expect(written([one, two], [shared]).secrets.map(({ name }) => name)).toEqual([
      'E.token',
      'C0.R.X-Api-Key',
      'C1.R.X-Api-Key',
    ]);
    expect(written([one], [shared]).secrets.map(({ name }) => name)).toEqual(['E.token']);
  });
});

describe('the last look at a file', () => {
  const HANDLE = '{{vault:C.R.token}}';
  const table: readonly (readonly [text: string, clean: string])[] = [
    [`a: ${KEY}\nb: c\n`, 'a: redacted\nb: c\n'],
    [`url: https://u:${S}@h.test/`, 'url: https://redacted@h.test/'],
    [`url: https://h.test/?token=${S}&a=b`, 'url: https://h.test/?token=redacted&a=b'],
    [`url: https://u:${HANDLE}@h.test/?token=${HANDLE}`, `url: https://u:${HANDLE}@h.test/?token=${HANDLE}`],
    [`Authorization: Bearer ${HANDLE}`, `Authorization: Bearer ${HANDLE}`],
    [`a: "[redacted]"\nb: ${KEY}`, 'a: "[redacted]"\nb: redacted'],
    [`Authorization: Digest some_user_name ${HANDLE}`, `Authorization: Digest some_user_name ${HANDLE}`],
    [`Authorization: Digest ${KEY} ${HANDLE}`, `Authorization: Digest redacted ${HANDLE}`],
    ['a: b\npassword: "{{password}}"\n', 'a: b\npassword: "{{password}}"\n'],
  ];

  it.each(table)('P1: of %j writes %j', (text, clean) => {
    const { files, changed } = gateFiles([{ path: 'a.yml', text }]);
    expect(files).toEqual([{ path: 'a.yml', text: clean }]);
    expect(changed).toEqual(text === clean ? [] : ['a.yml']);
  });
});
