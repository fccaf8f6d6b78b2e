import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sandbox } from '../../../src/sandbox/sandbox.ts';
import { openSandbox, printed, RESPONSE, runScripts } from './bruno-jobs.ts';

const EMPTY = {
  url: { address: 'http://shop.test', query: [], pathVariables: [] },
  headers: [],
  body: { kind: 'none' },
  auth: { type: 'none', fields: {} },
} as const;

let sandbox: Sandbox;
beforeAll(() => {
  sandbox = openSandbox();
});
afterAll(() => sandbox.close());

describe('scripts of Insomnia', () => {
  it('has its variables, templates and vault', async () => {
    const outcome = await runScripts(sandbox, 'insomnia', {
      tests: `insomnia.environment.set('a', 1); insomnia.environment.set('none', null); insomnia.baseEnvironment.set('b', 'base');
        insomnia.variables.set('c', true); insomnia.globals.set('d', 'global');
        console.log(insomnia.environment.get('a'), insomnia.collectionVariables.get('b'), insomnia.variables.get('c'), insomnia.baseGlobals.get('d'));
        console.log(insomnia.environment.has('none'), insomnia.environment.replaceIn('{{_.host}} {{host}}'), insomnia.variables.get('host'));
        console.log(insomnia.vault.get('foo'), insomnia.info.requestName, insomnia.execution.location.join('/'), insomnia.parentFolders.get('All').name);
        try { insomnia.vault.set('a', 'b'); } catch (error) { console.log(error.message); }`,
    });
    expect(outcome.error).toBeUndefined();
    expect(printed(outcome)).toEqual([
      '1 base true global',
      'false http://shop.test http://shop.test http://shop.test',
      '{{vault:foo}} Orders Shop/All/Orders All',
      'Vault can not be set in script',
    ]);
    expect(outcome.writes.map(({ layer, name }) => [layer, name])).toEqual([
      ['environment', 'a'],
      ['collection', 'b'],
      ['local', 'c'],
      ['globals', 'd'],
    ]);
    expect(outcome.unsupported).toEqual([]);
  });

  it('tests, also asynchronously', async () => {
    const { tests } = await runScripts(sandbox, 'insomnia', {
      tests: `await insomnia.test('json', async () => insomnia.expect(insomnia.response.json().hello).to.eql('bruno'));
        insomnia.test('status', () => insomnia.response.to.have.status(200));
        insomnia.test('fails', () => insomnia.expect(199).to.eql(200));
        insomnia.test.skip('later', () => {});
        pm.test('pm', () => pm.expect(pm.response.code).to.equal(200));`,
    });
    expect(tests.map(({ name, status }) => [name, status])).toEqual([
      ['json', 'passed'],
      ['status', 'passed'],
      ['fails', 'failed'],
      ['later', 'skipped'],
      ['pm', 'passed'],
    ]);
  });

  it('changes the request', async () => {
    const { request, skip, next } = await runScripts(sandbox, 'insomnia', {
      before: `const { Header } = require('insomnia-collection');
        insomnia.request.method = 'PUT'; insomnia.request.url.addQueryParams('k1=v1');
        insomnia.request.headers.add(new Header({ key: 'A', value: '1' })); insomnia.request.addHeader({ key: 'B', value: '2' });
        insomnia.request.body.update({ mode: 'raw', raw: 'text' });
        insomnia.request.auth.update({ type: 'basic', basic: [{ key: 'username', value: 'u' }, { key: 'password', value: 'p' }] }, 'basic');
        insomnia.execution.skipRequest(); insomnia.execution.setNextRequest('Login');`,
    });
    expect(request).toMatchObject({ method: 'PUT', auth: { type: 'basic', fields: { username: 'u', password: 'p' } } });
    expect(request?.body).toMatchObject({ kind: 'raw', text: 'text' });
    expect(request?.url.query).toContainEqual({ name: 'k1', value: 'v1', enabled: true });
    expect(request?.headers.slice(-2).map(({ name, value }) => [name, value])).toEqual([
      ['A', '1'],
      ['B', '2'],
    ]);
    expect({ skip, next }).toEqual({ skip: true, next: 'Login' });
  });

  it('always has a body, which can be changed', async () => {
    const change = { request: { ...EMPTY, method: 'POST' } };
    const read = await runScripts(sandbox, 'insomnia', { before: 'insomnia.request.body.isEmpty();', change });
    expect(read.request?.body).toEqual({ kind: 'none' });
    const before = "insomnia.request.body.update({ mode: 'raw', raw: 'rawContent' });";
    const changed = await runScripts(sandbox, 'insomnia', { before, change });
    expect(changed.request?.body).toEqual({ kind: 'raw', text: 'rawContent' });
  });

  it.each([
    ['', []],
    ["request.certificate.update({ key: { src: 'invalid.key' } });", ['insomnia.request.certificate']],
    ["request.proxy.update({ host: 'localhost', port: 8888 });", ['insomnia.request.proxy']],
    ["request.proxy.host = 'localhost';", ['insomnia.request.proxy']],
    ["request.proxy = { host: 'localhost' }; request.certificate = undefined;", ['insomnia.request.proxy']],
    ['await insomnia.sendRequest({ url: "/a", proxy: { host: "x" } });', ['insomnia.sendRequest.proxy']],
    ['await insomnia.sendRequest(new Request({ url: "/a", certificate: {} }));', ['insomnia.sendRequest.certificate']],
  ])('a certificate and a proxy can be read, and are noted where they are changed: %s', async (code, unsupported) => {
    const outcome = await runScripts(sandbox, 'insomnia', {
      before: `const { Request } = require('insomnia-collection'); const { request } = insomnia;
        console.log(request.certificate.key.src, request.certificate.passphrase, request.proxy.getProxyUrl(), request.proxy.disabled);
        ${code}`,
      reply: () => ({ ok: true, response: RESPONSE }),
    });
    expect(outcome.error).toBeUndefined();
    expect(printed(outcome)).toEqual(['  http:// true']);
    expect(outcome.unsupported).toEqual(unsupported);
  });

  it('has the classes of insomnia-collection', async () => {
    const outcome = await runScripts(sandbox, 'insomnia', {
      before: `const { Property, ProxyConfig, ProxyConfigList, Certificate, UrlMatchPattern, Header } = require('insomnia-collection');
        const proxy = new ProxyConfig({ match: 'http+https://*.example.com:80/*', host: 'proxy.com', port: 8080, authenticate: true, username: 'u', password: 'p' });
        console.log(proxy.getProxyUrl(), proxy.getProtocols().join(), proxy.test('http://a.example.com/x/y'), proxy.test('http://a.example.com:81/'), proxy.test('ftp://a.example.com/'));
        console.log(new ProxyConfigList({}, [proxy]).resolve('http://b.example.com').host, new ProxyConfigList({}, [proxy]).resolve('http://b.test'));
        const certificate = new Certificate({ name: 'c', matches: ['https://example.com/*'], key: { src: '/key' }, passphrase: 'x' });
        console.log(JSON.stringify(certificate), certificate.canApplyTo('https://example.com:443/a'), certificate.canApplyTo('https://example.com.test/'));
        console.log(JSON.stringify(new Property('pid', 'pname')), new UrlMatchPattern('<all_urls>').test('https://a.test'), new Header({ key: 'a', value: 'b' }).toString());`,
    });
    expect(outcome.error).toBeUndefined();
    expect(printed(outcome)).toEqual([
      'http://u:p@proxy.com:8080 http,https true false false',
      'proxy.com null',
      '{"name":"c","key":{"src":"/key"},"passphrase":"x","matches":["https://example.com/*"]} true false',
      '{"id":"pid","name":"pname","disabled":false} true a: b',
    ]);
  });

  it('sends, with a promise and with a callback', async () => {
    const outcome = await runScripts(sandbox, 'insomnia', {
      tests: `const first = await insomnia.sendRequest('{{host}}/a');
        await insomnia.sendRequest({ url: '{{host}}/b', method: 'POST', body: { mode: 'raw', raw: 'x' } }, (error, second) => console.log(error, second.code));
        console.log(first.body, first.code);`,
      reply: () => ({ ok: true, response: RESPONSE }),
    });
    expect(outcome.error).toBeUndefined();
    expect(printed(outcome)).toEqual(['undefined 200', '{"hello":"bruno"} 200']);
  });

  it('a callback gets the error or the answer', async () => {
    const outcome = await runScripts(sandbox, 'insomnia', {
      before: "await insomnia.sendRequest('{{host}}/a', (error, answer) => console.log(error.code, typeof answer));",
    });
    expect(printed(outcome)).toEqual(['NETWORK/REFUSED undefined']);
  });
});
