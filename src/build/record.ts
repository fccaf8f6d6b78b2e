// What a built file was made of, so that a build that would change nothing does nothing.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

/** A record of inputs: the digest of each file. Not published. */
export interface Inputs {
  /** The record's own file. */
  readonly record: string;
  /** Files that are inputs whatever the record says. */
  readonly always: readonly string[];
}

/** Whether all of `outputs` are there and nothing that they were made of has changed. */
export function isUpToDate({ record, always }: Inputs, outputs: readonly string[]): boolean {
  if (![...outputs, record].every(existsSync)) return false;
  const inputs = JSON.parse(readFileSync(record, 'utf8')) as Record<string, string>;
  return (
    always.every((file) => file in inputs) &&
    Object.entries(inputs).every(([file, digest]) => existsSync(file) && digestOf(file) === digest)
  );
}

/** Records that the outputs were made of `files`, and of what always counts. */
export function recordInputs({ record, always }: Inputs, files: readonly string[]): void {
  const inputs = Object.fromEntries([...new Set([...always, ...files])].map((file) => [file, digestOf(file)]));
  replace(record, JSON.stringify(inputs));
}

/** Readers never see half a file, and two builds at once do no harm. */
export function replace(file: string, content: string | Uint8Array): void {
  const next = `${file}.${process.pid}`;
  writeFileSync(next, content);
  renameSync(next, file);
}

function digestOf(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('base64');
}
