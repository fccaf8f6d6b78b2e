// A computation over secrets stands where its secrets stand: every rule of a place holds for what is inside of it.
import { describe, expect, it } from 'vitest';
import type { RequestTemplate } from '../../../shared/collection/model.ts';
import type { Result } from '../../../shared/failure/result.ts';
import { limits } from '../../../shared/limits.ts';
import { nextHop } from '../../../shared/request/redirect.ts';
import { derivedPieces, placedSecrets, secretsOf } from '../../../shared/request/secret-pieces.ts';
import { writeBody, writeTarget } from '../../../shared/request/write-request.ts';
import type { DerivedOperation } from '../../../shared/script/derived.ts';
import { reveal } from '../../../shared/secret/reveal.ts';
import { seal } from '../../../shared/secret/seal.ts';
import type { Plan } from '../../../shared/stages/stages.ts';
import { lexSealed, lexTemplate, plainTemplate, templateText } from '../../../shared/template/lex.ts';
import { displayRendered, renderTemplate } from '../../../shared/template/render.ts';
import type { Template, TemplatePart } from '../../../shared/template/template.ts';
import { handle, lookupIn, scopeOf, shown, variable, variables } from '../template/scope-of.ts';
import { failureOf, planned, planOf, type RequestSketch } from './plan-support.ts';

const part = (operation: DerivedOperation, ...inputs: readonly (string | Template)[]): TemplatePart => ({
  kind: 'derived',
  operation,
  inputs: inputs.map((input) => (typeof input === 'string' ? lexTemplate(input) : input)),
});
const HMAC = { name: 'hmac', algorithm: 'sha256' } as const;
const BASE64 = { name: 'encode', to: 'base64' } as const;
const signed = part(BASE64, [part(HMAC, 'GET {{path}}', '{{vault:KEY}}')]);
const handles = [handle('KEY'), handle('OTHER'), handle('PATH', [], true)];
const agentHandles = [{ ...handle('captured:token_1'), id: 'cap_1' }];
const collection = [['path', '/orders']] as const;

type Change = (template: RequestTemplate) => RequestTemplate;
const field = (name: Template, value: Template) => ({ name, value, enabled: true });
const inHeader =
  (name: string, value: Template): Change =>
  (template) => ({
    ...template,
    headers: [...template.headers, field(plainTemplate(name), value)],
  });
const inQuery =
  (name: Template, value: Template): Change =>
  (template) => ({
    ...template,
    url: { ...template.url, query: [field(name, value)] },
  });
const inAddress =
  (...address: readonly (string | TemplatePart)[]): Change =>
  (template) => ({
    ...template,
    url: {
      ...template.url,
      address: address.flatMap((each) => (typeof each === 'string' ? lexTemplate(each) : [each])),
    },
  });
const inBody =
  (body: RequestTemplate['body']): Change =>
  (template) => ({ ...template, method: 'POST', body });
const inAuth =
  (value: Template): Change =>
  (template) => ({
    ...template,
    auth: { type: 'bearer', fields: { token: value }, from: 'none' },
  });

const plan = (change: Change, sketch: RequestSketch = {}): Result<Plan> =>
  planOf({
    handles,
    collection,
    captured: (name) => agentHandles.find((each) => each.name === `captured:${name}`),
    ...sketch,
    change,
  });

const raw = (text: Template, language?: string): RequestTemplate['body'] => ({
  kind: 'raw',
  text,
  ...(language !== undefined && { language }),
});

