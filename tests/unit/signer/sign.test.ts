import { describe, expect, it } from 'vitest';
import { failure } from '../../../shared/failure/failure.ts';
import { err, ok } from '../../../shared/failure/result.ts';
import { seal } from '../../../shared/secret/seal.ts';
import { markAdmitted, type PinnedTarget, type Plan } from '../../../shared/stages/stages.ts';
import type { Piece } from '../../../shared/template/template.ts';
import { createSigner } from '../../../src/signer/sign.ts';
import type { SecretSource } from '../../../src/vault/resolve.ts';
import { handle, planTo, secretSource, text } from '../courier/stand.ts';

const origin = 'https://api.example.com';
const target: PinnedTarget = {
  scheme: 'https',
  host: 'api.example.com',
  port: 443,
  address: '8.8.8.8',
  family: 4,
  exception: false,
};
const bound = (value: string) => ({ value, origins: [origin] });
const secrets = {
  token: bound('tok_123456789'),
  user: bound('üser'),
  pass: bound('pa:ss/wörd+1'),
  spare: bound('spare_value_99'),
  empty: bound(''),
};
// 2015-08-30T12:36:00Z, the time of the published signatures.
const now = () => Date.UTC(2015, 7, 30, 12, 36);

const trip = { cookies: [], signal: new AbortController().signal };

async function sign(plan: Plan) {
  const source = secretSource(secrets);
  const signer = createSigner({ secrets: source, now, boundary: () => 'BOUNDARY' });
  const signed = await signer.sign(markAdmitted({ plan, target, tier: 'reading' }), trip);
  const headers: Record<string, string> = {};
  if (!signed.ok) return { failure: signed.failure, opened: source.opened, headers, path: '', known: [] as string[] };
  const { request, known } = signed.value;
  return {
    failure: undefined,
    opened: source.opened,
    request,
    path: request.path,
    headers: Object.assign(headers, Object.fromEntries(request.headers)),
    known: known.map(({ value }) => value),
  };
}

const inline = (value: string): Piece => ({ kind: 'inline', value: seal(value) });
const auth = (type: string, fields: Plan['auth']['fields']) => ({ to: `${origin}/v1?`, auth: { type, fields } });

describe('what an answer could show', () => {
  it('P1: is known by its beginning only where nobody else chose it', async () => {
    const source = secretSource({ ...secrets, cap_1: { value: 'captured_value_12', origins: [origin] } });
    const captured = { ...source, boundTo: () => ok([{ id: 'token', value: secrets.token.value }]) };
    const signer = createSigner({ secrets: captured, now });
    const plan = planTo({
      ...auth('basic', { username: text('agent'), password: [handle('token')] }),
      headers: [
        { name: 'X-Api-Key', value: [...text('abc'), handle('cap_1'), ...text('xyz')] },
        { name: 'X-Other', value: [inline('inline_value_34')] },
        { name: 'Cookie', value: [...text('a=b'), handle('token')] },
      ],
    });
    const signed = await signer.sign(markAdmitted({ plan, target, tier: 'reading' }), trip);
    const known = signed.ok ? signed.value.known : [];
    expect(
      known
        .filter(({ leaf }) => leaf)
        .map(({ value }) => value)
        .sort(),
    ).toEqual(['inline_value_34', 'tok_123456789']);
    const others = known.filter(({ leaf }) => !leaf).map(({ value }) => value);
    const pair = Buffer.from('agent:tok_123456789').toString('base64');
    expect(others).toEqual(
      expect.arrayContaining([pair, `Basic ${pair}`, 'captured_value_12', 'abccaptured_value_12xyz', 'btok_123456789']),
    );
  });
});

