import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BodyTemplate, PartTemplate } from '../../../shared/collection/model.ts';
import { ok } from '../../../shared/failure/result.ts';
import { limits } from '../../../shared/limits.ts';
import { planJsonText } from '../../../shared/request/json-text.ts';
import { mediaTypeOf } from '../../../shared/request/media-types.ts';
import { writeBody, writeHeaders, writeText } from '../../../shared/request/write-request.ts';
import { lexSealed, lexTemplate } from '../../../shared/template/lex.ts';
import { handle } from '../template/scope-of.ts';
import { type FieldRow, failureOf, field, opener, planned, planOf, type RequestSketch } from './plan-support.ts';

// The runtime's own copy: its results are what Postman sends.
const runtime = createRequire(createRequire(import.meta.url).resolve('postman-runtime'));
const stripJsonComments = runtime('strip-json-comments') as (text: string, options: object) => string;

const decoder = new TextDecoder();
const raw = (text: string, language?: string): BodyTemplate => ({
  kind: 'raw',
  text: lexTemplate(text),
  ...(language !== undefined && { language }),
});
const form = (...rows: FieldRow[]): BodyTemplate => ({ kind: 'urlencoded', fields: rows.map(field) });
const multipart = (...parts: PartTemplate[]): BodyTemplate => ({ kind: 'multipart', parts });
const textPart = (row: FieldRow, contentType?: string): PartTemplate => ({
  kind: 'text',
  ...field(row),
  ...(contentType !== undefined && { contentType: lexTemplate(contentType) }),
});

function written(sketch: RequestSketch, values = {}): { text: string | undefined; type: string | undefined } {
  const { bytes, contentType } = writeBody(planned({ method: 'POST', ...sketch }).body, opener(values), 'B');
  return { text: bytes && decoder.decode(bytes), type: contentType };
}

describe('raw bodies', () => {
  it.each([
    [raw('a'), 'a', 'text/plain'],
    [raw('{}', 'json'), '{}', 'application/json'],
    [raw('<a/>', 'xml'), '<a/>', 'application/xml'],
    [raw('<a/>', 'html'), '<a/>', 'text/html'],
    [raw('1', 'javascript'), '1', 'application/javascript'],
    [raw('1', 'klingon'), '1', 'text/plain'],
    [raw('1', 'constructor'), '1', 'text/plain'],
    [raw('{{e}}'), undefined, undefined],
    [{ kind: 'none' } as const, undefined, undefined],
  ])('%j', (body, text, type) => {
    expect(written({ body, environment: [['e', '']] })).toEqual({ text, type });
  });

  it.each(['GET', 'HEAD', 'COPY', 'PURGE', 'UNLOCK'])('%s carries none, unless the request says so', (method) => {
    expect(planned({ method, body: raw('{{gone}}') }).body).toEqual({ kind: 'none' });
    const kept = planned({ method, body: raw('x'), settings: { disableBodyPruning: true } });
    expect(kept.body.kind).toBe('text');
  });

  it('is refused over the limit', () => {
    const body = raw('{{a}}{{a}}');
    const overrides = { variables: { a: 'x'.repeat(limits.requestBodyBytes / 2 + 1) } };
    expect(failureOf(planOf({ method: 'POST', body, overrides }))).toBe('TEMPLATE/TOO_LARGE');
  });
});

describe('JSON texts', () => {
  it.each([
    ['{"a":1}', '{"a":1}'],
    ['{"a":1} // end', '{"a":1} '],
    ['// a\r\n{}', '\n{}'],
    ['{/* a */}', '{}'],
    ['{/* a', '{'],
    ['"//" /**/ "/*"', '"//"  "/*"'],
    ['"\\"//"', '"\\"//"'],
    ['"\\\\"//', '"\\\\"'],
  ])('%j is sent as %j', (text, expected) => {
    expect(written({ body: raw(text, 'json') }).text).toBe(expected);
  });

  it('comments go as strip-json-comments takes them out', () => {
    const text = fc
      .array(fc.constantFrom('"', '\\', '//', '/*', '*/', '\n', '\r\n', 'a', '/', '*', ' '), { maxLength: 20 })
      .map((bits) => bits.join(''));
    fc.assert(
      fc.property(text, (each) => {
        const planned = planJsonText([{ kind: 'text', text: each }]);
        expect(writeText(planned, opener())).toBe(stripJsonComments(each, { whitespace: false }));
      }),
      { numRuns: 1_000 },
    );
  });

  it.each([
    ['{"k":"{{vault:k}}"}', '{"k":"a\\"b\\n"}'],
    ['{"k":{{vault:k}}}', '{"k":a"b\n}'],
    ['{"k":"{{s}}"}', '{"k":"in"line"}'],
    ['{"k":1} // {{vault:k}}', '{"k":1} '],
    ['{"a":"x{{vault:k}}y","b":"{{vault:k}}"}', '{"a":"xa\\"b\\ny","b":"a\\"b\\n"}'],
  ])('the secret in %s is escaped for where it stands', (text, expected) => {
    const sketch = {
      body: raw(text, 'json'),
      handles: [handle('k')],
      environment: [['s', 'in"line', 'sealed']],
    } as const;
    expect(written(sketch, { k: 'a"b\n' }).text).toBe(expected);
  });

  it.each([
    ['application/json', 'a'],
    ['application/vnd.x+json; charset=utf-8', 'a'],
    ['text/plain', 'a//b'],
  ])('without a language the header %s decides', (type, expected) => {
    expect(written({ body: raw('a//b'), headers: [['Content-Type', type]] }).text).toBe(expected);
  });
});

