// Minted values in lists and objects, and those that a later answer shows again.
import { describe, expect, it } from 'vitest';
import { redactExchange } from '../../../shared/redact/redact-exchange.ts';
import { redactValue } from '../../../shared/redact/redact-value.ts';
import { createScrubber } from '../../../shared/redact/scrubber.ts';
import { markRaw } from '../../../shared/stages/stages.ts';

const ONE = 'aB3dE5gH7jK9mN1pQ3';
const TWO = 'zY2xW4vU6tS8rQ0pO1';
const OWN = 'own-Vault+Secret/4711=';
const R = '[redacted]';

function show(body: string, type = 'application/json', held: readonly string[] = []) {
  const kept = new Map<string, string>();
  const own = { id: 'h1', value: OWN };
  const redacted = redactExchange({
    request: { method: 'GET', url: 'http://h/', headers: [] },
    raw: markRaw({
      status: 200,
      statusText: 'OK',
      headers: [['Content-Type', type]],
      trailers: [],
      body: new TextEncoder().encode(body),
      timing: { totalMs: 1, firstByteMs: 1 },
    }),
    redirects: [],
    scrubber: createScrubber([own, ...held.map((value) => ({ id: 'minted', value }))]),
    unminted: createScrubber([own]),
    held: held.map((value, index) => ({ value, reference: `{{captured:held_${index + 1}}}` })),
    capture: (field, value) => {
      const at = held.indexOf(value);
      kept.set(value, field);
      return at < 0 ? `{{captured:${field}_1}}` : `{{captured:held_${at + 1}}}`;
    },
  });
  if (!redacted.ok) throw new Error(redacted.failure.code);
  const { body: shown, captured } = redacted.value.exchange;
  return { text: shown.text ?? '', captured: captured.map(({ field }) => field), kept };
}

describe('a list or an object under the name of a credential', () => {
  it.each([
    [`{"tokens":["${ONE}","x"]}`, `{"tokens":["{{captured:tokens_1}}","${R}"]}`],
    [`{"session":{"id":"${ONE}","n":1}}`, `{"session":{"id":"{{captured:session_id_1}}","n":"${R}"}}`],
    [`{"tokens":{"until":"2030-01-01T00:00:00Z"}}`, `{"tokens":"${R}"}`],
    [`{"tokens":{"${ONE}":"${TWO}"}}`, `{"tokens":"${R}"}`],
    [`{"tokens":["${OWN}"]}`, `{"tokens":"${R}"}`],
    [`{"tokens":[1,2]}`, `{"tokens":[1,2]}`],
    // What an earlier redaction left stays; a name that stands twice would hide its first value.
    [`{"tokens":["{{captured:a_1}}","${R}"]}`, `{"tokens":["{{captured:a_1}}","${R}"]}`],
    [`{"tokens":{"x":"plain","x":"{{captured:a_1}}"}}`, `{"tokens":"${R}"}`],
    [`{"tokens":["{{captured:a_1}}","plain"]}`, `{"tokens":"${R}"}`],
  ])('%s', (body, shown) => {
    expect(show(body).text).toBe(shown);
    expect(redactValue(JSON.parse(shown)).value).toEqual(JSON.parse(shown));
  });

  it('P12: of thousands inside of each other is looked at in bounded time', () => {
    const deep = `${'{"token":'.repeat(400)}"${ONE}"${'}'.repeat(400)}`;
    const { text } = show(`[${Array.from({ length: 200 }, () => deep).join(',')}]`);
    expect(text).not.toContain(ONE);
  });
});

describe('a value that an earlier answer gave out', () => {
  it.each([
    ['application/json', `{"csrf_token":"${ONE}"}`, '{"csrf_token":"{{captured:held_1}}"}'],
    ['application/json', `{"note":"${ONE}"}`, `{"note":"${R}"}`],
    ['text/html', `<input name="csrf" value="${ONE}">`, '<input name="csrf" value="{{captured:held_1}}">'],
    ['text/plain', `it is ${ONE} and ${OWN}`, `it is {{captured:held_1}} and ${R}`],
  ])('in %s: %s', (type, body, shown) => {
    const { text, captured } = show(body, type, [ONE]);
    expect(text).toBe(shown);
    expect(captured).toEqual(shown.includes('held') ? [type.endsWith('json') ? 'csrf_token' : 'held'] : []);
  });

  it('P1: and that is a piece of a secret uncovers nothing of it', () => {
    const piece = OWN.slice(2, -2);
    for (const body of [`it is ${OWN}`, `token=${OWN}`, `<input name="token" value="${OWN}">`]) {
      const { text, kept } = show(body, body.startsWith('<') ? 'text/html' : 'text/plain', [piece]);
      expect(text).not.toMatch(/ow|1=/);
      expect(kept.size).toBe(0);
    }
  });
});
