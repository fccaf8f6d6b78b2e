import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Collection } from '../../../shared/collection/model.ts';
import { createResourceFeed } from '../../../src/tools/resource-feed.ts';

const collection = (): Collection => ({
  id: 'a',
  name: 'A',
  file: 'a.json',
  dialect: 'postman',
  format: 'v2.1',
  requests: [],
  variables: () => [],
  problems: [],
});

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('the feed of resources', () => {
  it('tells of the first difference at once, and of those that follow fast together', () => {
    const feed = createResourceFeed(250);
    let told = 0;
    feed.onChange(() => {
      told += 1;
    });
    feed.look([]);
    expect(told).toBe(0);
    for (let at = 0; at < 10; at++) feed.look([collection()]);
    expect(told).toBe(1);
    vi.advanceTimersByTime(249);
    expect(told).toBe(1);
    vi.advanceTimersByTime(2);
    expect(told).toBe(2);
    vi.advanceTimersByTime(1_000);
    expect(told).toBe(2);
    feed.look([]);
    expect(told).toBe(3);
  });
});
