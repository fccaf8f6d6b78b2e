import { describe, expect, it } from 'vitest';
import type { Collection, RequestEntry } from '../../../shared/collection/model.ts';
import { summarise } from '../../../src/tools/list-requests.ts';

const entry: RequestEntry = {
  id: 'r-1',
  name: 'Broken',
  folders: ['F'],
  method: 'GET',
  open: () => {
    throw new RangeError('too many arguments');
  },
  locate: () => ({ file: 'a.json', line: 1, column: 1 }),
};

const collection: Collection = {
  id: 'c-1',
  name: 'C',
  dialect: 'postman',
  format: 'postman-2.1',
  file: 'a.json',
  requests: [entry],
  problems: [],
  variables: () => [],
};

describe('a request that cannot be opened', () => {
  it('P9: is listed as not executable and hides no other', () => {
    expect(summarise(collection, entry)).toEqual({
      id: 'r-1',
      name: 'Broken',
      collection_id: 'c-1',
      path: 'F',
      method: 'GET',
      url: '',
      auth_type: 'none',
      not_executable: 'it cannot be read',
    });
  });
});
