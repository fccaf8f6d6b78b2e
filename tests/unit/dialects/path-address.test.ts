import { describe, expect, it } from 'vitest';
import { readPath } from '../../../shared/dialects/openapi/path-address.ts';

describe('a path of many parameters', () => {
  it('P12: in one segment is read', () => {
    const path = `/x${Array.from({ length: 300_000 }, (_, at) => `{a${at}}`).join('')}`;
    expect(readPath(path, () => '').references.size).toBe(300_000);
  });
});
