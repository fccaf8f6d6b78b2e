// Tests of the command run the built files; the incremental build does nothing when they are up to date. A build that
// fails is told to those tests alone, so that tests of the sources still run.
import { spawnSync } from 'node:child_process';
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
  const built = spawnSync(process.execPath, [compiler, '-b', 'shared', 'src'], { cwd: root, encoding: 'utf8' });
  provide('buildProblem', built.status === 0 ? '' : `the build failed:\n${built.stdout}${built.stderr}`);
}