describe('graphql', () => {
  const graphql = (query: string, variables = '', operationName?: string): BodyTemplate => ({
    kind: 'graphql',
    query: lexTemplate(query),
    variables: lexTemplate(variables),
    ...(operationName !== undefined && { operationName: lexTemplate(operationName) }),
  });

  it.each([
    [graphql('{ a }'), '{"query":"{ a }"}'],
    [
      graphql('{\n a(b: "c") }', '{"x": {{v}}}', 'Q'),
      '{"query":"{\\n a(b: \\"c\\") }","operationName":"Q","variables":{"x": va"l}}',
    ],
    [graphql('{ a(b: "{{v}}") }'), '{"query":"{ a(b: \\"va\\"l\\") }"}'],
    [
      graphql('{ a(b: "{{vault:k}}") }', '{"p": "{{vault:k}}"}'),
      '{"query":"{ a(b: \\"q\\"r\\") }","variables":{"p": "q\\"r"}}',
    ],
  ])('%j', (body, expected) => {
    const sketch = { body, environment: [['v', 'va"l']], handles: [handle('k')] } as const;
    expect(written(sketch, { k: 'q"r' })).toEqual({ text: expected, type: 'application/json' });
  });
});

describe('forms', () => {
  const FORM = 'application/x-www-form-urlencoded';

  it('is encoded wholly, in the order of the file', () => {
    const body = form(['a b', "!'()*~-_.+%41&=é😀"], ['off', '1', 'off'], ['{{v}}', ''], ['a b', '2']);
    const text = 'a%20b=%21%27%28%29%2A~-_.%2B%2541%26%3D%C3%A9%F0%9F%98%80&x%26=&a%20b=2';
    expect(written({ body, environment: [['v', 'x&']] })).toEqual({ text, type: FORM });
  });

  it('P2: no secret can add a field', () => {
    const body = form(['k', '{{vault:k}}'], ['s', 'a&b=c', 'sealed']);
    expect(written({ body, handles: [handle('k')] }, { k: '1&admin=1' }).text).toBe('k=1%26admin%3D1&s=a%26b%3Dc');
  });

  it.each([
    ['text/plain', []],
    ['application/x-www-form-urlencoded; charset=utf-8', ['application/x-www-form-urlencoded; charset=utf-8']],
  ])('a Content-Type of %s: %j is kept', (type, kept) => {
    const plan = planned({ method: 'POST', body: form(['a', '1']), headers: [['Content-Type', type]] });
    expect(plan.headers.map(({ value }) => writeText(value, opener()))).toEqual(kept);
  });

  it.each([[form(['a', '1', 'off'])], [form()], [multipart(textPart(['a', '1', 'off']))]])('%j is no body', (body) => {
    expect(planned({ method: 'POST', body }).body).toEqual({ kind: 'none' });
  });
});

