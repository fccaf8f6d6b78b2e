import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Failure } from '../../../shared/failure/failure.ts';
import type { Result } from '../../../shared/failure/result.ts';
import { openState } from '../../../src/state/open-state.ts';
import type { Sql, State } from '../../../src/state/state.ts';

/** A data folder that does not exist yet, inside a folder that is removed after the test. */
export function temporaryHome(): string {
  const root = mkdtempSync(join(tmpdir(), 'keyward-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  return join(root, 'home');
}

/** The state of a data folder, closed after the test. */
export function temporaryState(home = temporaryHome()): State {
  const state = must(openState(home));
  onTestFinished(() => state.close());
  return state;
}

/** Edits the database behind the product's back. */
export function tamper(home: string, work: (sql: Sql) => void): void {
  const state = must(openState(home));
  must(
    state.write((sql) => {
      work(sql);
      return { ok: true, value: undefined };
    }, 'durable'),
  );
  state.close();
}

export function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`unexpected failure: ${JSON.stringify(result.failure)}`);
  return result.value;
}

export function failureOf(result: Result<unknown>): Failure {
  if (result.ok) throw new Error('unexpected success');
  return result.failure;
}
