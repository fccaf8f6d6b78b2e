import { expect, it } from 'vitest';
import { limits } from '../../../shared/limits.ts';
import { createResponseStore } from '../../../src/execute/response-store.ts';

function open() {
  const clock = { now: 0 };
  let ids = 0;
  const randomId = () => {
    ids += 1;
    return `r-${ids}`;
  };
  return { clock, store: createResponseStore({ now: () => clock.now, randomId }) };
}

const response = (text: string) => ({ kind: 'text' as const, contentType: 'text/plain', text });

it('P10: gives a body back to who kept it and to no other', () => {
  const { store } = open();
  const id = store.keep('a', response('body')) ?? '';
  expect(store.read('a', id)?.text).toBe('body');
  expect(store.read('b', id)).toBeUndefined();
  expect(store.read('a', 'other')).toBeUndefined();
});

it('P12: drops the oldest beyond the count', () => {
  const { store } = open();
  const ids = Array.from({ length: limits.keptResponses + 1 }, (_, n) => store.keep('a', response(String(n))) ?? '');
  expect(store.read('a', ids[0] ?? '')).toBeUndefined();
  expect(store.read('a', ids[1] ?? '')?.text).toBe('1');
  expect(store.read('a', ids.at(-1) ?? '')?.text).toBe(String(limits.keptResponses));
});

it('P12: drops the oldest beyond the bytes, and refuses one that is larger alone', () => {
  const { store } = open();
  const half = 'x'.repeat(limits.keptResponseBytes / 4);
  const ids = [store.keep('a', response(half)), store.keep('a', response(half)), store.keep('a', response('last'))];
  expect(ids.map((id) => store.read('a', id ?? '') !== undefined)).toEqual([false, true, true]);
  expect(store.keep('a', response('x'.repeat(limits.keptResponseBytes / 2 + 1)))).toBeUndefined();
  expect(store.read('a', ids[2] ?? '')?.text).toBe('last');
});

it('forgets after its time', () => {
  const { store, clock } = open();
  const id = store.keep('a', response('body')) ?? '';
  clock.now = limits.keptResponseMs - 1;
  expect(store.read('a', id)).toBeDefined();
  clock.now = limits.keptResponseMs;
  expect(store.read('a', id)).toBeUndefined();
});

it("P10 P12: what one keeps pushes out no other's, by count or by bytes", () => {
  const { store } = open();
  const mine = store.keep('a', response('mine')) ?? '';
  for (let count = 0; count <= limits.keptResponses; count += 1) store.keep('b', response(String(count)));
  expect(store.read('a', mine)?.text).toBe('mine');
  const third = 'x'.repeat(limits.keptResponseBytes / 6);
  for (let count = 0; count < 4; count += 1) store.keep('b', response(third));
  expect(store.read('a', mine)?.text).toBe('mine');
});

it('P12: counts the readable text as well', () => {
  const { store } = open();
  const half = 'x'.repeat(limits.keptResponseBytes / 4);
  expect(store.keep('a', { ...response(half), readable: half })).toBeDefined();
  expect(store.keep('a', { ...response(half), readable: `${half}x` })).toBeUndefined();
});
