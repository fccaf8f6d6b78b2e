// Bruno's own runner on the collection: `bru run` in safe mode or in developer mode.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { BrunoCollection } from './bruno-scripts-collection.ts';

export type BrunoMode = 'safe' | 'developer';

/** Whether each test passed, by its name. */
export type Verdicts = Readonly<Record<string, boolean>>;

interface RawTest {
  readonly description?: string;
  readonly lhsExpr?: string;
  readonly rhsExpr?: string;
  readonly status: string;
  /** Stands for an error of the script, and is no test. */
  readonly isScriptError?: boolean;
}

interface RawResult {
  readonly test: { readonly filename: string };
  readonly preRequestTestResults?: readonly RawTest[];
  readonly postResponseTestResults?: readonly RawTest[];
  readonly assertionResults?: readonly RawTest[];
  readonly testResults?: readonly RawTest[];
}

const cli = resolve(import.meta.dirname, '../../node_modules/@usebruno/cli/bin/bru.js');

/** Runs the whole collection in its order; verdicts by request. */
export async function runBru({ folder, names }: BrunoCollection, mode: BrunoMode): Promise<Map<string, Verdicts>> {
  const report = join(folder, `report-${mode}.json`);
  const args = [cli, 'run', '-r', '--env', 'Prod', '--sandbox', mode, '--reporter-json', report];
  await new Promise((done) => {
    spawn(process.execPath, args, { cwd: folder, stdio: 'ignore' }).once('close', done);
  });
  const runs = JSON.parse(readFileSync(report, 'utf8')) as readonly { readonly results: readonly RawResult[] }[];
  const verdicts = new Map<string, Verdicts>();
  for (const result of runs.flatMap(({ results }) => results)) {
    const { filename } = result.test;
    const name = names.get(filename) ?? names.get(`${filename}.bru`);
    const tests = [
      ...(result.preRequestTestResults ?? []),
      ...(result.postResponseTestResults ?? []),
      ...(result.assertionResults ?? []),
      ...(result.testResults ?? []),
    ].filter(({ isScriptError }) => !isScriptError);
    if (name !== undefined)
      verdicts.set(name, Object.fromEntries(tests.map((test) => [nameOf(test), test.status === 'pass'])));
  }
  return verdicts;
}

const OPERATOR =
  /^(?:eq|neq|gte?|lte?|in|notIn|contains|notContains|length|matches|notMatches|startsWith|endsWith|between|is[A-Z]\w+)\b/;

/** An assertion is called by what it says; Bruno shows it as it was written, with the operator left out and with a value too many. */
function nameOf({ description, lhsExpr, rhsExpr = '' }: RawTest): string {
  if (description !== undefined) return description;
  const [operator] = OPERATOR.exec(rhsExpr) ?? [];
  if (operator === undefined) return `${lhsExpr}: eq ${rhsExpr}`;
  return `${lhsExpr}: ${operator.startsWith('is') ? operator : rhsExpr}`;
}
