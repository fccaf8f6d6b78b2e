// Where a server may reflect a credential × how it spells it × the media type × the kind of credential.
import { describe, expect, it } from 'vitest';
import { redactExchange } from '../../shared/redact/redact-exchange.ts';
import { createScrubber, type KnownSecret } from '../../shared/redact/scrubber.ts';
import { markRaw, type RawFields } from '../../shared/stages/stages.ts';
import { encoders, leaksIn } from './spellings.ts';

type Headers = readonly (readonly [string, string])[];

interface Sent {
  readonly secret: string;
  readonly url: string;
  readonly headers: Headers;
}

// It holds what reads like a field: taking that out alone must not hide the rest.
const secret = 'Qx7/live+Secret==94_zT"w';

// What the signer puts on the wire for each type of auth.
const auths: Readonly<Record<string, Sent>> = {
  bearer: { secret, url: 'http://h/', headers: [['Authorization', `Bearer ${secret}`]] },
  basic: {
    secret,
    url: 'http://h/',
    headers: [['Authorization', `Basic ${Buffer.from(`svcuser:${secret}`).toString('base64')}`]],
  },
  'apikey in a header': { secret, url: 'http://h/', headers: [['X-Custom', secret]] },
  'apikey in the query': { secret, url: `http://h/?q=${encodeURIComponent(secret)}`, headers: [] },
  'apikey in a cookie': { secret, url: 'http://h/', headers: [['Cookie', `other=1; k=${secret}`]] },
};

const json = (value: unknown) => ['application/json', JSON.stringify(value)] as const;

// [content type, body]
const bodies: Readonly<Record<string, (text: string) => readonly [string, string]>> = {
  'JSON value': (text) => json({ seen: text }),
  'JSON value in a sentence': (text) => json({ list: [{ message: `invalid key ${text} given` }] }),
  'JSON key': (text) => json({ [text]: true }),
  'JSON in JSON': (text) => json({ body: JSON.stringify({ seen: text }) }),
  'JSON, not valid': (text) => ['application/json', `{"seen": "${text}"`],
  'NDJSON line': (text) => ['application/x-ndjson', `{"a":1}\n${JSON.stringify({ seen: text })}\n`],
  'server-sent event': (text) => ['text/event-stream', `event: seen\ndata: ${JSON.stringify({ seen: text })}\n\n`],
  'form field': (text) => ['application/x-www-form-urlencoded', `a=1&seen=${text}&b=2`],
  'XML text': (text) => ['application/xml', `<r><seen>${text}</seen></r>`],
  'HTML attribute': (text) => ['text/html', `<p title='${text}'>hello</p>`],
  'CSV cell': (text) => ['text/csv', `id,seen\r\n1,${text}\r\n`],
  'multipart part': (text) => [
    'multipart/form-data; boundary=b',
    `--b\r\nContent-Disposition: form-data; name="seen"\r\n\r\n${text}\r\n--b--\r\n`,
  ],
  'plain text': (text) => ['text/plain', `you sent ${text}.`],
  'no media type': (text) => ['', `you sent ${text}.`],
};

const places: Record<string, (text: string) => Partial<RawFields>> = {
  'header value': (text) => ({ headers: [['X-Seen', text]] }),
  'header name': (text) => ({ headers: [[text, 'x']] }),
  Location: (text) => ({ headers: [['Location', `https://elsewhere.example/?seen=${text}`]] }),
  'Set-Cookie': (text) => ({ headers: [['Set-Cookie', `seen=${text}; Path=/; HttpOnly`]] }),
  'Set-Cookie attribute': (text) => ({ headers: [['Set-Cookie', `a=b; Path=/${text}`]] }),
  'WWW-Authenticate': (text) => ({ headers: [['WWW-Authenticate', `Bearer realm="${text}"`]] }),
  'content type': (text) => ({ headers: [['Content-Type', `text/plain; x=${text}`]] }),
  trailer: (text) => ({ trailers: [['X-Seen', text]] }),
  'status text': (text) => ({ statusText: `Bad ${text}` }),
};
for (const [name, make] of Object.entries(bodies)) {
  places[name] = (text) => {
    const [type, body] = make(text);
    return { headers: type ? [['Content-Type', type]] : [], body: Buffer.from(body) };
  };
}

const empty: RawFields = {
  status: 200,
  statusText: 'OK',
  headers: [],
  trailers: [],
  body: new Uint8Array(),
  timing: { totalMs: 0, firstByteMs: 0 },
};

/** Every text of a value, names included, as a reader of the result has them. */
function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, child]) => [name, ...textsOf(child)]);
}

function shown(sent: Sent, fields: Partial<RawFields>): Buffer {
  const known: readonly KnownSecret[] = [{ id: 'h1', value: sent.secret }];
  const redacted = redactExchange({
    request: { method: 'GET', url: sent.url, headers: sent.headers },
    raw: markRaw({ ...empty, ...fields }),
    redirects: [{ status: 302, method: 'GET', url: sent.url }],
    scrubber: createScrubber(known),
  });
  expect(redacted.ok).toBe(true);
  return Buffer.from(textsOf(redacted).join('\n'));
}

describe.each(Object.entries(auths))('a reflected credential: %s', (_, sent) => {
  it.each(Object.entries(places))('P1: leaves nothing in the result, whatever its spelling: %s', (_place, reflect) => {
    const leaks = Object.entries(encoders).flatMap(([name, encode]) =>
      leaksIn(shown(sent, reflect(encode(sent.secret))), sent.secret).map((leak) => `${name}: ${leak}`),
    );
    expect(leaks).toEqual([]);
  });
});

it('the search finds a leak planted in each place', () => {
  for (const reflect of Object.values(places)) {
    const raw = { ...empty, ...reflect(secret) };
    const bytes = Buffer.from([...textsOf({ ...raw, body: '' }), Buffer.from(raw.body).toString()].join('\n'));
    expect(leaksIn(bytes, secret)).not.toEqual([]);
  }
});
