// The goldens' own files through Bruno's parser: what the corpus does not have, such as each auth block and each broken line.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { parseEnvironment } from '@usebruno/filestore';
import { describe, expect, it, vi } from 'vitest';
import { parseBru } from '../../shared/dialects/bruno/blocks.ts';
import { type Facts, oracleFacts, ourFacts } from './bruno-oracle.ts';

const here = join(import.meta.dirname, 'bruno');
const files = readdirSync(here, { recursive: true })
  .map((file) => String(file).replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.bru') && !/\/(?:collection|folder)\.bru$/.test(file))
  .sort();
const isEnvironment = (file: string): boolean => file.includes('/environments/');
const isBroken = (file: string): boolean => file.startsWith('broken/') && !file.endsWith('/good.bru');
const read = (file: string): string => readFileSync(join(here, file), 'utf8');

/** `case/file field`: why this reader does not say what Bruno's parser says. */
const DIFFERENCES: Readonly<Record<string, string>> = {
  'auth/oauth1.bru auth': "the placement is a switch in Postman's words, and a key file is noted as not read",
  'auth/oauth2 password.bru auth': 'additional parameters are noted as left out',
  'auth/unknown.bru whole': 'Bruno refuses a block that it does not know; here the rest is read, and the loss is noted',
  'bodies/b/empty.bru whole': 'Bruno takes an empty text block for one without an end',
  'bodies/b/file.bru headers': 'the type of the chosen file replaces the header, as in what Bruno sends',
  'bodies/b/get with body.bru settings': "plans follow Postman's runtime, which drops the body of a GET unless told",
  'bodies/b/graphql.bru body': 'comments are taken out of JSON, as in what Bruno sends',
  'bodies/b/sparql typed.bru headers': "the oracle adds the runner's default, which the request's own header replaces",
  'bodies/b/unknown.bru whole': 'a block that Bruno does not know',
  'lines/crlf.bru whole': 'Bruno refuses a byte order mark',
  'lines/odd.bru headers': 'Bruno loses the name __proto__',
  'lines/url.bru query': 'a parameter without a name is in the URL alone',
  'lines/url.bru url': 'a backslash in the path is a slash, as in what is sent',
  'not-executed/app.bru method': 'no HTTP: the protocol',
  'not-executed/empty.bru method': 'no method stated: listed as GET and never executed',
  'not-executed/grpc.bru method': 'no HTTP: the protocol',
  'not-executed/nothing.bru method': 'no method stated',
  'not-executed/with app.bru whole': 'a block that Bruno does not know',
  'not-executed/ws.bru method': 'no HTTP: the protocol',
  'whole/shop/first.bru headers': 'a name of an external secret is a handle, which these facts show as process.env',
  'whole/shop/orders/create order.bru body': 'comments are taken out of JSON',
};

describe('bruno against @usebruno/filestore', () => {
  it('reads each good request file as Bruno does, but for the differences listed', () => {
    const silent = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    const found: Record<string, unknown> = {};
    for (const file of files.filter((each) => !isBroken(each) && !isEnvironment(each))) {
      const ours = ourFacts(read(file));
      const theirs = oracleOr(read(file), { whole: 'refused' });
      for (const field of Object.keys(theirs)) {
        if (isDeepStrictEqual(ours[field], theirs[field])) continue;
        found[`${file.replace('/input', '')} ${field}`] = [ours[field], theirs[field]];
      }
    }
    silent.mockRestore();
    const unexplained = Object.entries(found).filter(([key]) => !Object.hasOwn(DIFFERENCES, key));
    expect(unexplained).toEqual([]);
    expect(Object.keys(found).sort()).toEqual(Object.keys(DIFFERENCES).sort());
  });

  it('refuses each broken file, as Bruno does', async () => {
    const silent = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    const accepted: string[] = [];
    for (const file of files.filter(isBroken)) {
      const kind = isEnvironment(file) ? 'environment' : 'request';
      expect([file, parseBru(read(file), file, kind).ok]).toEqual([file, false]);
      try {
        await (kind === 'environment' ? parseEnvironment(read(file), { format: 'bru' }) : oracleFacts(read(file)));
        accepted.push(file);
      } catch {}
    }
    silent.mockRestore();
    expect(accepted).toEqual([]);
  });
});

function oracleOr(text: string, otherwise: Facts): Facts {
  try {
    return oracleFacts(text);
  } catch {
    return otherwise;
  }
}
