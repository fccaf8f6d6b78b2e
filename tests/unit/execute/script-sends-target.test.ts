import { describe, expect, it } from 'vitest';
import type { Collection, RequestEntry, RequestTemplate } from '../../../shared/collection/model.ts';
import type { Target } from '../../../src/execute/prepare.ts';
import { targetOfRun } from '../../../src/execute/script-sends-target.ts';
import { requestOf } from '../request/plan-support.ts';

const template: RequestTemplate = requestOf({});

function entry(id: string, name: string, folders: readonly string[], file: string): RequestEntry {
  return { id, name, folders, file, method: 'GET', open: () => template, locate: () => ({ file }) };
}

const requests = [
  entry('r-1', 'Log in', ['Auth'], 'api/auth/login.bru'),
  entry('r-2', 'List', [], 'api/list.v2.yml'),
  entry('r-3', 'auth/login', [], 'api/odd.bru'),
  entry('r-4', 'Twice', ['A'], 'api/a/twice.bru'),
  entry('r-5', 'Twice', ['B'], 'api/b/twice.bru'),
];
const collection: Collection = {
  id: 'c-1',
  name: 'Api',
  dialect: 'bruno',
  format: 'bruno',
  file: 'api/bruno.json',
  requests,
  problems: [],
  variables: () => [],
};
const parent: Target = {
  found: { collection, entry: requests[1] as RequestEntry, template },
  globals: [],
};

const rows = [
  ['auth/login', 'r-1'],
  ['./auth/login.bru', 'r-1'],
  ['/auth/login', 'r-1'],
  ['list.v2', 'r-2'],
  ['list', 'REQUEST/NOT_FOUND'],
  ['r-5', 'r-5'],
  ['Auth/Log in', 'r-1'],
  ['B/Twice', 'r-5'],
  ['Twice', 'REQUEST/AMBIGUOUS'],
  ['../api/auth/login', 'REQUEST/NOT_FOUND'],
  ['auth', 'REQUEST/NOT_FOUND'],
  ['', 'REQUEST/NOT_FOUND'],
] as const;

describe('the request that a script runs', () => {
  for (const [ref, expected] of rows) {
    it(`"${ref}" is ${expected}`, () => {
      const found = targetOfRun(ref, parent);
      expect(found.ok ? found.value.found.entry.id : found.failure.code).toBe(expected);
    });
  }
});
