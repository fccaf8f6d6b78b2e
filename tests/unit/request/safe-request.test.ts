import { describe, expect, it } from 'vitest';
import type { BodyTemplate } from '../../../shared/collection/model.ts';
import { isSafeRequest, otherMethods } from '../../../shared/request/safe-request.ts';
import { lexSealed, lexTemplate } from '../../../shared/template/lex.ts';
import { handle } from '../template/scope-of.ts';
import { planned, type RequestSketch } from './plan-support.ts';

const raw = (text: string): BodyTemplate => ({ kind: 'raw', text: lexTemplate(text) });
const methodsOf = (sketch: RequestSketch) => otherMethods(planned(sketch));

describe('P8: the method that a header names in the place of the request’s own', () => {
  const agentHeaders = ['*'];
  it.each([
    'X-HTTP-Method-Override',
    'X-HTTP-Method',
    'X-Method-Override',
    'XHTTP-Method-Override',
    'X_HTTP_METHOD_OVERRIDE',
    'X.Http.Method.Override',
    'X-Tunneled-Method',
    'X-Original-Method',
    'X-Forwarded-Method',
    'X-Envoy-Original-Method',
    'X-HTTP-Verb-Override',
    'Method-Override',
  ])('%s', (name) => {
    expect(methodsOf({ agentHeaders, overrides: { headers: { [name]: 'delete' } } })).toEqual(['DELETE']);
    expect(isSafeRequest(planned({ agentHeaders, overrides: { headers: { [name]: 'GET' } } }))).toBe(true);
  });

  it.each(['Access-Control-Request-Method', 'X-Payment-Method', 'X-Methodology', 'Prefer'])('not %s', (name) =>
    expect(methodsOf({ agentHeaders, overrides: { headers: { [name]: 'DELETE' } } })).toEqual([]),
  );
});

const fields: readonly (readonly [name: string, overrides: boolean])[] = [
  ['_method', true],
  ['_METHOD', true],
  ['.method', true],
  [' _method', true],
  ['_method\0x', true],
  ['_method[]', true],
  ['_method[x', true],
  ['[_method]', true],
  ['[[_method', true],
  ['_method_override', true],
  ['http.method', true],
  ['http[method', true],
  ['_HttpMethod', true],
  ['$httpMethod', true],
  ['$method', true],
  ['x-tunneled-method', true],
  ['x.http.method.override', true],
  ['X-HTTP-Method', true],
  ['x-method-override', true],
  ['_verb', true],
  ['shipping_method', false],
  ['request_method', false],
  ['payment.method', false],
  ['a[_method]', false],
  ['x_\0method', false],
  ['_methods', false],
  ['q', false],
];

describe('P8: the method that a parameter or a field of the body names', () => {
  it.each(fields)('%j: %s', (name, overrides) => {
    const expected = overrides ? ['DELETE'] : [];
    const form = `a=1&${encodeURIComponent(name)}=DELETE`;
    const quoted = JSON.stringify(name);
    const escaped = quoted.replace('m', '\\u006d').replace('M', '\\u004d');
    const sketches: readonly RequestSketch[] = [
      { overrides: { query: { [name]: 'delete' } } },
      { address: `https://h.test/?${form}` },
      { method: 'POST', body: { kind: 'urlencoded', fields: [] }, overrides: { body: form } },
      { method: 'POST', body: raw('x'), overrides: { body: form.replaceAll('&', ';') } },
      { method: 'POST', body: raw('x'), overrides: { body: `{"a":{"b":"}"},${quoted}:"delete"}` } },
      { method: 'POST', body: raw('{}'), overrides: { body: `{ ${escaped} : "DELETE" , "z": "\\"" }` } },
      { method: 'POST', body: { kind: 'urlencoded', fields: [lexed(name)] } },
      { method: 'POST', body: { kind: 'multipart', parts: [{ kind: 'text', ...lexed(name) }] } },
    ];
    for (const sketch of sketches) expect(methodsOf(sketch)).toEqual(expected);
  });

  it.each([
    ['both of two members', { body: '{"_method":"GET","_method":"DELETE"}' }, ['GET', 'DELETE']],
    ['one that is no string', { body: '{"_method":5}' }, ['5']],
    ['one of a body that ends early', { body: '{"_method":"DELETE' }, ['DELETE']],
    ['none further down', { body: '{"a":{"_method":"DELETE"},"b":[{"_method":"DELETE"}]}' }, []],
    ['none in a string', { body: '{"a":"\\"_method\\":\\"DELETE\\"","b":"_method"}' }, []],
    ['none in prose', { body: '{"note":"100% of the method = x"}' }, []],
    ['a part', { body: '--b\r\nContent-Disposition: form-data; name="_method"\r\n\r\nDELETE\r\n--b--' }, ['']],
    ['method as a method', { query: { method: 'delete' } }, ['DELETE']],
    ['method as an ordinary name', { query: { method: 'card' } }, []],
    ['method in a body', { body: '{"method":"DELETE"}' }, []],
    ['one behind a semicolon', { variables: { v: '1;_method=PUT' } }, ['PUT']],
    ['one behind a semicolon in the path', { variables: { p: '1;.method=PUT' } }, ['']],
  ])('%s', (_, overrides, expected) => {
    const sketch = { method: 'POST', address: 'https://h.test/{{p}}?q={{v}}', body: raw('x') };
    const collection = ['p', 'v'].map((name) => [name, '1'] as const);
    expect(methodsOf({ ...sketch, collection, overrides })).toEqual(expected);
  });

  it('is nobody’s guess where a secret names the field or is the method', () => {
    const field = (name: string, value: string) => ({ name: lexSealed(name), value: lexSealed(value), enabled: true });
    const body: BodyTemplate = {
      kind: 'urlencoded',
      fields: [field('hush', 'DELETE'), { ...lexed('_method'), value: lexSealed('x') }],
    };
    expect(methodsOf({ method: 'POST', body })).toEqual(['', '']);
    expect(methodsOf({ query: [['{{vault:k}}', '1']], handles: [handle('k')] })).toEqual(['1']);
  });

  it('P12: takes time that is linear in the body, whatever it holds', () => {
    const many = 200_000;
    for (const part of ['"', '\\"', '{"', '&_method', 'name=', '{"_method":', '[', '\\u0041'])
      expect(
        methodsOf({ method: 'POST', body: raw('x'), overrides: { body: `{"method${part.repeat(many)}` } }),
      ).toBeDefined();
  });
});

function lexed(name: string) {
  return { name: lexTemplate(name), value: lexTemplate('DELETE'), enabled: true };
}
