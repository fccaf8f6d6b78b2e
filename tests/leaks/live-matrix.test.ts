// The leak matrix over a real network: media type × content coding × chunking, and auth type × media type, each answer with
// every spelling of the credential that came in, read back through the tools, the kept response, the history and the journal.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collection, createStand, item, type Stand } from '../unit/tools/stand.ts';
import { chunkings, codings, medias } from './dimensions.ts';
import { encoders, leaksIn } from './spellings.ts';

const secret = 'Qx7/live+Secret==94_zT"w';
const HANDLE = '{{vault:API_KEY}}';

const pairs = (fields: Readonly<Record<string, string>>) =>
  Object.entries(fields).map(([key, value]) => ({ key, value }));

/** Each kind of auth that is signed, and secrets in the other places that may hold one. */
const requests: Readonly<Record<string, object>> = {
  bearer: { auth: { type: 'bearer', bearer: pairs({ token: HANDLE }) } },
  basic: { auth: { type: 'basic', basic: pairs({ username: 'svcuser', password: HANDLE }) } },
  'api key in a header': { auth: { type: 'apikey', apikey: pairs({ key: 'X-Custom', value: HANDLE, in: 'header' }) } },
  'api key in the query': { auth: { type: 'apikey', apikey: pairs({ key: 'q', value: HANDLE, in: 'query' }) } },
  'AWS signature': {
    auth: { type: 'awsv4', awsv4: pairs({ accessKey: 'AKIDEXAMPLE', secretKey: HANDLE, region: 'r', service: 's' }) },
  },
  'AWS signature in the query': {
    auth: {
      type: 'awsv4',
      awsv4: pairs({ accessKey: 'AKIDEXAMPLE', secretKey: HANDLE, sessionToken: HANDLE, addAuthDataToQuery: 'true' }),
    },
  },
  'OAuth 1': {
    auth: {
      type: 'oauth1',
      oauth1: pairs({ consumerKey: 'consumer', consumerSecret: HANDLE, token: 'tok', tokenSecret: HANDLE }),
    },
  },
  'OAuth 1 in plain text': {
    auth: {
      type: 'oauth1',
      oauth1: pairs({ consumerKey: 'consumer', consumerSecret: HANDLE, signatureMethod: 'PLAINTEXT' }),
    },
  },
  Hawk: { auth: { type: 'hawk', hawk: pairs({ authId: 'id', authKey: HANDLE, algorithm: 'sha256' }) } },
  EdgeGrid: {
    auth: { type: 'edgegrid', edgegrid: pairs({ accessToken: HANDLE, clientToken: HANDLE, clientSecret: HANDLE }) },
  },
  JWT: { auth: { type: 'jwt', jwt: pairs({ algorithm: 'HS256', secret: HANDLE, payload: '{"sub":"me"}' }) } },
  Digest: {
    auth: { type: 'digest', digest: pairs({ username: 'svcuser', password: HANDLE, realm: 'r', nonce: 'n' }) },
  },
  NTLM: { auth: { type: 'ntlm', ntlm: pairs({ username: 'svcuser', password: HANDLE }) } },
  'header value': { header: [{ key: 'X-Note', value: `it is ${HANDLE} indeed` }] },
  'inline in the file': { auth: { type: 'bearer', bearer: pairs({ token: secret }) } },
};

/** What a script computes over a secret, and what it makes of an answer. */
const SCRIPTED = 'computed by a script';
const events = [
  {
    listen: 'prerequest',
    script: {
      exec: [
        "pm.request.headers.add({ key: 'Authorization', value: 'Basic ' + btoa('svcuser:{{vault:API_KEY}}') });",
        "pm.request.headers.add({ key: 'X-Signature', value: CryptoJS.HmacSHA256('text', '{{vault:API_KEY}}').toString() });",
        "pm.request.headers.add({ key: 'X-Hex', value: Buffer.from('{{vault:API_KEY}}').toString('hex') });",
      ],
    },
  },
  {
    listen: 'test',
    script: {
      exec: [
        'const all = pm.response.text() + JSON.stringify(pm.response.headers) + pm.response.status;',
        'console.warn(all); pm.globals.set("all", all);',
        'for (let at = 0; at < 3000; at += 300) pm.test(all.slice(at, at + 300), () => { throw new Error(all); });',
      ],
    },
  },
];

const mediaNames = Object.keys(medias);
// Every chunking as it is, and every coding in the most pieces.
const [, pieces = ''] = Object.keys(chunkings);
const ways = [
  ...Object.keys(chunkings).map((chunking) => ({ coding: 'identity', chunking })),
  ...Object.keys(codings)
    .filter((coding) => coding !== 'identity')
    .map((coding) => ({ coding, chunking: pieces })),
];