describe('multipart', () => {
  const upload = { fileName: 'a.png', bytes: new TextEncoder().encode('PNG') };
  const filePart = (paths: readonly string[], more = {}): PartTemplate => ({
    kind: 'file',
    name: lexTemplate('f'),
    paths: paths.map(lexTemplate),
    enabled: true,
    ...more,
  });
  const body = (...lines: string[]) => [...lines, '--B--', ''].join('\r\n');
  const disposition = (rest: string) => `Content-Disposition: form-data; ${rest}`;

  it.each<[string, PartTemplate, string]>([
    ['text', textPart(['a', 'x\r\n--B']), body('--B', disposition('name="a"'), '', 'x\r\n--B')],
    [
      'typed text',
      textPart(['a', '{}'], 'application/json'),
      body('--B', disposition('name="a"'), 'Content-Type: application/json', '', '{}'),
    ],
    [
      'file',
      filePart(['a.png']),
      body('--B', disposition('name="f"; filename="a.png"'), 'Content-Type: image/png', '', 'PNG'),
    ],
    [
      'named file',
      filePart(['a.png'], { fileName: lexTemplate('b.gif') }),
      body('--B', disposition('name="f"; filename="b.gif"'), 'Content-Type: image/png', '', 'PNG'),
    ],
    ['no file', filePart([]), body('--B', disposition('name="f"; filename=""'), '', '')],
    ['hostile name', textPart(['a"\r\nX: y', '1']), body('--B', disposition('name="a%22%0D%0AX: y"'), '', '1')],
    [
      'hostile file name',
      filePart(['a.png'], { fileName: lexTemplate('"\r\n\r\n') }),
      body('--B', disposition('name="f"; filename="%22%0D%0A%0D%0A"'), 'Content-Type: image/png', '', 'PNG'),
    ],
  ])('%s', (_, part, expected) => {
    const sketch = { body: multipart(part), readAttachment: () => ok(upload) };
    expect(written(sketch)).toEqual({ text: expected, type: 'multipart/form-data; boundary=B' });
  });

  it('P2: no secret can end its name or start a part header', () => {
    const part = textPart(['{{vault:k}}', 'v']);
    const { text } = written({ body: multipart(part), handles: [handle('k')] }, { k: 'a"\r\nX-Evil: 1\r\n\r\n' });
    expect(text).toBe(body('--B', disposition('name="a%22%0D%0AX-Evil: 1%0D%0A%0D%0A"'), '', 'v'));
  });

  it.each([
    ['a content type with a line break', textPart(['a', '1'], 'a\r\nb'), 'REQUEST/HEADER_INVALID'],
    ['a secret as content type', textPart(['a', '1'], '{{vault:k}}'), 'SECRET/PLACE_NOT_ALLOWED'],
    ['a secret as file name', filePart(['a.png'], { fileName: lexSealed('hush') }), 'SECRET/PLACE_NOT_ALLOWED'],
    ['a secret as path', filePart(['{{vault:k}}']), 'SECRET/PLACE_NOT_ALLOWED'],
  ])('%s is refused', (_, part, code) => {
    expect(
      failureOf(
        planOf({ method: 'POST', body: multipart(part), handles: [handle('k')], readAttachment: () => ok(upload) }),
      ),
    ).toBe(code);
  });

  it.each([
    [100, 1, 'no failure'],
    [101, 1, 'REQUEST/BODY_TOO_LARGE'],
    [100_000, 1, 'REQUEST/BODY_TOO_LARGE'],
  ])('P12: one file named %i times is read %i time: %s', (times, reads, code) => {
    let read = 0;
    const bytes = new Uint8Array(limits.requestBodyBytes / 100);
    const readAttachment = () => {
      read += 1;
      return ok({ fileName: 'a', bytes });
    };
    const body = multipart(filePart(Array.from({ length: times }, () => 'a')));
    expect(failureOf(planOf({ method: 'POST', body, readAttachment }))).toBe(code);
    expect(read).toBe(reads);
  });

  it('a file that cannot be read stops the plan', () => {
    expect(failureOf(planOf({ method: 'POST', body: multipart(filePart(['gone.png'])) }))).toBe(
      'REQUEST/FILE_UNAVAILABLE',
    );
  });

  it('sets its own Content-Type', () => {
    const plan = planned({
      method: 'POST',
      body: multipart(textPart(['a', '1'])),
      headers: [['content-type', 'multipart/form-data']],
    });
    expect(plan.headers).toEqual([]);
  });
});

describe('files', () => {
  it('are sent as they are, under the type of their name', () => {
    const bytes = new Uint8Array([0, 255, 128]);
    const plan = planned({
      method: 'PUT',
      body: { kind: 'file', path: lexTemplate('{{dir}}/a.pdf') },
      environment: [['dir', 'files']],
      readAttachment: (path) => ok({ fileName: path, bytes }),
    });
    expect(plan.body).toEqual({ kind: 'bytes', bytes, contentType: 'application/pdf' });
  });

  it.each([
    [0, 'no failure'],
    [1, 'REQUEST/BODY_TOO_LARGE'],
  ])('%i bytes over the limit', (more, code) => {
    const readAttachment = () => ok({ fileName: 'a', bytes: new Uint8Array(limits.requestBodyBytes + more) });
    expect(failureOf(planOf({ method: 'PUT', body: { kind: 'file', path: lexTemplate('a') }, readAttachment }))).toBe(
      code,
    );
  });

  it.each([
    ['a.JSON', 'application/json'],
    ['a', 'application/octet-stream'],
    ['a.constructor', 'application/octet-stream'],
    ['.png', 'image/png'],
  ])('%s is %s', (name, type) => {
    expect(mediaTypeOf(name)).toBe(type);
  });
});

