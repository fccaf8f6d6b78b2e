import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    exclude: ['tests/bench/**'],
    globalSetup: ['tests/build.ts', 'tests/memory-folder.ts'],
    setupFiles: ['tests/property-seed.ts'],
    // Only for what hangs: a busy machine may be ten times slower.
    testTimeout: 120_000,
    pool: 'forks',
    // Test files leave nothing behind in their process, so they can share one: a third of the time went into loading modules again.
    isolate: false,
    maxWorkers: 2,
  },
});
