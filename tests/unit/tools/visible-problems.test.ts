import { describe, expect, it } from 'vitest';
import type { Collection, RequestEntry } from '../../../shared/collection/model.ts';
import { failure } from '../../../shared/failure/failure.ts';
import type { Workspace } from '../../../src/execute/ports.ts';
import { visibleProblems } from '../../../src/tools/visible-problems.ts';
import { strictPolicy } from './stand.ts';

/** A file with a problem, and whether it is told of. */
const ROWS: readonly (readonly [file: string, isTold: boolean])[] = [
  ['shown/bruno.json', true],
  ['shown/new.bru', true],
  ['shown/deep/er/new.bru', true],
  ['hidden/bruno.json', false],
  ['hidden/one.bru', false],
  ['hidden/new.bru', false],
  ['hidden/deep/er/new.bru', false],
  ['hidden/environments/new.bru', false],
  ['hidden/inner/shown.json', true],
  ['hidden/inner/other.json', true],
  ['hiddenness/new.bru', true],
  ['v3/new.request.yaml', false],
  ['v3/sub/new.request.yaml', false],
  ['mixed/hidden.json', false],
  ['mixed/other.json', true],
  ['other.json', true],
];

describe('problems of the workspace', () => {
  const workspace = {
    collections: () => [
      collectionAt('shown/bruno.json', 'Shown', ['shown/one.bru']),
      collectionAt('hidden/bruno.json', 'Hidden', ['hidden/one.bru']),
      collectionAt('hidden/inner/shown.json', 'Shown', []),
      collectionAt('v3/.resources/definition.yaml', 'Hidden', []),
      collectionAt('mixed/shown.json', 'Shown', []),
      collectionAt('mixed/hidden.json', 'Hidden', []),
    ],
    environments: () => [],
    problems: () => ROWS.map(([file]) => failure('COLLECTION/UNREADABLE', { file })),
  } as Partial<Workspace> as Workspace;
  const access = { default: 'safe', collections: { Hidden: 'hidden' }, environments: {} } as const;
  const seen = { workspace, policy: strictPolicy('https://h', { access }) };
  const told = visibleProblems(seen).map(({ facts }) => facts.file);

  it.each(ROWS)('P10: %s: told of %s', (file, isTold) => {
    expect(told.includes(file)).toBe(isTold);
  });
});

function collectionAt(file: string, name: string, requests: readonly string[]): Collection {
  return {
    id: file,
    name,
    format: 'bruno',
    file,
    requests: requests.map((path) => entryAt(path)),
  } as Partial<Collection> as Collection;
}

function entryAt(file: string): RequestEntry {
  return { file } as Partial<RequestEntry> as RequestEntry;
}
