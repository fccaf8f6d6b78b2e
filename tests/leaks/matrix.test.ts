// The leak matrix, its part without a network: auth type × place of an answer or media type × encoding, all of them.
import { describe, expect, it } from 'vitest';
import { redactExchange } from '../../shared/redact/redact-exchange.ts';
import { createScrubber } from '../../shared/redact/scrubber.ts';
import { markRaw, type RawFields } from '../../shared/stages/stages.ts';
import { auths, medias, places, type Sent } from './dimensions.ts';
import { encoders, leaksIn } from './spellings.ts';

// It holds what reads like a field: taking that out alone must not hide the rest.
const secret = 'Qx7/live+Secret==94_zT"w';
const spellings = Object.entries(encoders);

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
  expect(redacted.ok).toBe(true);
  return Buffer.from(textsOf(redacted.ok ? redacted.value.exchange : undefined).join('\n'));
}

function inMedia(name: string, texts: readonly string[]): Partial<RawFields> {
  const [type, body] = medias[name]?.(texts) ?? ['', ''];
  return { headers: type ? [['Content-Type', type]] : [], body: Buffer.from(body) };
}

describe.each(Object.entries(auths))('a reflected credential: %s', (_, send) => {
  const sent = send(secret);

  it.each(Object.keys(places))('P1: leaves nothing in the result, whatever its spelling: %s', (place) => {
    const leaks = spellings.flatMap(([name, encode]) =>
      leaksIn(shown(sent, places[place]?.(encode(secret)) ?? {}), secret).map((leak) => `${name}: ${leak}`),
    );
    expect(leaks).toEqual([]);
  });

  it.each(Object.keys(medias))('P1: leaves nothing in the result, whatever its spelling: %s', (media) => {
    const leaks = spellings.flatMap(([name, encode]) =>
      leaksIn(shown(sent, inMedia(media, [encode(secret)])), secret).map((leak) => `${name}: ${leak}`),
    );
    expect(leaks).toEqual([]);
  });
});

describe('all spellings together', () => {
  it.each(Object.keys(medias))('P1: leave nothing in one answer: %s', (media) => {
    const texts = spellings.map(([, encode]) => encode(secret));
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
