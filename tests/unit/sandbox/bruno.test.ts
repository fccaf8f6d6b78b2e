import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ScriptRequest, ScriptResponse } from '../../../shared/script/job.ts';
import type { Sandbox } from '../../../src/sandbox/sandbox.ts';
import { live, openSandbox, printed, RESPONSE, runScripts } from './bruno-jobs.ts';

let sandbox: Sandbox;
beforeAll(() => {
  sandbox = openSandbox();
});
afterAll(() => sandbox.close());

/** What a script after the answer prints, line by line. */
const lines: readonly { readonly name: string; readonly script: string; readonly prints: readonly string[] }[] = [
  {
    name: 'variables of every place, filled in',
    script: `
      bru.setVar('list', [1, { at: '{{host}}' }]); bru.setVar('nothing', null);
      console.log(bru.getVar('list')[1].at, bru.getVar('nothing'), bru.hasVar('list'), bru.hasVar('no'), bru.getVar('no'));
      console.log(bru.getEnvVar('host'), bru.getFolderVar('area'), bru.getCollectionVar('shared'), bru.getEnvName());
      console.log(bru.interpolate('{{user.name}} {{user.tags[1]}} {{nobody}}'), bru.interpolate({ at: '{{host}}' }).at);
      bru.deleteEnvVar('host'); console.log(bru.getEnvVar('host'), Object.keys(bru.getAllVars()).join());
      bru.deleteAllVars(); console.log(Object.keys(bru.getAllVars()).length);`,
    prints: [
      'http://shop.test null true false undefined',
      'http://shop.test north all Prod',
      'Ann b {{nobody}} http://shop.test',
      'undefined list,nothing',
      '0',
    ],
  },
  {
    name: 'names that are no names',
    script: `
      for (const set of [() => bru.setVar('', 1), () => bru.setVar('a b', 1), () => bru.setEnvVar('a/b', 1)]) {
        try { set(); } catch (error) { console.log(error.message); }
      }
      bru.setGlobalEnvVar('a b', 1); console.log(bru.getGlobalEnvVar('a b'));`,
    prints: [
      'Creating a variable without specifying a name is not allowed.',
      'Variable name: "a b" contains invalid characters! Names must only contain alpha-numeric characters, "-", "_", "."',
      'Variable name: "a/b" contains invalid characters! Names must only contain alpha-numeric characters, "-", "_", "."',
      '1',
    ],
  },
  {
    name: 'secrets as references',
    script: `console.log(bru.getProcessEnv('API_KEY'), bru.getSecretVar('shop/key'), bru.getEnvVar('token'), bru.interpolate('{{process.env.API_KEY}}'));`,
    prints: ['{{vault:API_KEY}} {{vault:shop_key}} {{vault:TOKEN}} {{vault:API_KEY}}'],
  },
  {
    name: 'the request in its parts',
    script: `
      console.log(req.getMethod(), req.getHost(), req.getPath(), req.getQueryString(), req.getName(), req.getTags().join());
      console.log(req.getHeader('content-type'), req.getHeader('X-Off'), req.headerList.get('x-off'), req.getBody().a, req.getBody({ raw: true }));
      console.log(JSON.stringify(req.getPathParams()), Object.keys(req.headers).join(), req.getAuthMode());`,
    prints: [
      'POST shop.test /orders/7 page=1 Orders smoke',
      'application/json undefined 1 1 {"a":1}',
      '[{"name":"id","value":"7","type":"path"}] Content-Type,Authorization bearer',
    ],
  },
  {
    name: 'the answer, also as a script replaces it',
    script: `
      console.log(res.status, res.statusText, res.getHeader('CONTENT-TYPE'), res.responseTime, res.url, res.body.hello, res('hello'));
      console.log(JSON.stringify(res.getSize()), res.headerList.has('Content-Type'), String(res.getDataBuffer()));
      res.setBody({ a: [1, undefined] }); console.log(res('a[0]'), res.body.a[1], res.getSize().body);
      try { res.headerList.add('a: b'); } catch (error) { console.log(error.message); }`,
    prints: [
      '200 OK application/json 12 http://shop.test/orders/7?page=1 bruno bruno',
      '{"header":90,"body":17,"total":107} true {"hello":"bruno"}',
      '1 undefined 14',
      'HeaderList is read-only (response headers cannot be modified)',
    ],
  },
  {
    name: 'cookies of the answer',
    script: `
      const jar = bru.cookies.jar();
      console.log(bru.cookies.get('sid'), bru.cookies.count(), (await jar.getCookie('{{host}}', 'sid')).httpOnly, await jar.hasCookie('http://other.test', 'sid'));
      jar.getCookies('{{host}}', (error, found) => console.log(error, found.length));
      await jar.getCookie('', 'a').catch((error) => console.log(error.message));`,
    prints: ['abc 1 true false', 'null 1', 'URL is required'],
  },
  {
    name: 'helpers, and what chai has in Bruno',
    script: `
      console.log(bru.utils.minifyJson('{ "a": 1 }'), bru.utils.minifyXml('<a>\\n <b/></a>'), bru.isSafeMode(), bru.getCollectionName(), await bru.sleep(1));
      expect({ a: { b: [1] } }).to.have.jsonBody('a.b[0]', 1); expect({}).to.be.json; expect('x').to.not.be.json;
      expect({ a: 1 }).to.have.jsonSchema({ type: 'object', required: ['a'] }); expect({}).to.not.have.jsonSchema({ type: 'array' });
      try { expect({}).to.have.jsonSchema({ type: 'nope' }); } catch (error) { console.log(error.message.slice(0, 25)); }
      assert.equal(1, 1); console.log(typeof require('ajv'), typeof require('axios').get);`,
    prints: ['{"a":1} <a><b/></a> true Shop slept', 'JSON schema compile error', 'function function'],
  },
];

