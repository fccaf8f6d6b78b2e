import { describe, expect, it } from 'vitest';
import { pin } from '../../surface/pin.ts';
import { addressesPage, pageRows } from './addresses-page.ts';

describe('docs/reference/addresses.md', () => {
  it('shows every row of the table', () => {
    expect(addressesPage()).toBe(pin('docs/reference/addresses.md', addressesPage()));
    expect(
      addressesPage()
        .split('\n')
        .filter((line) => line.startsWith('| `')),
    ).toHaveLength(pageRows);
  });
});