describe('places', () => {
  it.each<readonly [place: string, change: Change]>([
    ['header', inHeader('X-Sign', [signed])],
    ['cookie', inHeader('Cookie', lexTemplate('s=').concat(signed))],
    ['query', inQuery(plainTemplate('s'), [signed])],
    ['body', inBody(raw([signed]))],
    ['body', inBody({ kind: 'urlencoded', fields: [field(plainTemplate('s'), [signed])] })],
    [
      'body',
      inBody({
        kind: 'graphql',
        query: lexTemplate('{a}'),
        variables: lexTemplate('{"s":"').concat(signed, lexTemplate('"}')),
      }),
    ],
    ['auth', inAuth([signed])],
  ])('P2: what stands inside of it stands in the %s', (place, change) => {
    const made = plan(change);
    if (!made.ok) throw new Error(made.failure.code);
    expect(placedSecrets(made.value).map(({ piece, place: at }) => [shown([piece]), at])).toEqual([
      ['[handle KEY]', place],
    ]);
    expect(derivedPieces(made.value)).toHaveLength(1);
  });

  it.each<readonly [what: string, change: Change]>([
    ['the scheme', inAddress(signed, '://api.example.com/a')],
    ['the host', inAddress('https://', signed, '/a')],
    ['a part of the host', inAddress('https://', signed, '.example.com/a')],
    ['the port', inAddress('https://api.example.com:', signed, '/a')],
    ['the path', inAddress('https://api.example.com/a/', signed)],
    [
      'the path, beside a secret that may stand there',
      inAddress('https://api.example.com/', part({ name: 'concat' }, '{{vault:PATH}}', '{{vault:KEY}}')),
    ],
    ['the name of a header', (template) => ({ ...template, headers: [field([signed], plainTemplate('v'))] })],
    ['the name of a variable', inHeader('X', [{ kind: 'reference', name: [...plainTemplate('a_'), signed] }])],
    ['the path of a file', inBody({ kind: 'file', path: [signed] })],
    [
      'the name of a parameter, over a captured token',
      inQuery([part(BASE64, [{ kind: 'captured', name: 'token_1' }])], plainTemplate('v')),
    ],
    [
      'the name of a form field, over a captured token',
      inBody({ kind: 'urlencoded', fields: [field([part(BASE64, [{ kind: 'captured', name: 'token_1' }])], [])] }),
    ],
    [
      'a name in a JSON text, over a captured token',
      inBody(
        raw(
          [...plainTemplate('{"'), part(BASE64, [{ kind: 'captured', name: 'token_1' }]), ...plainTemplate('":1}')],
          'json',
        ),
      ),
    ],
  ])('P2: never in %s', (_, change) => {
    expect(failureOf(plan(change))).toBe('SECRET/PLACE_NOT_ALLOWED');
  });

  it('in the path where every secret in it may stand there', () => {
    const made = plan(inAddress('https://api.example.com/a/', part({ name: 'upper' }, '{{vault:PATH}}-x')));
    if (!made.ok) throw new Error(made.failure.code);
    expect(displayRendered(made.value.url.path)).toBe('/a/[secret]');
    expect(writeTarget(made.value.url, {}, () => 'A/B?C')).toBe('/a/A%2FB%3FC');
  });

  it('an agent can replace neither a header nor a parameter that carries one', () => {
    const header = plan(inHeader('X-Sign', [signed]), { overrides: { headers: { 'x-sign': 'mine' } } });
    expect(failureOf(header)).toBe('REQUEST/HEADER_INVALID');
    const query = plan(inQuery(plainTemplate('s'), [signed]), { overrides: { query: { s: null } } });
    expect(failureOf(query)).toBe('INPUT/INVALID');
  });

  it('a redirect to another origin takes neither header nor body with one, though no secret were in it', () => {
    const harmless = part({ name: 'upper' }, 'abc');
    const made = plan((template) => inBody(raw([harmless]))(inHeader('X-Sign', [harmless])(template)), {
      method: 'POST',
    });
    if (!made.ok) throw new Error(made.failure.code);
    expect(failureOf(nextHop(made.value, 307, 'https://other.example/'))).toBe('NETWORK/REDIRECT_DENIED');
    const next = nextHop({ ...made.value, method: 'GET', body: { kind: 'none' } }, 302, 'https://other.example/');
    expect(next.ok && next.value.headers).toEqual([]);
  });
});

