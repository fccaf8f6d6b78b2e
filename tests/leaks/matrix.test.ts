// The leak matrix, its part without a network: auth type × place of an answer or media type × encoding, all of them.
import { describe, expect, it } from 'vitest';
import { redactExchange } from '../../shared/redact/redact-exchange.ts';
import { createScrubber } from '../../shared/redact/scrubber.ts';
import { markRaw, type RawFields } from '../../shared/stages/stages.ts';
import { auths, medias, places, type Sent } from './dimensions.ts';
import { encoders, leaksIn } from './spellings.ts';

// It holds what reads like a field: taking that out alone must not hide the rest.
const secret = 'Qx7/live+Secret==94_zT"w';
const spellings = Object.entries(encoders).map(([name, encode]) => [name, encode(secret)] as const);

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

const scrubber = createScrubber([{ id: 'h1', value: secret, leaf: true }]);

function shown(sent: Sent, fields: Partial<RawFields>): Buffer {
  const redacted = redactExchange({
    request: { method: 'GET', ...sent },
    raw: markRaw({ ...empty, ...fields }),
    redirects: [{ status: 302, method: 'GET', url: sent.url }],
    scrubber,
  });
  if (!redacted.ok) throw new Error(redacted.failure.code);
  return Buffer.from(textsOf(redacted.value.exchange).join('\n'));
}

function inMedia(name: string, texts: readonly string[]): Partial<RawFields> {
  const [type, body] = medias[name]?.(texts) ?? ['', ''];
  return { headers: type ? [['Content-Type', type]] : [], body: Buffer.from(body) };
}

/** What comes out of any of these rows, each given one spelling at a time. */
function leaksOf(sent: Sent, rows: readonly string[], fieldsOf: (row: string, text: string) => Partial<RawFields>) {
  return rows.flatMap((row) =>
    spellings.flatMap(([name, text]) =>
      leaksIn(shown(sent, fieldsOf(row, text)), secret).map((leak) => `${row}, ${name}: ${leak}`),
    ),
  );
}

describe.each(Object.entries(auths))('a reflected credential: %s', (_, send) => {
  const sent = send(secret);

  it('P1: leaves nothing in the result, whatever its spelling, in any place beside the body', () => {
    expect(leaksOf(sent, Object.keys(places), (place, text) => places[place]?.(text) ?? {})).toEqual([]);
  });

  it('P1: leaves nothing in the result, whatever its spelling, in any medium', () => {
    expect(leaksOf(sent, Object.keys(medias), (media, text) => inMedia(media, [text]))).toEqual([]);
  });
});

describe('all spellings together', () => {
  it.each(Object.keys(medias))('P1: leave nothing in one answer: %s', (media) => {
    const texts = spellings.map(([, text]) => text);
    expect(leaksIn(shown({ url: 'http://h/', headers: [] }, inMedia(media, texts)), secret)).toEqual([]);
  });
});

it('the matrix is as large as its dimensions say, and the search finds a leak planted anywhere', () => {
  const size = Object.keys(auths).length * (Object.keys(places).length + Object.keys(medias).length) * spellings.length;
  expect(size).toBeGreaterThan(9_000);
  const planted = [
    ...Object.values(places).map((reflect) => ({ ...empty, ...reflect(secret) })),
    ...Object.keys(medias).map((media) => ({ ...empty, ...inMedia(media, [secret]) })),
  ];
  for (const raw of planted) {
    const bytes = Buffer.from([...textsOf({ ...raw, body: '' }), Buffer.from(raw.body).toString()].join('\n'));
    expect(leaksIn(bytes, secret)).not.toEqual([]);
  }
});
