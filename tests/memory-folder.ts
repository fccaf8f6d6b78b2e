// Folders that tests make and remove lie in memory where the system has room for them there: a store that is new for each test waits for
// the disk several times, and a process that is killed loses no more than it would on one. A TMPDIR that is set stays as it is.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const MEMORY = '/dev/shm';
const PREFIX = 'keyward-tests-';
const ROOM_BYTES = 2 * 1024 ** 3;
const ABANDONED_MS = 3_600_000;

/** Makes the folder for the processes of this run; gives what removes it, or nothing where folders stay where they are. */
export function setup(): (() => void) | undefined {
  if (process.env.TMPDIR !== undefined || !hasRoom()) return undefined;
  removeAbandoned();
  const folder = mkdtempSync(join(MEMORY, PREFIX));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  if (!runsPrograms(folder)) {
    remove();
    return undefined;
  }
  process.env.TMPDIR = folder;
  return () => {
    delete process.env.TMPDIR;
    remove();
  };
}

function hasRoom(): boolean {
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    return bavail * bsize >= ROOM_BYTES;
  } catch {
    return false;
  }
}

/** Containers often forbid it there, and some tests run programs that they write. */
function runsPrograms(folder: string): boolean {
  const program = join(folder, 'program');
  try {
    writeFileSync(program, '#!/bin/sh\nexit 0\n', { mode: 0o700 });
    return spawnSync(program).status === 0;
  } catch {
    return false;
  }
}

/** What a run left that was killed: a run that goes on makes folders there all the time. */
function removeAbandoned(): void {
  for (const name of readdirSync(MEMORY).filter((each) => each.startsWith(PREFIX))) {
    const folder = join(MEMORY, name);
    const { mtimeMs = 0, uid = -1 } = statSync(folder, { throwIfNoEntry: false }) ?? {};
    if (uid === process.getuid?.() && Date.now() - mtimeMs > ABANDONED_MS)
      rmSync(folder, { recursive: true, force: true });
  }
}
