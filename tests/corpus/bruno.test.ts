// Every .bru file of Bruno's own tests, field by field against Bruno's own parser.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { parseCollection, parseEnvironment } from '@usebruno/filestore';
import { describe, expect, it } from 'vitest';
import { listOr, objectOr, textOf } from '../../shared/collection/narrow.ts';
import { bruno } from '../../shared/dialects/bruno/bruno.ts';
import { brunoWriter } from '../../shared/dialects/bruno/write.ts';
import type { Documents } from '../../shared/dialects/dialect.ts';
import { lookAt } from '../../shared/dialects/look.ts';
import {
  type Facts,
  oracleAuth,
  oracleFacts,
  oraclePair,
  oracleScripts,
  ourFacts,
  requestFacts,
  variableFact,
} from '../dialects/bruno-oracle.ts';
import { isReadByBruno, meanings, rereadAsBruno, writableOf } from '../dialects/bruno-rewrite.ts';
import { sample } from './sample.ts';

const root = resolve(import.meta.dirname, '../../../shared/corpora/bruno-tests');
const isThere = existsSync(root);
if (!isThere) console.log('corpus tests skipped: the folder ../shared/corpora is not there');

const files = isThere ? readdirSync(root, { recursive: true }).map((file) => String(file).replaceAll('\\', '/')) : [];
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

function kindOf(file: string): string {
  if (!file.endsWith('.bru')) return file.endsWith('/bruno.json') ? 'config' : 'other';
  if (/\/environments\/[^/]+$/.test(file)) return 'environment';
  return /\/(?:collection|folder)\.bru$/.test(file) ? 'level' : 'request';
}

function filesOf(kind: string): string[] {
  return files.filter((file) => kindOf(file) === kind).sort();
}

/** Fields in which this reader is meant to differ from Bruno's parser. */
const DIFFERENCES: readonly { readonly file: RegExp; readonly field: string; readonly why: string }[] = [
  {
    file: /js\/data types - request vars\.bru$/,
    field: 'assertions',
    why: 'what stands behind an operator without a value is dropped on reading, by Bruno when it compares',
  },
];

/** Requests of each bruno.json, counted with find and grep; those without have files of OpenCollection. */
const COUNTS: Readonly<Record<string, number>> = {
  'bruno-testbench': 223,
  collection_level_oauth2: 1,
  'OAuth2 Demo': 8,
  'keycloak-authorization_code': 3,
  'keycloak-client-credentials': 3,
  'keycloak-password-credentials': 3,
  sandwich_exec: 1,
  sequential_exec: 1,
};

/** Of the files that are written Bruno reads so many: its parser is slow. */
const EVERY = 3;

describe.runIf(isThere)('bruno-tests', () => {
  it('reads every request file as Bruno does, but for the differences listed', () => {
    const found: unknown[] = [];
    const explained = new Set<number>();
    for (const file of filesOf('request')) {
      const ours = ourFacts(read(file));
      const theirs = oracleFacts(read(file));
      for (const field of Object.keys(theirs)) {
        if (isDeepStrictEqual(ours[field], theirs[field])) continue;
        const row = DIFFERENCES.findIndex((each) => each.field === field && each.file.test(file));
        if (row === -1) found.push([file, field, ours[field], theirs[field]]);
        else explained.add(row);
      }
    }
    expect(found).toEqual([]);
    expect(explained.size).toBe(DIFFERENCES.length);
  });

  it('reads every collection.bru and folder.bru as Bruno does', () => {
    for (const file of filesOf('level')) expect([file, ourLevel(file)]).toEqual([file, oracleLevel(file)]);
  });

  it('reads every environment as Bruno does', () => {
    for (const file of filesOf('environment')) {
      const parsed: unknown = parseEnvironment(read(file), { format: 'bru' });
      const theirs = listOr(objectOr(parsed).variables).map((each) => [oraclePair(each), objectOr(each).secret]);
      const [environment] = load([file]).environments;
      const ours = environment?.variables.map((each) => {
        const isName = each.value.some(({ kind }) => kind === 'handle') && each.secret;
        return [isName ? variableFact({ ...each, value: [] }) : variableFact(each), isName];
      });
      expect([environment?.name, ours]).toEqual([basename(file, '.bru'), theirs]);
    }
  });

  it('loads all of it: every collection with as many requests as an independent count, each located in its file', () => {
    const { collections, environments, problems } = load([...files].filter((file) => kindOf(file) !== 'other'));
    expect(problems).toEqual([]);
    expect(Object.fromEntries(collections.map(({ name, requests }) => [name, requests.length]))).toEqual(COUNTS);
    expect(environments.length).toBe(filesOf('environment').length);
    const entries = collections.flatMap(({ requests }) => requests);
    expect(entries.map(({ file }) => file).sort()).toEqual(filesOf('request'));
    expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length);
    for (const entry of entries) {
      const text = read(entry.file ?? '');
      const line = text.split('\n')[(entry.locate(text).line ?? 0) - 1];
      expect(line).toBe(`${entry.method.toLowerCase()} {`);
    }
  });

  it('writes what it has read so that Bruno reads it, it means the same, and it is the same bytes when written again', () => {
    for (const source of writableOf(load(files.filter((file) => kindOf(file) !== 'other')))) {
      const written = brunoWriter.write(source);
      const files = sample(written.files, EVERY, ({ text }) => text);
      expect(files.filter((file) => !isReadByBruno(file)).map(({ path }) => path)).toEqual([]);
      const again = rereadAsBruno(written);
      const noted = new Set(written.losses.map(({ request }) => request));
      expect(meanings(again, noted)).toEqual(meanings(source, noted));
      expect(brunoWriter.write(again).files).toEqual(written.files);
    }
  });
});

function load(some: readonly string[]): Documents {
  const reader = bruno.createReader();
  for (const file of some)
    expect([file, reader.put(lookAt(file, read(file)))]).toEqual([file, { ok: true, value: 'taken' }]);
  return reader.documents();
}

/** A level by what a request that states nothing takes from it. */
function ourLevel(file: string): Facts {
  const folder = dirname(file);
  const reader = bruno.createReader();
  reader.put(lookAt(file, read(file)));
  reader.put(lookAt(`${folder}/probe.bru`, 'get {\n  url: x\n  auth: inherit\n}\n'));
  const [collection] = reader.documents().collections;
  const { headers, auth, scripts } = requestFacts(collection?.requests[0]?.open() ?? expect.fail(file));
  return {
    headers,
    auth,
    scripts,
    vars: (collection?.variables() ?? []).map(variableFact),
    docs: collection?.description ?? '',
    name: collection?.name,
  };
}

function oracleLevel(file: string): Facts {
  const parsed: unknown = parseCollection(read(file), { format: 'bru' });
  const level = objectOr(parsed);
  const request = objectOr(level.request);
  return {
    // A disabled header is not inherited.
    headers: listOr(request.headers)
      .map(oraclePair)
      .filter((pair) => !pair.startsWith('~')),
    auth: oracleAuth(objectOr(request.auth)),
    scripts: oracleScripts(request),
    vars: listOr(objectOr(request.vars).req).map(oraclePair),
    docs: textOf(level.docs),
    name: textOf(objectOr(level.meta).name) || basename(dirname(file)),
  };
}