describe('auth schemes', () => {
  it('basic sends the pair in base64 of UTF-8 and reports it', async () => {
    const { headers, known } = await sign(
      planTo(auth('basic', { username: [handle('user')], password: [handle('pass')] })),
    );
    const pair = Buffer.from('üser:pa:ss/wörd+1').toString('base64');
    expect(headers.Authorization).toBe(`Basic ${pair}`);
    expect(known).toEqual(
      expect.arrayContaining(['üser', 'pa:ss/wörd+1', pair, `Basic ${pair}`, 'tok_123456789', 'spare_value_99']),
    );
  });

  it('basic is sent with empty fields, as Postman does', async () => {
    expect((await sign(planTo(auth('basic', {})))).headers.Authorization).toBe('Basic Og==');
  });

  it('bearer takes the place of an Authorization header; an empty one sends none', async () => {
    const header = { headers: [{ name: 'authorization', value: text('old') }] };
    const { request } = await sign(planTo({ ...auth('bearer', { token: [handle('token')] }), ...header }));
    expect(request?.headers.filter(([name]) => name.toLowerCase() === 'authorization')).toEqual([
      ['Authorization', 'Bearer tok_123456789'],
    ]);
    expect((await sign(planTo(auth('bearer', { token: text('') })))).headers).not.toHaveProperty('Authorization');
    expect((await sign(planTo(auth('bearer', {})))).headers).not.toHaveProperty('Authorization');
  });

  const key = (place: string | undefined, name = 'X-Key') =>
    auth('apikey', { key: text(name), value: [handle('pass')], ...(place === undefined ? {} : { in: text(place) }) });

  it('apikey goes into a header by default, the query or a cookie', async () => {
    expect((await sign(planTo(key(undefined)))).headers['X-Key']).toBe('pa:ss/wörd+1');
    expect((await sign(planTo(key('header')))).headers['X-Key']).toBe('pa:ss/wörd+1');
    const query = [
      { name: text('a'), value: text('1') },
      { name: text('X-Key'), value: text('old') },
    ];
    const { path, known } = await sign(planTo({ ...key('query'), query }));
    expect(path).toBe('/v1?a=1&X-Key=pa%3Ass%2Fw%C3%B6rd%2B1');
    expect(known).toContain('pa:ss/wörd+1');
    const cookie = await sign(planTo({ ...key('cookie', 'sid'), headers: [{ name: 'Cookie', value: text('a=b') }] }));
    expect(cookie.headers.Cookie).toBe('a=b; sid=pa:ss/w%C3%B6rd+1');
  });

  it('apikey without name and value sends nothing; without a name it fails', async () => {
    expect(Object.keys((await sign(planTo(auth('apikey', {})))).headers)).toEqual([
      'User-Agent',
      'Accept',
      'Accept-Encoding',
      'Host',
    ]);
    expect((await sign(planTo(auth('apikey', { value: [handle('token')] })))).failure).toMatchObject({
      code: 'REQUEST/AUTH_INCOMPLETE',
      facts: { field: 'key' },
    });
  });

  it.each(['Connection', 'host', 'Transfer-Encoding', 'Content-Length', 'TE', 'Proxy-X', 'X\r\nY', 'X Y', 'Ü'])(
    'P2: apikey cannot set the header %j',
    async (name) => {
      expect((await sign(planTo(key('header', name)))).failure).toMatchObject({ code: 'REQUEST/HEADER_INVALID' });
    },
  );

  it('a credential that no header can hold is refused', async () => {
    const token = [inline('a\r\nX-Other: 1')];
    const { failure } = await sign(planTo(auth('bearer', { token })));
    expect(failure).toMatchObject({ code: 'REQUEST/HEADER_INVALID', facts: { name: 'Authorization' } });
    expect(JSON.stringify(failure)).not.toContain('X-Other');
  });

  it('P7: an unsupported type fails before a secret is opened', async () => {
    for (const type of ['acme', 'mutualTLS', 'toString', '__proto__', '']) {
      const { failure, opened } = await sign(planTo(auth(type, { token: [handle('token')] })));
      expect(failure, type).toMatchObject({ code: 'REQUEST/AUTH_UNSUPPORTED' });
      expect(opened).toEqual([]);
    }
  });

  it('P7: awsv4 fails without both keys', async () => {
    for (const [fields, field] of [
      [{}, 'accessKey'],
      [{ accessKey: text('AKIDEXAMPLE') }, 'secretKey'],
      [{ accessKey: text('AKIDEXAMPLE'), secretKey: text('') }, 'secretKey'],
    ] as const) {
      expect((await sign(planTo(auth('awsv4', fields)))).failure).toMatchObject({
        code: 'REQUEST/AUTH_INCOMPLETE',
        facts: { field },
      });
    }
  });
});

