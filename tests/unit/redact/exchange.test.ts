import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limits } from '../../../shared/limits.ts';
import { redactExchange } from '../../../shared/redact/redact-exchange.ts';
import { createScrubber } from '../../../shared/redact/scrubber.ts';
import { markRaw, type SafeExchange } from '../../../shared/stages/stages.ts';
import names from '../../vectors/field-names.json' with { type: 'json' };

const R = '[redacted]';
const secret = 'xq7-Handle+Value/42=';
const scrubber = createScrubber([{ id: 'h1', value: secret }]);

interface Given {
  readonly body?: string | Uint8Array;
  readonly type?: string;
  readonly headers?: readonly (readonly [string, string])[];
  readonly url?: string;
}

function redact({ body = '', type = 'application/json', headers = [], url = 'http://h/' }: Given) {
  return redactExchange({
    request: { method: 'GET', url, headers: [] },
    raw: markRaw({
      status: 200,
      statusText: 'OK',
      headers: [['Content-Type', type], ...headers],
      trailers: [],
      body: typeof body === 'string' ? new TextEncoder().encode(body) : body,
      timing: { totalMs: 1, firstByteMs: 1 },
    }),
    redirects: [],
    scrubber,
  });
}

function safe(given: Given): SafeExchange {
  const redacted = redact(given);
  if (!redacted.ok) throw new Error(redacted.failure.code);
  return redacted.value;
}

// [media type, body, kind, redacted body]
const bodies: readonly (readonly [string, string, string, string])[] = [
  ['application/json', '{"password":"x", "n": 1.0,"n":1e3 }\n', 'json', `{"password":"${R}", "n": 1.0,"n":1e3 }\n`],
  ['application/problem+json', '{"p\\u0061ssword":"x"}', 'json', `{"p\\u0061ssword":"${R}"}`],
  ['text/plain', ' [{"token":"x"}] ', 'json', ` [{"token":"${R}"}] `],
  ['application/json', `{"${secret}":"a ${secret} b"}`, 'json', `{"${R}":"a ${R} b"}`],
  ['application/json', '{"value":"x","name":"API_KEY"}', 'json', `{"value":"${R}","name":"API_KEY"}`],
  ['application/json', '{"key":"name","value":"x"}', 'json', '{"key":"name","value":"x"}'],
  [
    'application/json',
    '{"credentials":{"a":[1,{"password":"x"}]},"token":5,"pin":1234}',
    'json',
    `{"credentials":"${R}","token":5,"pin":"${R}"}`,
  ],
  [
    'application/json',
    '{"log":"user\\nAKIAIOSFODNN7EXAMPLE\\n","inner":"{\\"token\\":\\"x\\"}"}',
    'json',
    `{"log":"user\\n${R}\\n","inner":"{\\"token\\":\\"${R}\\"}"}`,
  ],
  [
    'application/json',
    '{"next":"https://h/x?api_key=abc&page=2"}',
    'json',
    `{"next":"https://h/x?api_key=${R}&page=2"}`,
  ],
  ['application/json', '"just a text"', 'json', '"just a text"'],
  ['application/json', '{"broken":1,"password": "x"', 'text', `{"broken":1,"password": "${R}"`],
  ['application/json', ')]}\'\n{"token":"x"}', 'text', `)]}'\n{"token":"${R}"}`],
  ['application/javascript', 'cb({"password":"x"})', 'text', `cb({"password":"${R}"})`],
  ['application/x-ndjson', '{"token":"x"}\n{"a":1}\n', 'text', `{"token":"${R}"}\n{"a":1}\n`],
  ['text/event-stream', 'event: a\ndata: {"token":"x"}\n\n', 'text', `event: a\ndata: {"token":"${R}"}\n\n`],
  [
    'application/x-www-form-urlencoded',
    'a=1&password=x&client%5Fsecret=y',
    'text',
    `a=1&password=${R}&client%5Fsecret=${R}`,
  ],
  [
    'text/html',
    '<input name="csrf_token" value="x"><input value="y" name="q">',
    'text',
    `<input name="csrf_token" value="${R}"><input value="y" name="q">`,
  ],
  [
    'application/xml',
    '<a><ns:password kind="p">x</ns:password><user>bob</user><secret><![CDATA[x]]></secret></a>',
    'text',
    `<a><ns:password kind="p">${R}</ns:password><user>bob</user><secret>${R}</secret></a>`,
  ],
  [
    'application/xml',
    '<add key="ApiKey" value="x"/><login password="x" user="bob"/>',
    'text',
    `<add key="ApiKey" value="${R}"/><login password="${R}" user="bob"/>`,
  ],
  [
    'text/plain',
    'password: x\nuser: bob\nAuthorization: Bearer abc\ntoken_type=bearer\nmax_tokens: 5',
    'text',
    `password: ${R}\nuser: bob\nAuthorization: Bearer ${R}\ntoken_type=bearer\nmax_tokens: 5`,
  ],
  [
    'multipart/form-data; boundary=x',
    '--x\r\nContent-Disposition: form-data; name="password"\r\n\r\nhunter2\r\n--x--',
    'text',
    `--x\r\nContent-Disposition: form-data; name="password"\r\n\r\n${R}\r\n--x--`,
  ],
  ['text/plain', `as is ${secret} and %78%71${secret.slice(2)}`, 'text', `as is ${R} and ${R}`],
];

