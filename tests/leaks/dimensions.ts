// What the leak matrix is made of: each list is one of its dimensions. Whoever adds a kind of auth, a place of an answer, a media
// type or a way of sending adds a row here, and every test of the matrix takes it up.
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';

type Headers = readonly (readonly [name: string, value: string])[];

/** A request as its server sees it. */
export interface Sent {
  readonly url: string;
  readonly headers: Headers;
}

const base64 = (text: string) => Buffer.from(text).toString('base64');
const header = (name: string, value: string): Sent => ({ url: 'http://h/', headers: [[name, value]] });

/** What stands on the wire for each kind of auth, and for secrets outside of auth. */
export const auths: Readonly<Record<string, (secret: string) => Sent>> = {
  bearer: (secret) => header('Authorization', `Bearer ${secret}`),
  'bearer with another prefix': (secret) => header('Authorization', `Token ${secret}`),
  basic: (secret) => header('Authorization', `Basic ${base64(`svcuser:${secret}`)}`),
  'basic without a user': (secret) => header('Authorization', `Basic ${base64(`:${secret}`)}`),
  'api key in a header': (secret) => header('X-Custom', secret),
  'api key in the query': (secret) => ({ url: `http://h/?q=${encodeURIComponent(secret)}`, headers: [] }),
  'api key in a cookie': (secret) => header('Cookie', `other=1; k=${secret}`),
  'AWS signature': (secret) =>
    header('Authorization', `AWS4-HMAC-SHA256 Credential=${secret}/20260101/r/s/aws4_request, Signature=0`),
  'a header value around it': (secret) => header('X-Note', `it is ${secret} indeed`),
};

/** [content type, body] of texts that a server hands back. */
export type Media = (texts: readonly string[]) => readonly [type: string, body: string];

const json = (value: unknown) => ['application/json', JSON.stringify(value)] as const;
const lines = (texts: readonly string[], line: (text: string, index: number) => string) => texts.map(line).join('\n');
const attribute = (text: string) => text.replaceAll("'", '&#39;');
const cell = (text: string) => `"${text.replaceAll('"', '""')}"`;
const part = (text: string, name: string) => `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${text}\r\n`;

export const medias: Readonly<Record<string, Media>> = {
  'JSON values': (texts) => json({ seen: texts }),
  'JSON values in sentences': (texts) =>
    json({ list: texts.map((text) => ({ message: `invalid key ${text} given` })) }),
  'JSON names': (texts) => json(Object.fromEntries(texts.map((text, index) => [text, index]))),
  'JSON in JSON': (texts) => json({ body: JSON.stringify({ seen: texts }) }),
  'JSON, not valid': (texts) => ['application/json', `{"seen": ${lines(texts, (text) => `"${text}",`)}`],
  'JSON without a media type': (texts) => ['', JSON.stringify({ seen: texts })],
  'JSON called something else': (texts) => ['text/html', JSON.stringify({ seen: texts })],
  'GraphQL errors': (texts) =>
    json({ data: null, errors: texts.map((message) => ({ message, extensions: { code: 'X', value: message } })) }),
  'JSON of a vendor type': (texts) => [
    'application/problem+json',
    JSON.stringify({ title: 'No', detail: texts.join(', ') }),
  ],
  NDJSON: (texts) => ['application/x-ndjson', lines(texts, (text) => JSON.stringify({ seen: text }))],
  'server-sent events': (texts) => [
    'text/event-stream',
    lines(texts, (text) => `event: seen\ndata: ${JSON.stringify({ seen: text })}\n`),
  ],
  'server-sent text': (texts) => ['text/event-stream', lines(texts, (text) => `data: ${text}\n`)],
  form: (texts) => ['application/x-www-form-urlencoded', texts.map((text, index) => `f${index}=${text}`).join('&')],
  'XML text': (texts) => ['application/xml', `<r>${lines(texts, (text) => `<seen>${text}</seen>`)}</r>`],
  'XML attributes': (texts) => ['text/xml', `<r>${lines(texts, (text) => `<seen value='${attribute(text)}'/>`)}</r>`],
  'XML CDATA': (texts) => [
    'application/soap+xml',
    `<s:Envelope>${lines(texts, (text) => `<seen><![CDATA[${text}]]></seen>`)}</s:Envelope>`,
  ],
  'HTML attributes': (texts) => ['text/html', lines(texts, (text) => `<p title='${attribute(text)}'>hello</p>`)],
  'HTML text': (texts) => ['text/html; charset=utf-8', `<ul>${lines(texts, (text) => `<li>${text}</li>`)}</ul>`],
  'HTML inline JSON': (texts) => [
    'text/html',
    `<script>window.__STATE__ = ${JSON.stringify({ seen: texts })};</script>`,
  ],
  CSV: (texts) => ['text/csv', `id,seen\r\n${texts.map((text, index) => `${index},${cell(text)}\r\n`).join('')}`],
  TSV: (texts) => ['text/tab-separated-values', `id\tseen\n${lines(texts, (text, index) => `${index}\t${text}`)}`],
  multipart: (texts) => [
    'multipart/form-data; boundary=b',
    `${texts.map((text, index) => part(text, `f${index}`)).join('')}--b--\r\n`,
  ],
  YAML: (texts) => ['application/yaml', lines(texts, (text) => `- seen: ${JSON.stringify(text)}`)],
  TOML: (texts) => ['application/toml', lines(texts, (text, index) => `f${index} = ${JSON.stringify(text)}`)],
  '.env': (texts) => ['text/plain', lines(texts, (text, index) => `F${index}=${text}`)],
  'plain text': (texts) => ['text/plain', lines(texts, (text) => `you sent ${text}.`)],
  'no media type': (texts) => ['', lines(texts, (text) => `you sent ${text}.`)],
};