describe('awsv4, cases of the published suite', () => {
  const secretKey = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
  const fields = {
    accessKey: text('AKIDEXAMPLE'),
    secretKey: [inline(secretKey)],
    region: text('us-east-1'),
    service: text('service'),
  };
  const to = 'https://example.amazonaws.com/';
  const cases: [name: string, plan: Plan, signature: string][] = [
    [
      'get-vanilla',
      planTo({ to, auth: { type: 'awsv4', fields } }),
      '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31',
    ],
    [
      'get-vanilla-with-session-token',
      planTo({
        to,
        auth: {
          type: 'awsv4',
          fields: { ...fields, sessionToken: text('6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267') },
        },
      }),
      '07ec1639c89043aa0e3e2de82b96708f198cceab042d4a97044c66dd9f74e7f8',
    ],
  ];

  it.each(cases)('%s', async (_, plan, signature) => {
    const { headers, known } = await sign(plan);
    expect(headers['X-Amz-Date']).toBe('20150830T123600Z');
    expect(headers.Authorization).toMatch(new RegExp(`Signature=${signature}$`));
    expect(known).toEqual(expect.arrayContaining([signature, secretKey]));
  });

  it('removes earlier signatures, hashes the body, and signs the query when asked', async () => {
    const body = { kind: 'text', text: text('{}') } as const;
    const headers = [
      { name: 'authorization', value: text('old') },
      { name: 'X-Amz-Date', value: text('old') },
    ];
    const signed = await sign(planTo({ to, method: 'POST', body, headers, auth: { type: 'awsv4', fields } }));
    expect(signed.request?.headers.filter(([, value]) => value === 'old')).toEqual([]);
    expect(signed.headers['X-Amz-Content-Sha256']).toBe(
      '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
    );
    const query = [
      { name: text('a'), value: null },
      { name: text('X-Amz-Signature'), value: text('old') },
    ];
    const inQuery = await sign(
      planTo({ to, query, auth: { type: 'awsv4', fields: { ...fields, addAuthDataToQuery: text('true') } } }),
    );
    expect(inQuery.path).toMatch(
      /^\/\?a&X-Amz-Date=20150830T123600Z&.*&X-Amz-SignedHeaders=host&X-Amz-Signature=[0-9a-f]{64}$/,
    );
    expect(inQuery.headers).not.toHaveProperty('Authorization');
  });
});

describe('what is opened', () => {
  it('opens each handle once, whatever the number of places', async () => {
    const { opened } = await sign(
      planTo({
        to: `${origin}/`,
        query: [{ name: text('q'), value: [handle('token')] }],
        headers: [{ name: 'X-Key', value: [handle('token')] }],
        body: { kind: 'urlencoded', fields: [{ name: text('k'), value: [handle('token')] }] },
        auth: { type: 'bearer', fields: { token: [handle('token')] } },
      }),
    );
    expect(opened).toEqual(['token']);
  });

  it('writes secrets into every place, each encoded for it', async () => {
    const { request, path } = await sign(
      planTo({
        to: `${origin}/v1`,
        method: 'POST',
        path: [...text('/v1/'), handle('pass')],
        query: [{ name: text('q'), value: [handle('pass')] }],
        headers: [{ name: 'X-Key', value: [...text('k='), handle('pass')] }],
        body: { kind: 'urlencoded', fields: [{ name: text('k'), value: [handle('pass')] }] },
      }),
    );
    expect(path).toBe('/v1/pa%3Ass%2Fw%C3%B6rd%2B1?q=pa%3Ass%2Fw%C3%B6rd%2B1');
    expect(new TextDecoder().decode(request?.body)).toBe('k=pa%3Ass%2Fw%C3%B6rd%2B1');
    expect(request?.headers).toContainEqual(['X-Key', 'k=pa:ss/wörd+1']);
  });

  it('P2: opens no inline secret for an origin that the file does not state', async () => {
    for (const statedOrigin of ['https://api.example.com:8443', 'http://api.example.com', '']) {
      const plan = planTo({ to: origin, statedOrigin, headers: [{ name: 'X-Key', value: [inline('sk_inline_1')] }] });
      expect((await sign(plan)).failure, statedOrigin).toMatchObject({ code: 'SECRET/ORIGIN_NOT_BOUND' });
    }
  });

  it('P7: a handle that resolves to nothing fails the call', async () => {
    expect((await sign(planTo(auth('bearer', { token: [handle('empty')] })))).failure).toMatchObject({
      code: 'SECRET/NOT_FOUND',
    });
  });

  it('P1: reports every value of the scope, of the origin, and of credential headers that are plain text', async () => {
    const { known } = await sign(
      planTo({
        to: origin,
        headers: [
          { name: 'Authorization', value: text('Token plain_credential') },
          { name: 'X-Api-Key', value: text('plain_api_key') },
          { name: 'Cookie', value: text('sid=plain_cookie; b=other_cookie') },
          { name: 'Accept', value: text('application/json') },
        ],
        scopeSecrets: [seal('unused_scope_secret'), seal('quoted\\"secret\\u00e9')],
      }),
    );
    for (const value of [
      'plain_credential',
      'Token plain_credential',
      'plain_api_key',
      'plain_cookie',
      'other_cookie',
      'unused_scope_secret',
      'quoted"secreté',
      'tok_123456789',
      'spare_value_99',
    ]) {
      expect(known, value).toContain(value);
    }
    expect(known).not.toContain('application/json');
    expect(new Set(known).size).toBe(known.length);
  });
});