describe('the agent replaces the body', () => {
  it.each<[BodyTemplate, string, string]>([
    [raw('{{gone}}', 'json'), '{} // {{vault:k}}', 'application/json'],
    [raw('{{gone}}', 'xml'), '<a/>', 'application/xml'],
    [form(['a', '{{gone}}']), 'b=2', 'application/x-www-form-urlencoded'],
    [{ kind: 'graphql', query: [], variables: [] }, '{"query":"{a}"}', 'application/json'],
    [{ kind: 'none' }, ' {"a":1}', 'application/json'],
    [{ kind: 'none' }, 'text', 'text/plain'],
    [raw('x'), '[1]', 'application/json'],
  ])('of %j with %j', (body, text, type) => {
    expect(written({ body, overrides: { body: text } })).toEqual({ text, type });
  });

  it.each<[RequestSketch, string]>([
    [{ method: 'GET', overrides: { body: 'x' } }, 'REQUEST/BODY_INVALID'],
    [{ method: 'POST', body: multipart(textPart(['a', '1'])), overrides: { body: 'x' } }, 'REQUEST/BODY_INVALID'],
    [{ method: 'POST', overrides: { body: 'x'.repeat(limits.requestBodyBytes + 1) } }, 'REQUEST/BODY_TOO_LARGE'],
    [{ method: 'GET', settings: { disableBodyPruning: true }, overrides: { body: 'x' } }, 'no failure'],
  ])('%#: %s', (sketch, code) => {
    expect(failureOf(planOf(sketch))).toBe(code);
  });

  it('with nothing: there is no body', () => {
    expect(written({ body: raw('x'), overrides: { body: '' } })).toEqual({ text: undefined, type: undefined });
  });
});

describe('the path of a file', () => {
  const saved = {
    method: 'POST',
    environment: [
      ['file', 'saved.txt'],
      ['by', '{{agent}}'],
      ['file_', 'none.txt'],
      ['file_b', 'b.txt'],
      ['agent', 'x'],
    ] as const,
    readAttachment: (path: string) => ok({ fileName: path, bytes: new Uint8Array(1) }),
  };
  const bodies = (path: string): readonly BodyTemplate[] => [
    { kind: 'file', path: lexTemplate(path) },
    multipart({ kind: 'file', name: lexTemplate('f'), enabled: true, paths: [lexTemplate(path)] }),
  ];
  const outcomes = (path: string, variables: Readonly<Record<string, string>>) =>
    bodies(path).map((body) => failureOf(planOf({ ...saved, body, overrides: { variables } })));

  it.each(['{{agent}}', 'a/{{agent}}', '{{by}}', '{{file_{{agent}}}}'])(
    'P8: is the files’ word alone: %s with a variable of the agent',
    (path) => {
      expect(outcomes(path, { agent: 'b' })).toEqual(['INPUT/INVALID', 'INPUT/INVALID']);
      expect(outcomes(path, { agent: '' })).toEqual(['INPUT/INVALID', 'INPUT/INVALID']);
    },
  );

  it.each(['saved.txt', '{{file}}', 'a/{{file}}', '{{by}}'])('may hold saved variables: %s', (path) => {
    expect(outcomes(path, { other: 'b' })).toEqual(['no failure', 'no failure']);
  });
});

describe('headers as written', () => {
  it.each(['a\r\nX-Evil: 1', 'a\nb', 'a\0', '☃'])('P1: an opened secret %j is refused without the value', (value) => {
    const plan = planned({ headers: [['X-A', 'Key {{vault:k}}']], handles: [handle('k')] });
    const result = writeHeaders(plan.headers, opener({ k: value }));
    expect(result).toEqual({
      ok: false,
      failure: {
        code: 'REQUEST/HEADER_INVALID',
        facts: { name: 'X-A', problem: 'its value has characters that a header cannot hold' },
      },
    });
  });

  it('opens secrets where they stand', () => {
    const plan = planned({
      headers: [
        ['X-A', 'Key {{vault:k}}!'],
        ['X-B', '{{s}}'],
      ],
      handles: [handle('k')],
      environment: [['s', 'hush', 'sealed']],
    });
    expect(writeHeaders(plan.headers, opener({ k: 'v' }))).toEqual({
      ok: true,
      value: [
        ['X-A', 'Key v!'],
        ['X-B', 'hush'],
      ],
    });
  });
});
