// The files of the demo's workspace, as Postman exports them. The key stands in none of them: only its name does.

const get = (name: string, path: readonly string[], description: string, extra: object = {}) => ({
  name,
  request: {
    method: 'GET',
    header: [{ key: 'Accept', value: 'application/json' }],
    url: { raw: `{{baseUrl}}/${path.join('/')}`, host: ['{{baseUrl}}'], path },
    description,
    ...extra,
  },
  response: [],
});

const script = (listen: 'prerequest' | 'test', lines: readonly string[]) => ({
  listen,
  script: { type: 'text/javascript', exec: lines },
});

/** As collections sign in the wild; the key is text that only the signer replaces. */
const signing = [
  script('prerequest', [
    'const stamp = new Date().toISOString();',
    "const text = [pm.request.method, '/v1/tides', stamp].join('\\n');",
    "pm.request.headers.upsert({ key: 'X-Stamp', value: stamp });",
    "pm.request.headers.upsert({ key: 'X-Signature', value: CryptoJS.HmacSHA256(text, '{{vault:HARBOUR_TOKEN}}').toString() });",
  ]),
  script('test', [
    "pm.test('the signature was taken', () => pm.response.to.have.status(200));",
    "pm.test('there are two high tides', () => pm.expect(pm.response.json().high).to.have.lengthOf(2));",
  ]),
];

const arrival = { ship: '{{ship}}', berth: 5, eta: '2031-05-03T09:00:00Z' };

/** A Postman Collection v2.1: one bearer token for the collection, one request that needs none. */
export const harbourCollection = {
  info: {
    _postman_id: '6f1d2a52-3b0e-4f0b-9c1e-5a7f0c1d2e3f',
    name: 'Harbour API',
    description: 'Berths, arrivals and accounts of a small harbour.',
    schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json',
  },
  auth: { type: 'bearer', bearer: [{ key: 'token', value: '{{vault:HARBOUR_TOKEN}}', type: 'string' }] },
  item: [
    get('Harbour status', ['v1', 'status'], 'Whether the harbour is open. Needs no token.', {
      auth: { type: 'noauth' },
    }),
    {
      name: 'Account',
      item: [get('Get account', ['v1', 'account'], 'The account that the token belongs to.')],
    },
    {
      name: 'Arrivals',
      description: 'Ships on their way in.',
      item: [
        get('List arrivals', ['v1', 'arrivals'], 'The next arrivals, soonest first.'),
        {
          name: 'Announce arrival',
          request: {
            method: 'POST',
            header: [{ key: 'Content-Type', value: 'application/json' }],
            body: { mode: 'raw', raw: JSON.stringify(arrival, null, 2), options: { raw: { language: 'json' } } },
            url: { raw: '{{baseUrl}}/v1/arrivals', host: ['{{baseUrl}}'], path: ['v1', 'arrivals'] },
            description: 'Books a berth.',
          },
          response: [],
        },
      ],
    },
    {
      ...get('Read tides', ['v1', 'tides'], 'The tides of the day. Signed by its pre-request script.', {
        auth: { type: 'noauth' },
      }),
      event: signing,
    },
    {
      name: 'Logbook',
      description: 'Behind a session of its own.',
      item: [
        {
          name: 'Open session',
          request: {
            method: 'POST',
            url: { raw: '{{baseUrl}}/v1/session', host: ['{{baseUrl}}'], path: ['v1', 'session'] },
            description: 'Answers with the token of a session.',
          },
          response: [],
        },
        get('Read logbook', ['v1', 'logbook'], 'The day’s entries. Needs the token of a session.', {
          auth: { type: 'noauth' },
          header: [{ key: 'X-Session', value: '{{session}}' }],
        }),
      ],
    },
  ],
  variable: [{ key: 'ship', value: 'Solbris' }],
};

/** The Postman environment that points the collection at the demo's API. */
export function harbourEnvironment(origin: string): object {
  return {
    id: '0b9f6c0e-6a53-4d0f-8d0c-2f1f5f7c9a11',
    name: 'Harbour (this machine)',
    values: [{ key: 'baseUrl', value: origin, type: 'default', enabled: true }],
    _postman_variable_scope: 'environment',
  };
}

/** Loopback is a denied address like every private one; this file asks for the demo's two servers. */
export function harbourConfig(origins: readonly string[]): string {
  return [
    '# Loopback is denied unless the operator allows it: keyward trust.',
    'version: 1',
    'network:',
    '  allow:',
    ...origins.map((origin) => `    - ${origin}`),
    '',
  ].join('\n');
}