describe('redactExchange', () => {
  it.each(bodies)('P1: %s %s', (type, body, kind, expected) => {
    expect(safe({ type, body }).body).toMatchObject({ kind, text: expected });
    expect(safe({ type, body: expected })).toMatchObject({
      body: { kind, text: expected },
      redactions: { count: 0, reasons: [] },
    });
  });

  it('P1: redacts every sensitive name of a JSON text and copies every benign one byte by byte', () => {
    const body = JSON.stringify(Object.fromEntries(names.secret.map((name) => [name, 'hunter2-value'])));
    expect(safe({ body }).body.text).not.toContain('hunter2');
    const benign = JSON.stringify(
      Object.fromEntries([...names.benign, ...names.context].map((name) => [name, 'some value'])),
      null,
      1,
    );
    expect(safe({ body: benign })).toMatchObject({ body: { kind: 'json', text: benign }, redactions: { count: 0 } });
  });

  it('says how much it took and why', () => {
    const body = JSON.stringify({ password: 'x', a: secret, b: 'AKIAIOSFODNN7EXAMPLE' });
    expect(safe({ body }).redactions).toEqual({ count: 3, reasons: ['field-name', 'known-value', 'shape'] });
    expect(safe({ body: Uint8Array.of(0, 1, 2, 0xff) }).redactions).toEqual({ count: 1, reasons: ['binary'] });
  });

  it('decodes by byte order mark and charset; what is no text is withheld as binary', () => {
    const utf16 = new Uint8Array(Buffer.from(`\ufeff{"password":"x"}`, 'utf16le'));
    expect(safe({ body: utf16 }).body).toMatchObject({ kind: 'json', text: `{"password":"${R}"}` });
    const latin = new Uint8Array(Buffer.from('caf\xe9', 'latin1'));
    expect(safe({ body: latin, type: 'text/plain; charset=ISO-8859-1' }).body).toMatchObject({
      kind: 'text',
      text: 'café',
    });
    expect(safe({ body: latin, type: 'text/plain' }).body).toEqual({
      kind: 'binary',
      contentType: 'text/plain',
      bytes: 4,
    });
    expect(safe({ body: 'abc', type: 'text/plain; charset=nonsense' }).body.kind).toBe('binary');
    expect(safe({ body: `a\0${secret}` }).body.kind).toBe('binary');
    expect(safe({}).body).toEqual({ kind: 'empty', contentType: 'application/json', bytes: 0 });
  });

  it('P7: withholds a body that is over its limits, just over and far over', () => {
    const nest = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
    expect(redact({ body: nest(limits.redactDepth) }).ok).toBe(true);
    for (const body of [nest(limits.redactDepth + 1), nest(200_000), `data: ${nest(limits.redactDepth + 1)}\n\nx`]) {
      const withheld = { kind: 'withheld', contentType: 'application/json', bytes: body.length };
      expect(redact({ body })).toMatchObject({ ok: true, value: { status: 200, body: withheld } });
      expect(JSON.stringify(redact({ body }))).not.toContain('[[[');
    }
  });

  it('P1: a secret that stands across strings of a JSON text is gone all the same', () => {
    const across = createScrubber([{ id: 'x', value: 'abcdef","b":"ghijkl' }]);
    const raw = markRaw({
      status: 200,
      statusText: '',
      headers: [],
      trailers: [],
      body: new TextEncoder().encode('{"a":"abcdef","b":"ghijkl"}'),
      timing: { totalMs: 0, firstByteMs: 0 },
    });
    const redacted = redactExchange({
      request: { method: 'GET', url: '/', headers: [] },
      raw,
      redirects: [],
      scrubber: across,
    });
    expect(redacted).toMatchObject({ ok: true, value: { body: { kind: 'text', text: `{"a":"${R}"}` } } });
  });

  it('P1: a number that is a secret becomes a text', () => {
    const digits = createScrubber([{ id: 'x', value: '4929123456789012' }]);
    const raw = markRaw({
      status: 200,
      statusText: '',
      headers: [],
      trailers: [],
      body: new TextEncoder().encode('{"n":4929123456789012,"m":[1]}'),
      timing: { totalMs: 0, firstByteMs: 0 },
    });
    const redacted = redactExchange({
      request: { method: 'GET', url: '/', headers: [] },
      raw,
      redirects: [],
      scrubber: digits,
    });
    expect(redacted).toMatchObject({ ok: true, value: { body: { kind: 'json', text: `{"n":"${R}","m":[1]}` } } });
  });

  it('keeps valid JSON valid and, without secrets, unchanged; and is idempotent', () => {
    const text = fc.json({ maxDepth: 4 });
    fc.assert(
      fc.property(text, fc.nat(3), (given, indent) => {
        const body = JSON.stringify(JSON.parse(given), null, indent);
        const once = safe({ body });
        expect(once.body.kind).toBe('json');
        JSON.parse(once.body.text ?? '');
        expect(once.redactions.count > 0 || once.body.text === body).toBe(true);
        expect(safe({ body: once.body.text ?? '' }).body.text).toBe(once.body.text);
      }),
      { numRuns: 1_000 },
    );
  });
});
