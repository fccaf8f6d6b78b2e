import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limits } from '../../../shared/limits.ts';
import { redactExchange } from '../../../shared/redact/redact-exchange.ts';
import { createScrubber, type Scrubber } from '../../../shared/redact/scrubber.ts';
import { type Incomplete, markRaw, type SafeExchange } from '../../../shared/stages/stages.ts';
import names from '../../vectors/field-names.json' with { type: 'json' };

const R = '[redacted]';
const secret = 'xq7-Handle+Value/42=';
const scrubber = createScrubber([{ id: 'h1', value: secret }]);

interface Given {
  readonly body?: string | Uint8Array;
  readonly type?: string;
  readonly headers?: readonly (readonly [string, string])[];
  readonly url?: string;
  readonly undecoded?: string;
  readonly known?: Scrubber;
  readonly incomplete?: Incomplete;
}

function redact(given: Given) {
  const {
    body = '',
    type = 'application/json',
    headers = [],
    url = 'http://h/',
    undecoded,
    known = scrubber,
    incomplete,
  } = given;
  return redactExchange({
    request: { method: 'GET', url, headers: [] },
    raw: markRaw({
      status: 200,
      statusText: 'OK',
      headers: [['Content-Type', type], ...headers],
      trailers: [],
      body: typeof body === 'string' ? new TextEncoder().encode(body) : body,
      timing: { totalMs: 1, firstByteMs: 1 },
      ...(undecoded !== undefined && { undecoded }),
      ...(incomplete && { incomplete }),
    }),
    redirects: [],
    scrubber: known,
  });
}

