// The tests that `npm run mutate` runs against each mutant of shared/redact and shared/policy; none needs the built command.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'tests/unit/redact/**/*.test.ts',
      'tests/unit/policy*/**/*.test.ts',
      'tests/unit/network/pin.test.ts',
      'tests/leaks/matrix.test.ts',
    ],
    exclude: ['tests/unit/redact/hostile.test.ts', 'tests/unit/redact/peers.test.ts'],
    setupFiles: ['tests/property-seed.ts'],
    testTimeout: 30_000,
  },
});