describe('what is written', () => {
  const target = (query: TemplatePart, value: string) =>
    writeTarget(planned({ handles, collection, change: inQuery(plainTemplate('s'), [query]) }).url, {}, () => value);

  it('a result stays one value in a URL, and what the script has encoded is not encoded again', () => {
    expect(target(signed, 'a+b/c==&x=1')).toBe('/a?s=a%2Bb%2Fc%3D%3D%26x%3D1');
    expect(target(part({ name: 'percent' }, [signed]), 'a%2Bb%3D')).toBe('/a?s=a%2Bb%3D');
    expect(target(part({ name: 'lower' }, [part({ name: 'percent' }, [signed])]), 'a%2bb%3d')).toBe('/a?s=a%2bb%3d');
    expect(target(part({ name: 'form' }, [signed]), 'a+b%3D')).toBe('/a?s=a+b%3D');
    expect(target(part({ name: 'lower' }, [signed]), 'a%2bb')).toBe('/a?s=a%252bb');
    expect(target(part({ name: 'concat' }, [part({ name: 'percent' }, [signed])], '&x=1'), 'a%26&x=1')).toBe(
      '/a?s=a%2526%26x%3D1',
    );
  });

  it('a result is escaped for the JSON string that it stands in, not elsewhere', () => {
    const body = [...plainTemplate('{"s":"'), signed, ...plainTemplate('","n":'), signed, ...plainTemplate('}')];
    const made = planned({ handles, collection, change: inBody(raw(body, 'json')) });
    const written = writeBody(made.body, () => '1"\\', 'B').bytes ?? new Uint8Array();
    expect(new TextDecoder().decode(written)).toBe('{"s":"1\\"\\\\","n":1"\\}');
  });

  it('it shows as a secret wherever it is shown', () => {
    expect(templateText([...plainTemplate('v1 '), signed])).toBe('v1 [secret]');
    const rendered = renderTemplate(
      [...plainTemplate('v1 '), signed],
      scopeOf({ collection: variables(collection), handles: lookupIn(handles) }),
    );
    expect(rendered.ok && displayRendered(rendered.value)).toBe('v1 [secret]');
  });
});

