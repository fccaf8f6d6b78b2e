// Where an inline secret goes once scripts have a part in the request: only to what the files alone name.
import { afterEach, describe, expect, it } from 'vitest';
import { builtSandbox as scripts } from '../sandbox/built-sandbox.ts';
import { createScriptStand, logged, type ScriptStand, type ScriptStandOptions, sending } from './script-stand.ts';

const INLINE = 'inline-Quartz-7712-Meadow';

let stand: ScriptStand;
afterEach(() => stand.close());

interface OpenOptions extends Omit<ScriptStandOptions, 'variables' | 'scripts'> {
  readonly variables?: (other: string) => Readonly<Record<string, string>>;
}

async function open({ variables = () => ({}), ...options }: OpenOptions): Promise<void> {
  stand = await createScriptStand({
    ...options,
    scripts,
    variables: (_, other) => ({ secretKey: INLINE, host: other.slice('http://'.length), ...variables(other) }),
  });
}

const withSecret = (url: string): string => sending({ url, header: { 'X-Key': '{{secretKey}}' } });
const NOWHERE = /^failed SECRET\/ORIGIN_NOT_BOUND/;

type Script = (origin: string, other: string) => string;

const rows: readonly (readonly [what: string, script: Script, alone: RegExp, withAgent: RegExp])[] = [
  ['the origin of the request', () => withSecret('{{base}}/x'), /^status 200/, /^status 200/],
  ['one in a variable of the files', () => withSecret('{{auth}}/token'), /^status 200/, NOWHERE],
  ['one written out in the script', (_, other) => withSecret(`${other}/x`), /^status 200/, NOWHERE],
  ['one written out with a variable of the files', () => withSecret('http://{{host}}/x'), /^status 200/, NOWHERE],
  [
    'one that the script puts together',
    (_, other) =>
      `const port = '${other.split(':')[2]}';\n${withSecret('PUT')}`.replace(
        '"PUT"',
        "'http:' + '//127.0.0.1:' + port",
      ),
    NOWHERE,
    NOWHERE,
  ],
  [
    'one that a server names',
    () =>
      `const { next } = (await pm.sendRequest('{{base}}/next')).json();\n${withSecret('PUT')}`.replace('"PUT"', 'next'),
    NOWHERE,
    NOWHERE,
  ],
  ['one that the agent names', () => withSecret('PUT').replace('"PUT"', `pm.variables.get('there')`), /./, NOWHERE],
];

describe('P2: an inline secret that a script sends', () => {
  for (const [what, script, alone, withAgent] of rows) {
    it(`to ${what}`, async () => {
      await open({
        variables: (other) => (what.includes('in a variable') ? { auth: `${other}/oauth` } : {}),
        items: (origin, other) => [{ name: 'List', before: script(origin, other) }],
        answer: (request, response) =>
          response.end(JSON.stringify({ next: stand.other, key: request.headers['x-key'] })),
      });
      const lines = logged(await stand.run({ requestId: 'List' }));
      expect(lines.at(-1)).toMatch(alone);
      const sent = stand.arrivedThere.length;
      const agents = { variables: { there: stand.other } };
      expect(logged(await stand.run({ requestId: 'List', overrides: agents })).at(-1)).toMatch(withAgent);
      expect(stand.arrivedThere).toHaveLength(sent);
      expect(lines.join('')).not.toContain(INLINE);
    });
  }
});

describe('P2: an inline secret of a request', () => {
  const rest = { header: [{ key: 'X-Key', value: '{{secretKey}}' }] };
  const refused = { failure: { code: 'SECRET/ORIGIN_NOT_BOUND' } };

  it('does not follow it to where its script or an earlier one turned it', async () => {
    await open({
      items: (_, other) => [
        { name: 'Turns', before: `pm.environment.set('base', ['http:', '${other.slice(5)}'].join(''));`, rest },
        { name: 'Plain', rest },
      ],
    });
    expect(await stand.run({ requestId: 'Turns' })).toMatchObject(refused);
    expect(await stand.run({ requestId: 'Plain' })).toMatchObject(refused);
    expect([stand.arrived, stand.arrivedThere]).toEqual([[], []]);
  });

  it('follows it where the script names the place itself', async () => {
    await open({
      items: (_, other) => [{ name: 'Turns', before: `pm.environment.set('base', '${other}');`, rest }],
    });
    expect(await stand.run({ requestId: 'Turns' })).toMatchObject({ ok: true });
    expect(stand.arrivedThere).toEqual(['GET /items']);
  });

  it('does not go to an authorization server that a script moved', async () => {
    const oauth2 = Object.entries({
      grant_type: 'client_credentials',
      accessTokenUrl: '{{tokenUrl}}',
      clientId: 'c1',
      clientSecret: '{{secretKey}}',
      addTokenTo: 'header',
    }).map(([key, value]) => ({ key, value, type: 'string' }));
    await open({
      variables: () => ({ tokenUrl: '{{base}}/token' }),
      items: (_, other) => [
        { name: 'Stays', before: `pm.environment.set('other', 'x');` },
        { name: 'Moves', before: `pm.environment.set('tokenUrl', ['http:', '${other.slice(5)}/t'].join(''));` },
      ],
      collection: { auth: { type: 'oauth2', oauth2 } },
      answer: (_, response) => {
        response.setHeader('content-type', 'application/json');
        response.end('{"access_token":"Tok3n.aB9aB9aB9aB9","token_type":"bearer","expires_in":60}');
      },
    });
    expect(await stand.run({ requestId: 'Stays' })).toMatchObject({ ok: true });
    expect(stand.arrived).toEqual(['POST /token', 'GET /items']);
    expect(await stand.run({ requestId: 'Moves' })).toMatchObject(refused);
    expect(stand.arrivedThere).toEqual([]);
  });

  it('P1: is known to the scrubber of what its script sends, whoever repeats it', async () => {
    await open({
      items: () => [
        {
          name: 'List',
          after: sending('{{base}}/echo'),
          rest: { header: [{ key: 'X-Api-Key', value: 'literal-Falcon-5521-Birch' }] },
        },
      ],
      answer: (_, response) => response.end('you said literal-Falcon-5521-Birch'),
    });
    const [line] = logged(await stand.run({ requestId: 'List' }));
    expect(line).toMatch(/^status 200 you said/);
    expect(line).not.toContain('Falcon');
  });
});