describe('values bound to an origin', () => {
  it('are read once, and again when the vault has changed', async () => {
    let revision = 1;
    const asked: string[] = [];
    const source: SecretSource = {
      ...secretSource(secrets),
      boundTo: (to) => {
        asked.push(to);
        return ok([{ id: 'k', value: `value_of_revision_${revision}` }]);
      },
      revision: () => revision,
    };
    const signer = createSigner({ secrets: source, now });
    const known = async () => {
      const signed = await signer.sign(markAdmitted({ plan: planTo({ to: origin }), target, tier: 'reading' }), trip);
      return signed.ok ? signed.value.known.map(({ value }) => value) : [];
    };
    expect(await known()).toContain('value_of_revision_1');
    expect(await known()).toContain('value_of_revision_1');
    expect(asked).toEqual([origin]);
    revision = 2;
    expect(await known()).toContain('value_of_revision_2');
    expect(asked).toEqual([origin, origin]);
  });

  it('P7: fail the call where they cannot be read', async () => {
    const failing: SecretSource = {
      ...secretSource(secrets),
      boundTo: () => err(failure('VAULT/KEY_UNAVAILABLE', { reason: 'locked', recovery: '' })),
    };
    const signed = await createSigner({ secrets: failing, now }).sign(
      markAdmitted({ plan: planTo({ to: origin }), target, tier: 'reading' }),
      trip,
    );
    expect(signed).toMatchObject({ ok: false, failure: { code: 'VAULT/KEY_UNAVAILABLE' } });
  });
});

describe('headers of the client', () => {
  const names = async (plan: Plan) => (await sign(plan)).request?.headers.map(([name, value]) => `${name}: ${value}`);

  it('follow those of the request, in the order of the file', async () => {
    const headers = [
      { name: 'B', value: text('1') },
      { name: 'A', value: text('2') },
      { name: 'B', value: text('3') },
    ];
    expect(await names(planTo({ to: origin, headers }))).toEqual([
      'B: 1',
      'A: 2',
      'B: 3',
      'User-Agent: keyward/0.1.0',
      'Accept: */*',
      'Accept-Encoding: gzip, deflate, br',
      'Host: api.example.com',
    ]);
  });

  it('give way to the request and to its settings; Host and Content-Length are always set', async () => {
    const headers = [{ name: 'user-agent', value: text('mine') }];
    const body = { kind: 'text', text: text('é'), contentType: 'text/plain' } as const;
    const settings = { disabledSystemHeaders: ['accept', 'Accept-Encoding', 'content-type', 'host', 'content-length'] };
    expect(await names(planTo({ to: `${origin}:8443`, method: 'POST', headers, body, settings }))).toEqual([
      'user-agent: mine',
      'Host: api.example.com:8443',
      'Content-Length: 2',
    ]);
  });

  it('state a body of no bytes for methods that are expected to have one', async () => {
    for (const [method, length] of [
      ['POST', '0'],
      ['PUT', '0'],
      ['PATCH', '0'],
      ['GET', undefined],
      ['DELETE', undefined],
    ] as const) {
      expect((await sign(planTo({ to: origin, method }))).headers['Content-Length'], method).toBe(length);
    }
  });
});
