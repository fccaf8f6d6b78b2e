// What a server mints stands in an answer as a reference that can be sent back, in whatever format the answer is.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limits } from '../../../shared/limits.ts';
import { redactExchange } from '../../../shared/redact/redact-exchange.ts';
import { createScrubber } from '../../../shared/redact/scrubber.ts';
import { capturedReference } from '../../../shared/secret/captured-name.ts';
import { markRaw, type SafeExchange } from '../../../shared/stages/stages.ts';
import cases from '../../vectors/captured.json' with { type: 'json' };

const KNOWN = 'xq7-Handle+Value/42=';

interface Given {
  readonly body?: string;
  readonly type?: string;
  readonly headers?: readonly (readonly [string, string])[];
}

/** The exchange, and what was kept of it: value → field. */
function capture({ body = '', type = 'application/json', headers = [] }: Given): {
  exchange: SafeExchange;
  kept: Record<string, string>;
} {
  const kept = new Map<string, string>();
  const redacted = redactExchange({
    request: { method: 'GET', url: 'http://h/', headers: [['Authorization', 'Bearer sent_T0ken_1']] },
    raw: markRaw({
      status: 200,
      statusText: 'OK',
      headers: [['Content-Type', type], ...headers],
      trailers: [],
      body: new TextEncoder().encode(body),
      timing: { totalMs: 1, firstByteMs: 1 },
    }),
    redirects: [],
    scrubber: createScrubber([{ id: 'h1', value: KNOWN }]),
    capture: (field, value) => {
      kept.set(value, field);
      return capturedReference(`captured:${field}_${Array.from(kept.keys()).indexOf(value) + 1}`);
    },
  });
  if (!redacted.ok) throw new Error(redacted.failure.code);
  return { exchange: redacted.value.exchange, kept: Object.fromEntries(kept) };
}

describe('a minted value', () => {
  it.each(cases.bodies.map(({ what, type, body, shown, kept }) => [what, { type, body, shown, kept }] as const))(
    'in a body: %s',
    (_, { type, body, shown, kept }) => {
      const { exchange, kept: found } = capture({ type, body });
      expect({ shown: exchange.body.text, kept: found }).toEqual({ shown, kept });
      expect(exchange.captured.map(({ field }) => field).sort()).toEqual(Object.values(kept).sort());
    },
  );

  it.each(
    cases.headers.map(({ name, value, shown, kept }) => [`${name}: ${value}`, { name, value, shown, kept }] as const),
  )('in a header: %s', (_, { name, value, shown, kept }) => {
    const { exchange, kept: found } = capture({ headers: [[name, value]] });
    const header = exchange.headers.find((each) => each.name === name);
    expect({ shown: header?.value, kept: found }).toEqual({ shown, kept });
  });

  it('P1: stays out of the rest of the answer, under whatever name it stands there', () => {
    const token = 'mT9xQ5c1Esession8Kq3';
    const { exchange } = capture({
      body: JSON.stringify({ access_token: token, note: token, nested: [`see ${token}`] }),
      headers: [['X-Note', token]],
    });
    expect(JSON.stringify(exchange)).not.toContain(token);
    expect(exchange.body.text).toContain('"access_token":"{{captured:access_token_1}}"');
  });

  it('P1: a known secret is never kept, nor what holds one', () => {
    for (const value of [KNOWN, `Bearer ${KNOWN}`, `a${KNOWN}b`, encodeURIComponent(KNOWN), btoa(KNOWN)]) {
      const { exchange, kept } = capture({
        body: JSON.stringify({ access_token: value }),
        headers: [['Set-Cookie', `session=${value}; Path=/`]],
      });
      expect(kept, value).toEqual({});
      expect(exchange.captured).toEqual([]);
    }
  });

  it('P1: a secret that stands in a field name is no part of the name of a handle', () => {
    const { exchange } = capture({ body: JSON.stringify({ [`${KNOWN}_access_token`]: 'tok_81xW0' }) });
    expect(JSON.stringify(exchange)).not.toContain('Handle');
  });

  it('P12: of an answer with thousands of them no more than the limit is kept', () => {
    const keys = Array.from({ length: 5_000 }, (_, index) => ({ api_key: `k${index}_Zq81xW0pLm` }));
    const { exchange, kept } = capture({ body: JSON.stringify(keys) });
    expect(Object.keys(kept)).toHaveLength(limits.capturedInAnswer);
    expect(exchange.captured).toHaveLength(limits.capturedInAnswer);
    expect(exchange.body.text).not.toMatch(/Zq81xW0pLm/);
  });

  it('is shown the same when what is shown is redacted again', () => {
    const token = fc.stringMatching(/^[A-Za-z0-9_.-]{18,40}$/).filter((text) => /\d/.test(text));
    const name = fc.constantFrom('access_token', 'csrf_token', 'sessionId', 'password', 'X-Api-Key', 'client_secret');
    fc.assert(
      fc.property(token, name, (value, field) => {
        const { exchange } = capture({ body: JSON.stringify({ [field]: value, id: 7 }) });
        const again = capture({ body: exchange.body.text ?? '' });
        expect(again.exchange.body.text).toBe(exchange.body.text);
        expect(again.kept).toEqual({});
      }),
    );
  });
});
