import type { Failure } from './failure.ts';

/** The outcome of an operation that is expected to fail at times. Exceptions are for bugs only. */
export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

export function ok<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

export function err(failure: Failure): { readonly ok: false; readonly failure: Failure } {
  return { ok: false, failure };
}