/** Where beside the body an answer can hold one text. */
export interface Reflection {
  readonly headers?: Headers;
  readonly trailers?: Headers;
  readonly statusText?: string;
}

export const places: Readonly<Record<string, (text: string) => Reflection>> = {
  'header value': (text) => ({ headers: [['X-Seen', text]] }),
  'header name': (text) => ({ headers: [[text, 'x']] }),
  Location: (text) => ({ headers: [['Location', `https://elsewhere.example/?seen=${text}`]] }),
  'path segment': (text) => ({ headers: [['Location', `https://elsewhere.example/files/${text}/x?y=1`]] }),
  'behind a prefix': (text) => ({ headers: [['X-Seen', `tok_${text}`]] }),
  'Set-Cookie': (text) => ({ headers: [['Set-Cookie', `seen=${text}; Path=/; HttpOnly`]] }),
  'Set-Cookie attribute': (text) => ({ headers: [['Set-Cookie', `a=b; Path=/${text}`]] }),
  'WWW-Authenticate': (text) => ({ headers: [['WWW-Authenticate', `Bearer realm="${text}"`]] }),
  Link: (text) => ({ headers: [['Link', `<https://h/?seen=${text}>; rel=next`]] }),
  'content type': (text) => ({ headers: [['Content-Type', `text/plain; x=${text}`]] }),
  'Content-Disposition': (text) => ({ headers: [['Content-Disposition', `attachment; filename="${text}"`]] }),
  trailer: (text) => ({ trailers: [['X-Seen', text]] }),
  'status text': (text) => ({ statusText: `Bad ${text}` }),
};

/** How the bytes of a body are cut into writes. */
export const chunkings: Readonly<Record<string, (bytes: Buffer) => readonly Buffer[]>> = {
  whole: (bytes) => [bytes],
  'seven bytes a time, at first': (bytes) => [...cut(bytes.subarray(0, 1_400), 7), bytes.subarray(1_400)],
  'prime numbers of bytes': (bytes) => cut(bytes, 1_009),
  'in two halves': (bytes) => cut(bytes, Math.max(1, bytes.length >> 1)),
};

/** Content-Encoding to the bytes. */
export const codings: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  identity: (bytes) => bytes,
  gzip: (bytes) => gzipSync(bytes),
  br: (bytes) => brotliCompressSync(bytes),
  'gzip, deflate': (bytes) => deflateSync(gzipSync(bytes)),
};

function cut(bytes: Buffer, size: number): Buffer[] {
  const count = Math.ceil(bytes.length / size);
  return Array.from({ length: count }, (_, index) => bytes.subarray(index * size, (index + 1) * size));
}
