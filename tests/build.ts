// Tests of the command run the built files, and scripts run in the built sandbox; the build does nothing when both are up to date.
// A build that fails is told to those tests alone, so that tests of the sources still run.
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** What the compiler said; empty where the build is up to date. */
    buildProblem: string;
  }
}

export function setup({ provide }: TestProject): void {
  const manifest = createRequire(import.meta.url).resolve('typescript/package.json');
  const compiler = join(dirname(manifest), 'bin', 'tsc');
  const root = fileURLToPath(new URL('..', import.meta.url));
  const steps = [[compiler, '-b', 'shared', 'src'], ['dist/src/sandbox/image/build.js'], ['dist/src/build/product.js']];
  const problems = steps.map((step) => problemOf(spawnSync(process.execPath, step, { cwd: root, encoding: 'utf8' })));
  provide('buildProblem', problems.find((problem) => problem !== '') ?? '');
}

function problemOf({ status, stdout, stderr }: SpawnSyncReturns<string>): string {
  return status === 0 ? '' : `the build failed:\n${stdout}${stderr}`;
}
