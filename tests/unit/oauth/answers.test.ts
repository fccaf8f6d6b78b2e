// What an authorization server, or the address of one in a file, says that no number, timer or browser should be given as it is.
import { describe, expect, it } from 'vitest';
import { ok } from '../../../shared/failure/result.ts';
import { limits } from '../../../shared/limits.ts';
import { askToken, type TokenEndpoint } from '../../../src/oauth/ask-token.ts';
import { beginAuthorization } from '../../../src/oauth/authorization.ts';
import { askDeviceCode, pollForToken } from '../../../src/oauth/device.ts';

const NOW = Date.UTC(2026, 0, 1);
const NEVER = limits.oauthLifetimeS * 1000;

function answering(members: string): TokenEndpoint {
  const body = new TextEncoder().encode(members);
  return {
    url: 'https://id.example/token',
    fields: { clientId: 'c' },
    send: () => Promise.resolve(ok({ status: 200, contentType: 'application/json', body })),
    now: () => NOW,
  };
}

describe('the lifetime of a token', () => {
  const rows: readonly (readonly [stated: string, lifetimeMs: number | undefined])[] = [
    ['3600', 3_600_000],
    ['3599.99951', 3_600_000],
    ['0.0001', 1],
    ['0', undefined],
    ['-5', undefined],
    ['"abc"', undefined],
    ['"60"', 60_000],
    [String(limits.oauthLifetimeS), NEVER],
    [String(limits.oauthLifetimeS + 1), NEVER],
    ['1e15', NEVER],
    ['1e400', NEVER],
  ];

  it.each(rows)('%s seconds', async (stated, lifetimeMs) => {
    const endpoint = answering(`{"access_token":"a1","token_type":"bearer","expires_in":${stated}}`);
    const asked = await askToken(endpoint, { grant: 'client_credentials' });
    if (!asked.ok) throw new Error(asked.failure.code);
    expect(asked.value.expiresAt).toBe(lifetimeMs === undefined ? undefined : NOW + lifetimeMs);
  });
});

describe('a device code', () => {
  const granted = (more: string): TokenEndpoint =>
    answering(`{"device_code":"d","user_code":"U","verification_uri":"https://v.example/",${more}}`);
  const codeFor = async (more: string) => {
    const asked = await askDeviceCode(granted(more));
    return asked.ok ? asked.value : asked.failure.code;
  };

  it('lasts until a date, whatever is said', async () => {
    const expiries: readonly (readonly [stated: string, lifetimeMs: number])[] = [
      ['2.00051', 2_001],
      ['1e18', NEVER],
    ];
    for (const [stated, lifetimeMs] of expiries)
      expect(await codeFor(`"expires_in":${stated}`)).toMatchObject({ expiresAt: NOW + lifetimeMs, intervalMs: 5_000 });
    expect(await codeFor('"interval":1')).toBe('REQUEST/TOKEN_REFUSED');
  });

  const pauses: readonly (readonly [stated: string, pauseMs: number])[] = [
    ['1', 1_000],
    ['0.001', 1_000],
    ['7', 7_000],
    ['600', limits.loginMs],
    ['601', limits.loginMs],
    ['1e12', limits.loginMs],
  ];

  it.each(pauses)(
    'asks every %s seconds, but no more often and no later than a timer can tell',
    async (stated, pauseMs) => {
      const code = await codeFor(`"expires_in":5,"interval":${stated}`);
      if (typeof code === 'string') throw new Error(code);
      const waited: number[] = [];
      const wait = (ms: number): Promise<void> => Promise.resolve(void waited.push(ms));
      await pollForToken({ ...answering('{"access_token":"a1","token_type":"bearer"}'), now: () => NOW }, code, wait);
      expect(waited).toEqual([pauseMs]);
    },
  );
});

describe('the address to log in at', () => {
  const OWN = ['response_type', 'client_id', 'redirect_uri', 'state', 'code_challenge', 'code_challenge_method'];
  const REDIRECT = 'http://127.0.0.1:1/cb';

  const rows: readonly (readonly [query: string, kept: string])[] = [
    ['', ''],
    ['?', ''],
    ['?tenant=a%20b&redirect_uri_hint=x', 'tenant=a%20b&redirect_uri_hint=x'],
    ['?redirect_uri=http://evil.example&state=s&code_challenge=c&tenant=t', 'tenant=t'],
    ['?REDIRECT_URI=x&%72edirect_uri=x&tenant=t&+state=s', 'tenant=t'],
    ['?redirect\t_uri=x&tenant=t', 'tenant=t'],
    ['?a=1;redirect_uri=x&tenant=t', 'tenant=t'],
    ['?request=eyJ&request_uri=urn:x&tenant=t', 'tenant=t'],
    ['?response_type=token&client_id=other', ''],
  ];

  it.each(rows)('%j: P7: our own parameters are the only ones of their names', async (query, kept) => {
    const fields = {
      clientId: 'c',
      'authRequestParams.0.query.State': 'mine',
      'authRequestParams.1.query.prompt': 'p',
    };
    const begun = await beginAuthorization(fields, `https://id.example/auth${query}`, REDIRECT);
    if (!begun.ok) throw new Error(begun.failure.code);
    const { searchParams } = new URL(begun.value.url);
    expect(begun.value.url).toContain(`/auth?${kept}${kept === '' ? '' : '&'}response_type=code&`);
    const names = [...searchParams.keys()].map((name) => name.trim().toLowerCase());
    for (const name of OWN) expect(names.filter((each) => each === name)).toHaveLength(1);
    expect(names.filter((name) => name.startsWith('request'))).toEqual([]);
    expect(searchParams.get('redirect_uri')).toBe(REDIRECT);
    expect(searchParams.get('state')).toBe(begun.value.state);
    expect(searchParams.get('prompt')).toBe('p');
    expect(searchParams.get('tenant')).toBe(new URLSearchParams(kept).get('tenant'));
  });
});