describe('scripts of Bruno', () => {
  it.each(lines)('$name', async ({ script, prints }) => {
    const outcome = await runScripts(sandbox, 'bruno', { tests: script });
    expect(outcome.error).toBeUndefined();
    expect(printed(outcome)).toEqual(prints);
  });

  it('changes the request, and nothing of it that it does not name', async () => {
    const change = async (before: string) => (await runScripts(sandbox, 'bruno', { before })).request as ScriptRequest;
    const untouched = await change('req.getHeader("a"); req.getBody();');
    expect(await change('req.setHeader("X-New", 1); delete req.headers["Content-Type"];')).toEqual({
      ...untouched,
      headers: [
        { name: 'X-Off', value: '1', enabled: false },
        { name: 'X-New', value: '1', enabled: true },
      ],
    });
    expect(await change('req.setUrl("https://x.test/a?b=1&c#d");')).toEqual({
      ...untouched,
      url: {
        address: 'https://x.test/a',
        query: [
          { name: 'b', value: '1', enabled: true },
          { name: 'c', value: null, enabled: true },
          { name: 'off', value: 'x', enabled: false },
        ],
        fragment: 'd',
        pathVariables: untouched.url.pathVariables,
      },
    });
    const [raw, other] = [
      { kind: 'raw', text: '{"b":2}', language: 'json' },
      { type: 'none', fields: {} },
    ];
    expect((await change('req.setBody({ b: 2 });')).body).toEqual(raw);
    expect((await change('req.setHeader("Authorization", "Bearer mine");')).auth).toEqual(other);
    expect(await change('req.setMaxRedirects(0); req.setTimeout(500); req.setMethod("PUT");')).toEqual({
      ...untouched,
      method: 'PUT',
      followRedirects: false,
      timeoutMs: 500,
    });
  });

  it('sends a form as fields', async () => {
    const before = `req.setHeader('content-type', 'application/x-www-form-urlencoded');
      req.setBody([{ name: 'a', value: 1 }, { name: 'b', value: null }, { name: 'c', value: 'x', enabled: false }]);`;
    const { request } = await runScripts(sandbox, 'bruno', { before });
    expect(request?.body).toEqual({
      kind: 'urlencoded',
      fields: [
        { name: 'a', value: '1', enabled: true },
        { name: 'b', value: '', enabled: true },
      ],
    });
  });

  it('gives a cookie to the request, and says that the session keeps none', async () => {
    const set = (url: string) => `await bru.cookies.jar().setCookie('${url}', 'a', 'b');`;
    const own = await runScripts(sandbox, 'bruno', { before: set('{{host}}') });
    expect(own.request?.headers).toContainEqual({ name: 'Cookie', value: 'a=b', enabled: true });
    expect(own.unsupported).toEqual([]);
    const other = await runScripts(sandbox, 'bruno', { before: set('https://other.test') });
    expect(other.request?.headers.some(({ name }) => name === 'Cookie')).toBe(false);
    expect(other.unsupported).toEqual(['bru.cookies.jar']);
  });

  it('goes on with assertions and tests where a script of the answer failed', async () => {
    const outcome = await runScripts(sandbox, 'bruno', {
      tests: '',
      change: {
        scripts: [
          { source: "test('first', () => {}); bru.setVar('a', 1); nope();", label: 'one', stage: 'response' },
          { source: "test('never', () => {});", label: 'two', stage: 'response' },
          {
            source: "test('second', () => expect(bru.getVar('a')).to.equal(1)); nope2();",
            label: 'three',
            stage: 'tests',
          },
          { source: "test('never', () => {});", label: 'four', stage: 'tests' },
        ],
        assertions: [{ expression: 'res.status', operator: 'eq', value: '200' }],
      },
    });
    expect(outcome.tests.map(({ name }) => name)).toEqual(['first', 'res.status: eq 200', 'second']);
    expect([outcome.error, outcome.laterErrors]).toEqual([
      { name: 'ReferenceError', message: expect.stringContaining('nope'), label: 'one' },
      [{ name: 'ReferenceError', message: expect.stringContaining('nope2'), label: 'three' }],
    ]);
  });

  it('goes on with assertions where there are no tests', async () => {
    const { tests } = await runScripts(sandbox, 'bruno', {
      response: 'nope();',
      change: { assertions: [{ expression: 'res.status', operator: 'eq', value: '200' }] },
    });
    expect(tests).toEqual([{ name: 'res.status: eq 200', status: 'passed' }]);
  });

  it.each(['before', 'tests'] as const)('runs no script that follows one of its own stage: %s', async (when) => {
    const { error, writes } = await runScripts(sandbox, 'bruno', {
      [when]: '',
      change: { scripts: ['nope();', "bru.setVar('a', 1);"].map((source) => ({ source, label: 'script' })) },
    });
    expect([error?.name, writes]).toEqual(['ReferenceError', []]);
  });

  it('sets variables from the answer before any script, each by itself', async () => {
    const outcome = await runScripts(sandbox, 'bruno', {
      response: "console.log(bru.getVar('id'), bru.getVar('next'), bru.getVar('area'), bru.hasVar('bad'));",
      change: {
        response: { ...RESPONSE, body: '{"id":7,"token":"{{vault:TOKEN}}"}' },
        answerVariables: [
          { name: 'bad', expression: 'res.body.no.such' },
          { name: 'id', expression: 'res.body.id' },
          { name: 'next', expression: "bru.getVar('id') + 1 // and a remark" },
          { name: 'area', expression: "[area, res('id'), req.getMethod()].join(' ')" },
          { name: 'a b', expression: '1' },
          { name: 'token', expression: 'res.body.token' },
          { name: 'none', expression: '' },
          { name: '', expression: "bru.setEnvVar('side', 1)" },
        ],
        assertions: [{ expression: 'id', operator: 'eq', value: '7' }],
      },
    });
    expect(printed(outcome)).toEqual(['7 8 north 7 POST false']);
    expect(outcome.tests).toEqual([{ name: 'id: eq 7', status: 'passed' }]);
    expect(outcome.writes.map(({ layer, name, value }) => [layer, name, value])).toEqual([
      ['runtime', 'id', '7'],
      ['runtime', 'next', '8'],
      ['runtime', 'area', 'north 7 POST'],
      ['runtime', 'token', '{{vault:TOKEN}}'],
      ['runtime', 'none', ''],
      ['environment', 'side', '1'],
    ]);
    expect(outcome.error).toEqual({
      name: 'Error',
      message: expect.stringMatching(/^bad: .*; a b: Variable name: "a b" contains/s),
      label: 'variables from the answer',
    });
  });

  it('sees what a request that it runs wrote, and tells it as its own', async () => {
    const outcome = await runScripts(sandbox, 'bruno', {
      before: `bru.setVar('a', null); bru.setVar('gone', 1); await bru.runRequest('Login');
        console.log(bru.getVar('a').b, bru.getEnvVar('token2'), bru.hasVar('gone'));`,
      reply: () => ({
        ok: true,
        response: RESPONSE,
        writes: [
          { layer: 'runtime', name: 'a', value: '{"b":2}', json: '{"b":2}' },
          { layer: 'environment', name: 'token2', value: live.source('{{vault:TOKEN}}') },
          { layer: 'runtime', name: 'gone', value: null },
        ],
      }),
    });
    expect(printed(outcome)).toEqual(['2 {{vault:TOKEN}} false']);
    expect(outcome.writes.map(({ name, value }) => [name, live.plain(value ?? 'none')])).toEqual([
      ['a', 'null'],
      ['gone', '1'],
      ['a', '{"b":2}'],
      ['token2', '{{vault:TOKEN}}'],
      ['gone', 'none'],
    ]);
  });

  it('fills in what was not sent of the request, after the answer', async () => {
    const seen = "console.log(req.headerList.get('x-off'), req.headers['x-off'], req.getPathParams()[0].value);";
    const field = (name: string, enabled: boolean) => [{ name, value: live.source('{{area}}'), enabled }];
    const request: ScriptRequest = {
      method: 'GET',
      url: { address: 'http://shop.test/north', query: [], pathVariables: field('id', true) },
      headers: field('X-Off', false),
      body: { kind: 'none' },
      auth: { type: 'none', fields: {} },
    };
    expect(printed(await runScripts(sandbox, 'bruno', { tests: seen, change: { request } }))).toEqual([
      'north undefined north',
    ]);
    expect(printed(await runScripts(sandbox, 'bruno', { before: seen, change: { request } }))).toEqual([
      '{{area}} undefined {{area}}',
    ]);
  });

  it('hands what it keeps for itself to the next phase, and to no variable', async () => {
    const { carried, writes } = await runScripts(sandbox, 'bruno', {
      before: "req.disableParsingResponseJson(); await bru.cookies.jar().setCookie('{{host}}', 'a', 'b');",
    });
    expect(writes).toEqual([]);
    const outcome = await runScripts(sandbox, 'bruno', {
      tests: "console.log(typeof res.body, (await bru.cookies.jar().getCookie('{{host}}', 'a')).value);",
      change: { carried: carried ?? '' },
    });
    expect(printed(outcome)).toEqual(['string b']);
  });

  it('skips, stops and names what is next', async () => {
    const told = async (before: string) => {
      const { skip, next } = await runScripts(sandbox, 'bruno', { before });
      return { skip, next };
    };
    expect(await told('bru.runner.skipRequest();')).toEqual({ skip: true, next: undefined });
    expect(await told('bru.runner.setNextRequest("Login");')).toEqual({ skip: false, next: 'Login' });
    expect(await told('bru.setNextRequest("Login"); bru.runner.stopExecution();')).toEqual({ skip: false, next: null });
  });

  it('hands what the scripts of the answer did to the tests', async () => {
    const { tests, writes } = await runScripts(sandbox, 'bruno', {
      response: "bru.setVar('seen', res.body); res.setBody('other'); test('one', () => {});",
      tests: `await test('two', async () => { await bru.sleep(1); expect(bru.getVar('seen').hello).to.equal('bruno'); });
        test('three', () => expect(res.body).to.equal('bruno'));
        test('four', async () => expect((await bru.getTestResults()).summary).to.eql({ total: 3, passed: 2, failed: 1, skipped: 0 }));`,
    });
    expect(tests).toEqual([
      { name: 'one', status: 'passed' },
      { name: 'two', status: 'passed' },
      { name: 'three', status: 'failed', message: "expected 'other' to equal 'bruno'" },
      { name: 'four', status: 'passed' },
    ]);
    expect(writes).toEqual([{ layer: 'runtime', name: 'seen', value: RESPONSE.body, json: RESPONSE.body }]);
  });

  it('sends requests as axios does', async () => {
    const asked: unknown[] = [];
    const answer = (status: number): ScriptResponse => ({ ...RESPONSE, status });
    const outcome = await runScripts(sandbox, 'bruno', {
      tests: `const { data } = await bru.sendRequest({ url: '{{host}}/a', method: 'post', data: { b: '{{token}}' }, params: { c: [1, 2] }, auth: { username: 'u', password: 'p' } });
        console.log(data.hello);
        try { await bru.sendRequest('{{host}}/404'); } catch (error) { console.log(error.message, error.status, error.response.data.hello); }
        await bru.sendRequest({ url: '{{host}}/404' }, (error, response) => console.log(error.status, response));
        const api = require('axios').create({ baseURL: '{{host}}/v1/', headers: { x: 'y' } });
        console.log((await api.get('/a', { validateStatus: () => true })).status, (await bru.runRequest('Login')).status);
        console.log((await bru.runRequest('nobody')).message);`,
      change: { sends: 10 },
      reply: (call) => {
        asked.push(call.request);
        if (call.kind === 'run' && call.request === 'nobody')
          return { ok: false, code: 'REQUEST/NOT_FOUND', message: 'none' };
        const is404 = call.kind === 'send' && call.request.url.address.endsWith('/404');
        return { ok: true, response: answer(is404 ? 404 : 201) };
      },
    });
    expect(outcome.error).toBeUndefined();
    expect(printed(outcome)).toEqual([
      'bruno',
      'Request failed with status code 404 404 bruno',
      '404 null',
      '201 201',
      'none',
    ]);
    expect(asked[0]).toEqual({
      method: 'POST',
      url: {
        address: live.source('{{host}}/a'),
        query: ['1', '2'].map((value) => ({ name: 'c', value, enabled: true })),
        pathVariables: [],
      },
      headers: [{ name: 'content-type', value: 'application/json', enabled: true }],
      body: { kind: 'raw', text: live.source('{"b":"{{token}}"}'), language: 'json' },
      auth: { type: 'basic', fields: { username: 'u', password: 'p' } },
    });
    expect(asked[3]).toMatchObject({
      url: { address: live.source('{{host}}/v1/a') },
      headers: [{ name: 'x', value: 'y' }],
    });
    expect(asked.slice(4)).toEqual(['Login', 'nobody']);
  });

  it('leaves text of an answer dead: nothing in it is filled in', async () => {
    const outcome = await runScripts(sandbox, 'bruno', {
      tests:
        'console.log(bru.interpolate(res.body.hello)); bru.setVar("a", res.body.hello); console.log(bru.getVar("a"));',
      change: { response: { ...RESPONSE, body: '{"hello":"{{host}} {{vault:TOKEN}} {{process.env.API_KEY}}"}' } },
    });
    expect(printed(outcome)).toEqual(Array(2).fill('{{host}} {{vault:TOKEN}} {{process.env.API_KEY}}'));
    expect(JSON.stringify(outcome.writes)).not.toContain(live.nonce);
  });
});