describe('rendering', () => {
  const scope = (agent?: Record<string, string>) =>
    scopeOf({
      ...(agent && { agent }),
      collection: [
        ...variables([...collection, ['plainKey', 'k-in-a-variable'], ['which', 'KEY']]),
        variable(['own', 'sealed value', 'sealed']),
      ],
      handles: lookupIn(handles),
      captured: (name) => agentHandles.find((each) => each.name === `captured:${name}`),
    });
  const rendered = (template: Template, agent?: Record<string, string>) => {
    const result = renderTemplate(template, scope(agent));
    return result.ok ? shown(result.value) : result.failure.code;
  };

  it.each<readonly [what: string, template: Template, text: string]>([
    ['variables in an input', [signed], '[encode of [hmac of GET /orders, [handle KEY]]]'],
    [
      'a captured token',
      [part(BASE64, [{ kind: 'captured', name: 'token_1' }])],
      '[encode of [handle captured:token_1]]',
    ],
    ['a captured token that is gone', [part(BASE64, [{ kind: 'captured', name: 'token_2' }])], 'SECRET/CAPTURED_GONE'],
    ['a plain variable that is a key', [part(HMAC, 'm {{path}}', '{{plainKey}}')], '[hmac of m /orders, [secret]]'],
    ['a text that is a key', [part(HMAC, '{{vault:KEY}}', 'literal')], '[hmac of [handle KEY], [secret]]'],
    ['a text beside a key', [part(HMAC, 'm', 'AWS4{{vault:KEY}}')], '[hmac of m, AWS4[handle KEY]]'],
    [
      'a password',
      [part({ name: 'pbkdf2', algorithm: 'sha1', iterations: 1, bytes: 8 }, '{{plainKey}}', '{{path}}')],
      '[pbkdf2 of [secret], /orders]',
    ],
    ['a missing variable in an input', [part(BASE64, '{{nowhere}}')], 'TEMPLATE/VARIABLE_MISSING'],
    ['an unknown secret in an input', [part(BASE64, '{{vault:NONE}}')], 'SECRET/NOT_FOUND'],
  ])('%s', (_, template, text) => {
    expect(rendered(template)).toBe(text);
  });

  it('in a sensitive place what variables put into a readable result is a secret, and what the script writes is not', () => {
    const inVariable = (part: TemplatePart) =>
      scopeOf({
        collection: [
          { ...variable(['made', '']), value: [part] },
          ...variables([
            ['plainKey', 'k-in-a-variable'],
            ['path', '/orders'],
          ]),
        ],
        handles: lookupIn(handles),
      });
    const text = (made: TemplatePart) => {
      const result = renderTemplate(lexSealed('Basic {{made}}'), inVariable(made));
      return result.ok ? shown(result.value) : result.failure.code;
    };
    expect(text(part(BASE64, 'user:{{plainKey}}:{{vault:KEY}}'))).toBe('Basic [encode of user:[secret]:[handle KEY]]');
    expect(text(signed)).toBe('Basic [encode of [hmac of GET /orders, [handle KEY]]]');
  });

  it('what an agent supplies is text in it, and never says which secret it is computed over', () => {
    expect(rendered([signed], { path: '{{vault:OTHER}}' })).toBe(
      '[encode of [hmac of GET {{vault:OTHER}}, [handle KEY]]]',
    );
    const named = part(BASE64, '{{vault:{{which}}}}');
    expect(rendered([named])).toBe('[encode of [handle KEY]]');
    expect(rendered([named], { which: 'OTHER' })).toBe('SECRET/PLACE_NOT_ALLOWED');
  });

  const nested = (depth: number, width = 1): TemplatePart =>
    depth === 0
      ? part(BASE64, '{{vault:KEY}}')
      : part({ name: 'concat' }, ...Array.from({ length: width }, () => [nested(depth - 1, width)]));

  it('P12: computations nest so deep, and are so many, that the limits allow', () => {
    expect(rendered([nested(limits.derivedDepth - 1)])).toContain('handle KEY');
    expect(rendered([nested(limits.derivedDepth)])).toBe('SCRIPT/NOT_COMPUTED');
    const one = nested(0);
    expect(rendered(Array.from({ length: limits.derivedInRequest }, () => one))).toContain('handle KEY');
    expect(rendered(Array.from({ length: limits.derivedInRequest + 1 }, () => one))).toBe('SCRIPT/NOT_COMPUTED');
    // Each stands in the next a hundred times.
    const wide = Array.from({ length: 8 }).reduce<TemplatePart>(
      (inner) =>
        part(
          { name: 'concat' },
          Array.from({ length: 100 }, () => inner),
        ),
      one,
    );
    expect(rendered([wide])).toBe('SCRIPT/NOT_COMPUTED');
  });

  it('the secrets that stand in its inputs are known to the scrubber, each once however often it stands there', () => {
    const own = seal('value of the file');
    const inner = part(BASE64, [{ kind: 'sealed', value: own }]);
    const wide = Array.from({ length: 12 }).reduce<TemplatePart>(
      (each) =>
        part(
          { name: 'concat' },
          Array.from({ length: 9 }, () => each),
        ),
      inner,
    );
    const unused: Change = (template) => ({
      ...template,
      headers: [{ ...field(plainTemplate('X'), [wide]), enabled: false }],
    });
    const made = planned({ handles, change: unused });
    expect(made.scopeSecrets.map(reveal)).toEqual(['value of the file']);
  });

  it('a secret of the collection inside of it goes where the files alone send it', () => {
    const sealed = part(BASE64, [{ kind: 'sealed', value: seal('value of the file') }]);
    const made = planned({
      address: '{{base}}/a',
      collection: [['base', 'https://api.example.com']],
      overrides: { variables: { base: 'https://evil.example' } },
      change: inHeader('X', [sealed]),
    });
    expect([made.url.origin, made.statedOrigin]).toEqual(['https://evil.example', 'https://api.example.com']);
    expect(made.headers.flatMap(({ value }) => secretsOf(value)).map(({ kind }) => kind)).toEqual(['inline']);
  });
});