function safe(given: Given): SafeExchange {
  const redacted = redact(given);
  if (!redacted.ok) throw new Error(redacted.failure.code);
  return redacted.value.exchange;
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
    expect(safe({ body: 'abc', type: 'text/plain; charset=nonsense' }).body).toMatchObject({
      kind: 'text',
      text: 'abc',
    });
    expect(safe({ body: `a\0${secret}` }).body.kind).toBe('binary');
    expect(safe({}).body).toEqual({ kind: 'empty', contentType: 'application/json', bytes: 0 });
  });

  it('P12: redacts a body of any depth, and says when it is too deep for most readers', () => {
    const nest = (levels: number) => `${'['.repeat(levels)}{"password":"hunter2"}${']'.repeat(levels)}`;
    for (const levels of [limits.valueDepth - 1, limits.valueDepth, 200_000]) {
      const { body } = safe({ body: nest(levels) });
      expect(body.kind).toBe('json');
      expect(body.text === nest(levels).replace('hunter2', R)).toBe(true);
      expect(body.deep).toBe(levels < limits.valueDepth ? undefined : true);
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
    expect(redacted).toMatchObject({
      ok: true,
      value: { exchange: { body: { kind: 'json', text: `{"a":"${R}","${R}":"${R}"}` } } },
    });
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
    expect(redacted).toMatchObject({
      ok: true,
      value: { exchange: { body: { kind: 'json', text: `{"n":"${R}","m":[1]}` } } },
    });
  });

  it('P1: a number that reads as a secret becomes a text', () => {
    const digits = createScrubber([{ id: 'x', value: '12345678901234' }]);
    const shownAs = (body: string) => safe({ body, known: digits }).body.text;
    const same = [
      '1.2345678901234e13',
      '12345678901234.0',
      '123456789012340e-1',
      '0.12345678901234E+14',
      '12345678901233.9999',
    ];
    for (const number of same) {
      expect(shownAs(`{"a":"b","n":${number}}`)).toBe(`{"a":"b","n":"${R}"}`);
      expect(shownAs(`[1.5,-${number}]`)).toBe(`[1.5,"${R}"]`);
    }
    expect(shownAs('1.2345678901234e13')).toBe(`"${R}"`);
    for (const other of ['1.2345678901234e12', '12345678901233.4999', '1e400', '1e-400', '3.1415926535897931'])
      expect(shownAs(`[${other},5]`)).toBe(`[${other},5]`);
  });

  it('P1: a secret under a wrong charset is withheld with its body; under the right one it is redacted', () => {
    const inText = `x ${secret} y`;
    const wrong: readonly (readonly [string, Buffer])[] = [
      ['utf-16le', Buffer.from(inText)],
      ['utf-16be', Buffer.from(inText)],
      ['utf-8', Buffer.concat([Buffer.of(0xff, 0xfe), Buffer.from(inText)])],
      ['utf-8', Buffer.concat([Buffer.of(0xfe, 0xff), Buffer.from(inText)])],
      ['utf-16be', Buffer.from(inText, 'utf16le')],
      ['utf-16le', Buffer.from(inText, 'utf16le').swap16()],
      ['shift_jis', Buffer.concat([Buffer.of(0x81), Buffer.from(secret)])],
    ];
    for (const [charset, body] of wrong) {
      const even = body.length % 2 === 0 ? body : Buffer.concat([body, Buffer.from(' ')]);
      const shown = safe({ body: even, type: `text/plain; charset=${charset}` });
      expect(shown.body).toMatchObject({ kind: 'binary' });
      expect(shown.body.text).toBeUndefined();
    }
    const right = safe({ body: Buffer.from(inText, 'utf16le'), type: 'text/plain; charset=utf-16le' });
    expect(right.body).toMatchObject({ kind: 'text', text: `x ${R} y` });
  });

  it('P1: a body whose content coding was not undone is binary, whatever it looks like', () => {
    const shown = safe({ body: `{"a":"readable"}`, undecoded: 'zstd' });
    expect(shown).toMatchObject({ body: { kind: 'binary', bytes: 16 }, redactions: { count: 1, reasons: ['binary'] } });
    expect(shown.body.text).toBeUndefined();
    expect(safe({ body: '', undecoded: 'zstd' }).body.kind).toBe('empty');
  });

  it('P1: takes a secret split over the data lines of an event', () => {
    const body = `data: ${secret.slice(0, 8)}\ndata: ${secret.slice(8)}\n\n`;
    expect(safe({ body, type: 'text/event-stream' }).body.text).toBe(`data: ${R}\n\n`);
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
      { numRuns: 300 },
    );
  });

  const minted = 'aB3xQ9z7pLm4Kd8W2';
  it('P1: takes a minted value wherever the same answer shows it again, and hands it over', () => {
    const body = JSON.stringify({
      access_token: minted,
      again: { list: [`x ${minted} y`], [minted]: 1 },
      password: 'short',
    });
    const headers = [
      ['X-Echo', `id=${minted}`],
      ['Set-Cookie', 'sid=9fK2mQ7xW1zR4tB8; Path=/'],
    ] as const;
    for (const type of ['application/json', 'text/plain']) {
      const answer = redact({
        body: type === 'text/plain' ? `token: ${minted}\nagain ${minted}\n` : body,
        type,
        headers,
      });
      if (!answer.ok) throw new Error(answer.failure.code);
      const { exchange, taken } = answer.value;
      expect(JSON.stringify(exchange)).not.toContain(minted);
      expect(exchange.headers).toContainEqual({ name: 'X-Echo', value: `id=${R}` });
      expect(taken).toEqual([minted, '9fK2mQ7xW1zR4tB8']);
    }
    expect(safe({ body, headers }).body.text).toBe(
      `{"access_token":"${R}","again":{"list":["x ${R} y"],"${R}":1},"password":"${R}"}`,
    );
  });

  it('hands over nothing that is no credential by its name and its look, and a bounded number of values', () => {
    const many = Array.from({ length: 100 }, (_, index) => ({ token: `${minted}${index}` }));
    const takenOf = (body: unknown) => {
      const answer = redact({ body: JSON.stringify(body) });
      return answer.ok ? answer.value.taken : [];
    };
    expect(
      takenOf({ id: minted, password: 'hunter2', ssn: minted, token: 'two words', secret: 'x'.repeat(9_000) }),
    ).toEqual([]);
    expect(takenOf({ Authorization: `Bearer ${minted}` })).toEqual([minted]);
    expect(takenOf(many)).toHaveLength(64);
  });

  it('P1: a text that was cut short shows no beginning of a secret at its end', () => {
    const raw = `a line\n${secret}`;
    for (let end = 8; end <= raw.length; end += 1) {
      const shown = safe({ body: raw.slice(0, end), type: 'text/plain', incomplete: 'time' });
      expect(shown.body.kind).toBe('text');
      expect(shown.body.text).not.toContain(secret.slice(0, 4));
    }
    const cut = new TextEncoder().encode('{"a":"é').subarray(0, 7);
    expect(safe({ body: cut, incomplete: 'size', known: createScrubber([]) }).body).toMatchObject({
      kind: 'text',
      text: '{"a":',
    });
  });
});
