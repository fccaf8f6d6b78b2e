import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const preload = new URL('with-glob-sync.js', import.meta.url).href;
const manifest = createRequire(import.meta.url).resolve('@modelcontextprotocol/conformance/package.json');
const suite = join(dirname(manifest), 'dist', 'index.js');

export interface Conformance {
  /** Of the suite: 1 where something required fails that is not expected to, or passes though it is. */
  readonly code: number;
  /** What the suite says of that, and each check that did not pass. */
  readonly said: string;
  /** Scenarios of which a check passed and none failed or warned. */
  readonly passed: readonly string[];
}

export interface Suite {
  /** Runs what is chosen of the suite, in its own words; `expected` is a file of this folder. One run at a time. */
  run(url: string, chosen: readonly string[], expected: string): Promise<Conformance>;
  stop(): void;
}

/** The suite in a process of its own, loaded once for all its runs. */
export async function startSuite(): Promise<Suite> {
  const runner = fileURLToPath(new URL('warm-conformance.js', import.meta.url));
  const child = fork(runner, [suite], {
    execArgv: ['--import', preload],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  await once(child, 'message');
  return {
    async run(url, chosen, expected) {
      const results = mkdtempSync(join(tmpdir(), 'keyward-conformance-'));
      const baseline = fileURLToPath(new URL(expected, import.meta.url));
      child.send(['server', '--url', url, ...chosen, '--expected-failures', baseline, '-o', results]);
      const [{ code, out }] = (await Promise.race([once(child, 'message'), endOf(child)])) as [Ended];
      const scenarios = readdirSync(results).map((folder) => readScenario(results, folder));
      rmSync(results, { recursive: true, force: true });
      const bad = scenarios.flatMap(({ name, problems }) => problems.map((problem) => `${name}:${problem}`));
      const passed = scenarios.filter(({ succeeded, problems }) => succeeded && problems.length === 0);
      const verdict = out.slice(Math.max(0, out.lastIndexOf('\nTotal: ')));
      return { code, said: [verdict, ...bad].join('\n'), passed: passed.map(({ name }) => name) };
    },
    stop: () => void child.kill(),
  };
}

interface Ended {
  readonly code: number;
  readonly out: string;
}

async function endOf(child: ChildProcess): Promise<never> {
  const [code] = await once(child, 'exit');
  throw new Error(`the suite ended its process with ${code}`);
}

interface Check {
  readonly id: string;
  readonly status: 'SUCCESS' | 'FAILURE' | 'WARNING' | 'INFO' | 'SKIPPED';
  readonly errorMessage?: string;
}

/** Its folder is called `server-NAME-TIME`. */
function readScenario(results: string, folder: string) {
  const [, name = folder] = /^server-(.+)-\d{4}-\d\d-\d\dT/.exec(folder) ?? [];
  const checks: readonly Check[] = JSON.parse(readFileSync(join(results, folder, 'checks.json'), 'utf8'));
  const failed = checks.filter(({ status }) => status === 'FAILURE' || status === 'WARNING');
  const problems = failed.map(({ id, status, errorMessage }) => `${id} ${status} ${errorMessage ?? ''}`.slice(0, 300));
  return { name, problems, succeeded: checks.some(({ status }) => status === 'SUCCESS') };
}