// What signs a request, what cuts an answer and what packs it know nothing of its medium: each gets another share of the media, in
// turn, so that every row of one dimension meets a third of the other. FULL=1 takes all of them.
const TURNS = process.env.FULL ? 1 : 3;
const inTurn = <T>(rows: readonly T[], turn: number) => rows.filter((_, index) => (index + turn) % TURNS === 0);

let stand: Stand;
let calls = 0;

/** Answers as `?media=…&coding=…&chunking=…` asks, with every spelling of the secret. */
async function reflect(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const asked = new URL(request.url ?? '/', 'http://h').searchParams;
  const choose = <T>(rows: Readonly<Record<string, T>>, name: string) => rows[asked.get(name) ?? ''];
  const texts = Object.values(encoders).map((encode) => encode(secret));
  const [type, body] = choose(medias, 'media')?.(texts) ?? ['text/plain', 'no such medium'];
  const coding = asked.get('coding') ?? 'identity';
  const bytes = choose(codings, 'coding')?.(Buffer.from(body)) ?? Buffer.from(body);
  response.writeHead(200, `Seen ${encodeURIComponent(secret)}`, {
    ...(type && { 'content-type': type }),
    ...(coding !== 'identity' && { 'content-encoding': coding }),
    'x-seen': secret,
    trailer: 'x-late',
  });
  for (const chunk of choose(chunkings, 'chunking')?.(bytes) ?? [bytes]) {
    if (!response.write(chunk)) await new Promise((resolve) => response.once('drain', resolve));
  }
  response.addTrailers({ 'x-late': secret });
  response.end();
}

beforeAll(async () => {
  stand = await createStand({
    secret,
    answer: (request, response) => void reflect(request, response),
    files: (origin) => ({
      'matrix.postman_collection.json': collection('Matrix', [
        ...Object.entries(requests).map(([name, rest]) => item(name, 'GET', `${origin}/`, rest)),
        { ...item(SCRIPTED, 'GET', `${origin}/`), event: events },
      ]),
    }),
  });
});
afterAll(() => stand.close());

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, child]) => [name, ...textsOf(child)]);
}

/** Everything that comes out of one call and of reading what it kept. */
async function outputsOf(request_id: string, query: Record<string, string>, rest: object = {}): Promise<Buffer> {
  calls += 1;
  const answer = await stand.call('execute_read_request', { request_id, query, ...rest });
  if (answer.kind !== 'result' || answer.structured === undefined) throw new Error(answer.text);
  const { structured } = answer;
  expect(structured.status).toBe(200);
  const texts = [answer.text, ...textsOf(structured)];
  const { response_id } = structured.body as { response_id?: string };
  for (let offset: number | undefined = 0; response_id !== undefined && offset !== undefined; ) {
    const more = await stand.call('read_response', { response_id, offset });
    if (more.kind !== 'result' || more.structured === undefined) throw new Error(more.text);
    texts.push(more.text, ...textsOf(more.structured));
    offset = more.structured.next_offset as number | undefined;
  }
  return Buffer.from(texts.join('\n'));
}

describe(`over the network, ${TURNS === 1 ? 'every combination' : 'a third of the combinations'}`, () => {
  it.each(mediaNames)('P1: nothing comes out in any content coding and chunking: %s', async (media) => {
    for (const way of inTurn(ways, mediaNames.indexOf(media))) {
      expect(leaksIn(await outputsOf('bearer', { media, ...way }), secret), JSON.stringify(way)).toEqual([]);
    }
  });

  it.each([...Object.keys(requests), SCRIPTED])(
    'P1: nothing comes out with any auth, in any media type: %s',
    async (name) => {
      for (const media of inTurn(mediaNames, Object.keys(requests).indexOf(name) + TURNS)) {
        const query = { media, coding: 'identity', chunking: 'whole' };
        expect(leaksIn(await outputsOf(name, query, { max_body_chars: 100 }), secret), media).toEqual([]);
      }
    },
  );

  it('P1: nor in the history and the journal', async () => {
    const history = await stand.call('get_history', { limit: 200 });
    const written = Buffer.from(
      [history.text, ...textsOf(stand.journal), ...textsOf(stand.bugs.map(String))].join('\n'),
    );
    expect(calls).toBeGreaterThan(200);
    expect(stand.journal.length).toBeGreaterThanOrEqual(2 * calls);
    expect(stand.bugs).toEqual([]);
    expect(leaksIn(written, secret)).toEqual([]);
  });
});
