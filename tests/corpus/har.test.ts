import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { har } from '../../shared/dialects/har/har.ts';
import { lookAt } from '../../shared/dialects/look.ts';
import type { Template } from '../../shared/template/template.ts';
import { plainText } from '../dialects/plain-text.ts';

const folder = resolve(import.meta.dirname, '../../../shared/corpora/har/src/fixtures/requests');
const files = existsSync(folder) ? readdirSync(folder) : [];
if (files.length === 0) console.log('corpus tests skipped: the folder ../shared/corpora is not there');

interface Pair {
  readonly name: string;
  readonly value?: string;
}

interface Fixture {
  readonly method: string;
  readonly url: string;
  readonly queryString?: readonly Pair[];
  readonly headers?: readonly Pair[];
  readonly cookies?: readonly Pair[];
  readonly postData?: { readonly text?: string; readonly params?: readonly Pair[] };
  readonly log?: { readonly entries: readonly { readonly request: Fixture }[] };
}

describe.skipIf(files.length === 0)('the HAR requests', () => {
  it('are 17', () => expect(files).toHaveLength(17));

  it.each(files)('P9: %s has the method, URL, headers, cookies and body of its JSON', (file) => {
    const text = readFileSync(join(folder, file), 'utf8');
    const parsed: Fixture = JSON.parse(text);
    const expected = parsed.log?.entries.map(({ request }) => request) ?? [parsed];
    const reader = har.createReader();
    const look = lookAt(file, text);
    expect([har.recognise(look), reader.put(look).ok]).toEqual([true, true]);
    const [collection] = reader.documents().collections;
    expect(collection?.problems).toEqual([]);
    const requests = collection?.requests.map((entry) => entry.open()) ?? [];
    const shown = requests.map(({ method, url, headers, body }) => ({
      method,
      url: plainText(url.address),
      query: url.query.map(({ name, value }) => [plain(name), plain(value)]),
      headers: headers.map(({ name, value }) => [plain(name), plain(value)]),
      body:
        body.kind === 'raw' ? plainText(body.text) : 'fields' in body || 'parts' in body ? partsOf(body) : undefined,
    }));
    expect(shown).toEqual(expected.map(expectedOf));
  });
});

function plain(template: Template | null): string {
  return plainText(template ?? []);
}

interface Named {
  readonly name: Template;
  readonly value?: Template;
}

function partsOf(body: { readonly fields: readonly Named[] } | { readonly parts: readonly Named[] }): unknown {
  const parts = 'fields' in body ? body.fields : body.parts;
  return parts.map(({ name, value }) => [plainText(name), value ? plainText(value) : undefined]);
}

function expectedOf({ method, url, queryString = [], headers = [], cookies = [], postData = {} }: Fixture): unknown {
  const [address, query = ''] = url.split('?');
  const listed = [...new URLSearchParams(query), ...queryString.map(({ name, value = '' }) => [name, value])];
  const cookie = cookies.map(({ name, value = '' }) => `${name}=${value}`).join('; ');
  const { text = '', params = [] } = postData;
  return {
    method,
    url: address,
    query: listed,
    headers: [...headers.map(({ name, value = '' }) => [name, value]), ...(cookie === '' ? [] : [['Cookie', cookie]])],
    body: text !== '' ? text : params.length > 0 ? params.map(({ name, value }) => [name, value]) : undefined,
  };
}
