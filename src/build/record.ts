// What built files were made of, so that a build that would change nothing does nothing.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

export interface Inputs {
  /** The file that tells what the last build read and wrote. Not published. */
  readonly record: string;
  /** Files that are inputs whatever the record says: all that may be edited while a build runs. */
  readonly always: readonly string[];
}

/** By file. */
export type Contents = ReadonlyMap<string, string | Uint8Array>;

type Digests = Readonly<Record<string, string>>;

/** What the last build wrote, where nothing of that and nothing that it read has changed since; undefined where there is work to do. */
export function upToDate({ record, always }: Inputs): readonly string[] | undefined {
  if (!existsSync(record)) return undefined;
  const { inputs, outputs } = JSON.parse(readFileSync(record, 'utf8')) as { inputs?: Digests; outputs?: Digests };
  if (inputs === undefined || outputs === undefined) return undefined;
  const isSame = always.every((file) => file in inputs) && [inputs, outputs].every(holds);
  return isSame ? Object.keys(outputs) : undefined;
}

/**
 * Begins a build: until the function that it gives is called with what else was read and what was written, there is no record of one. What
 * is edited meanwhile is a change.
 */
export function beginBuild({ record, always }: Inputs): (read: readonly string[], written: Contents) => void {
  rmSync(record, { force: true });
  const digests = digestsOf(always);
  return (read, written) => {
    const inputs = { ...digestsOf(read.filter((file) => !(file in digests))), ...digests };
    replace(
      record,
      JSON.stringify({
        inputs,
        outputs: Object.fromEntries(Array.from(written, ([file, content]) => [file, digest(content)])),
      }),
    );
  };
}

/** Readers never see half a file. */
export function replace(file: string, content: string | Uint8Array): void {
  const next = `${file}.${process.pid}`;
  writeFileSync(next, content);
  renameSync(next, file);
}

function holds(digests: Digests): boolean {
  return Object.entries(digests).every(([file, recorded]) => existsSync(file) && digestOf(file) === recorded);
}

function digestsOf(files: readonly string[]): Digests {
  return Object.fromEntries([...new Set(files)].map((file) => [file, digestOf(file)]));
}

function digestOf(file: string): string {
  return digest(readFileSync(file));
}

function digest(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('base64');
}
