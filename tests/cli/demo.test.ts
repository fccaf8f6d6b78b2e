import { afterEach, describe, expect, it } from 'vitest';
import { createDesk, type Desk } from './run-keyward.ts';

describe('keyward demo', () => {
  const desk: Desk = createDesk();
  afterEach(() => desk.clear());

  it('P1: holds every claim it makes, and finds the key nowhere', async () => {
    const { code, out } = await desk.keyward(['demo']);
    expect(out).not.toContain('NOT SO');
    expect(out.match(/: 0 occurrences/g)).toHaveLength(3);
    expect(out).not.toContain('\u001b');
    expect(code).toBe(0);
  });
});
