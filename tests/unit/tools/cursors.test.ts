import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createCursors } from '../../../src/tools/cursors.ts';

const digest = (text: string) => createHash('sha256').update(text).digest('hex');
const cursors = createCursors('key', digest);
const PLACE = { tool: 'get_history', filter: { request_id: undefined } };

describe('a cursor', () => {
  it.each([0, 1, 41, 2 ** 31, 2 ** 52 - 1])('stands for position %j', (position) => {
    expect(cursors.read(PLACE, cursors.write(PLACE, position))).toEqual({ ok: true, value: position });
  });

  it('P10: tells nothing: neighbours have nothing in common, in any base', () => {
    const made = [7, 8, 9, 70].map((position) => cursors.write(PLACE, position));
    for (const cursor of made) expect(cursor).toMatch(/^[0-9a-f]{45}$/);
    const masked = made.map((cursor) => Number.parseInt(cursor.slice(32), 16));
    const gaps = masked.slice(1).map((value, at) => Math.abs(value - (masked[at] ?? 0)));
    for (const gap of gaps) expect(gap).toBeGreaterThan(1_000_000);
  });

  const good = cursors.write(PLACE, 7);
  const refused: readonly [string, typeof PLACE, string][] = [
    ['of another tool', { ...PLACE, tool: 'list_requests' }, good],
    ['of other arguments', { ...PLACE, filter: { request_id: undefined, x: 1 } as typeof PLACE.filter }, good],
    ['of another process', PLACE, createCursors('other', digest).write(PLACE, 7)],
    ['with one bit of its position changed', PLACE, `${good.slice(0, -1)}${good.endsWith('0') ? '1' : '0'}`],
    ['that is too short', PLACE, good.slice(1)],
    ['that is too long', PLACE, `${good}0`],
    ['that is text', PLACE, 'broken'],
  ];
  it.each(refused)('%s is refused', (_, place, cursor) => {
    expect(cursors.read(place, cursor)).toMatchObject({ failure: { code: 'INPUT/CURSOR_INVALID' } });
  });

  it('may be left out', () => {
    expect(cursors.read(PLACE, undefined)).toEqual({ ok: true, value: undefined });
    expect(cursors.read(PLACE, '')).toEqual({ ok: true, value: undefined });
  });
});
