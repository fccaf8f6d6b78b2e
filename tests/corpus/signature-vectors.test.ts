// Published signatures of OAuth 1.0, Hawk and WSSE, each through the scheme as a whole.
import { createHmac } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { baseString } from '../../src/signer/schemes/oauth1-base-string.ts';
import { signDraft } from '../unit/signer/schemes/sign-draft.ts';

const folder = resolve(import.meta.dirname, '../../../shared/vectors');
const load = (name: string): Vector[] => {
  const path = join(folder, name, `${name}.json`);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as { vectors: Vector[] }).vectors : [];
};

interface Vector {
  readonly id: string;
  readonly credentials?: { readonly id: string; readonly key: string; readonly algorithm: string };
  readonly input: Readonly<Record<string, unknown>>;
  readonly expected: Readonly<Record<string, string>>;
}

const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

/** Of an input: the names of its fields that are there, under the scheme's. */
function fieldsOf(input: Vector['input'], names: Readonly<Record<string, string>>): Record<string, string> {
  const stated = Object.entries(names).map(([theirs, ours]) => [ours, textOf(input[theirs])] as const);
  return Object.fromEntries(stated.filter(([, value]) => value !== ''));
}

function placeOf(url: string) {
  const { protocol, host, port, pathname, search } = new URL(url);
  const scheme = protocol === 'https:' ? 'https' : 'http';
  const place = { scheme, host, port: Number(port) || (scheme === 'https' ? 443 : 80) } as const;
  return { place, target: pathname + search };
}

const oauth1 = load('oauth1');
const FORM = [['Content-Type', 'application/x-www-form-urlencoded']] as const;

function formOf({ formBody, formBodyRaw }: Vector['input']): string {
  const pairs = (formBody ?? []) as [string, string][];
  return textOf(formBodyRaw) || pairs.map((pair) => pair.map(encodeURIComponent).join('=')).join('&');
}

describe.skipIf(oauth1.length === 0)('OAuth 1.0 (skipped where ../shared/vectors is missing)', () => {
  const same = [
    ...['consumerKey', 'consumerSecret', 'token', 'tokenSecret', 'timestamp', 'nonce', 'verifier', 'version', 'realm'],
    'signatureMethod',
  ];
  const names = Object.fromEntries(same.map((name) => [name, name]));

  it.each(
    oauth1.filter(({ expected }) => expected.signature !== undefined).map((vector) => [vector.id, vector] as const),
  )('%s', (_, { input, expected }) => {
    const body = formOf(input);
    const fields: Record<string, string> = { ...fieldsOf(input, names), addParamsToHeader: 'true' };
    const parts = {
      method: textOf(input.method),
      ...placeOf(textOf(input.url)),
      body,
      headers: body === '' ? [] : FORM,
    };
    const { headers } = signDraft('oauth1', fields, parts);
    expect(headers.authorization).toContain(`oauth_signature="${expected.signatureHeaderValue}"`);
    if (fields.realm) expect(headers.authorization).toContain(`OAuth realm="${fields.realm}",`);
  });

  it.each(oauth1.map((vector) => [vector.id, vector] as const))('%s: the base string', (_, { input, expected }) => {
    const body = formOf(input);
    const { place, target } = placeOf(textOf(input.url));
    const draft = { method: textOf(input.method), target, headers: FORM, body: Buffer.from(body) };
    const stated = fieldsOf(input, {
      ...{ consumerKey: 'oauth_consumer_key', token: 'oauth_token', signatureMethod: 'oauth_signature_method' },
      ...{ timestamp: 'oauth_timestamp', nonce: 'oauth_nonce', verifier: 'oauth_verifier', version: 'oauth_version' },
    });
    expect(baseString(draft, place, Object.entries(stated))).toBe(expected.signatureBaseString);
  });
});

const hawk = load('hawk');

describe.skipIf(hawk.length === 0)('Hawk (skipped where ../shared/vectors is missing)', () => {
  const requests = hawk.filter(({ input }) => input.url !== undefined && input.hash === undefined);

  it('leaves no vector out but one with a hash of an unknown body and the one of the payload alone', () => {
    expect(hawk.filter((vector) => !requests.includes(vector)).map(({ id }) => id)).toEqual([
      'payload-hash',
      'normalized-hash-ext',
    ]);
  });

  it.each(requests.map((vector) => [vector.id, vector] as const))('%s', (_, { credentials, input, expected }) => {
    const { id: authId, key: authKey, algorithm } = credentials ?? { id: 'id', key: 'key', algorithm: 'sha256' };
    const fields = {
      ...{ authId, authKey, algorithm },
      ...fieldsOf(input, { ts: 'timestamp', nonce: 'nonce', ext: 'extraData' }),
      includePayloadHash: String(input.payload !== undefined),
    };
    const { headers } = signDraft('hawk', fields, {
      method: textOf(input.method),
      ...placeOf(textOf(input.url)),
      headers: [['Content-Type', textOf(input.contentType)]],
      body: textOf(input.payload),
    });
    const mac = createHmac('sha256', authKey)
      .update(expected.normalized ?? '')
      .digest('base64');
    expect(headers.authorization).toContain(`mac="${expected.mac ?? mac}"`);
    if (expected.authorization !== undefined) expect(headers.authorization).toBe(expected.authorization);
    if (expected.hash !== undefined) expect(headers.authorization).toContain(`hash="${expected.hash}"`);
  });
});

const wsse = load('wsse');

describe.skipIf(wsse.length === 0)('WSSE (skipped where ../shared/vectors is missing)', () => {
  it.each(wsse.map((vector) => [vector.id, vector] as const))('%s', (_, { input, expected }) => {
    const fields = fieldsOf(input, {
      ...{ username: 'username', password: 'password', created: 'created' },
      ...{ nonce: 'nonce', nonceBase64: 'nonce' },
    });
    const nonceEncoding = input.nonceBase64 === undefined ? 'text' : 'base64';
    const nonce = textOf(input.nonce ?? input.nonceBase64);
    const { headers } = signDraft('wsse', { ...fields, nonce, nonceEncoding });
    expect(headers['x-wsse']).toContain(`PasswordDigest="${expected.passwordDigest}", Nonce="${nonce}"`);
    if (expected.header !== undefined) expect(headers['x-wsse']).toBe(expected.header);
  });
});
