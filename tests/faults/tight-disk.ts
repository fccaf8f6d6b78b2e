import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

export interface TightDisk {
  readonly folder: string;
  /** Takes every free byte. */
  fill(): void;
  free(): void;
  /** Forbids every write, as a disk does after an error. */
  remountReadOnly(): void;
}

const MOUNT = '/bin/mount';
const UNMOUNT = '/bin/umount';

const mounted = (args: readonly string[]) => spawnSync(MOUNT, args, { stdio: 'ignore' }).status === 0;

/** Whether this machine lets the tests mount a small file system: Linux, as root. */
export function canMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  const folder = mkdtempSync(join(tmpdir(), 'keyward-mount-'));
  const able = mounted(['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder]);
  if (able) spawnSync(UNMOUNT, [folder]);
  rmSync(folder, { recursive: true });
  return able;
}

/** A file system of a few hundred kilobytes, unmounted after the test. */
export function tightDisk(kilobytes: number): TightDisk {
  const folder = mkdtempSync(join(tmpdir(), 'keyward-disk-'));
  if (!mounted(['-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'tmpfs', folder])) throw new Error('cannot mount');
  onTestFinished(() => {
    spawnSync(UNMOUNT, ['-l', folder]);
    rmSync(folder, { recursive: true });
  });
  const filler = join(folder, 'filler');
  return {
    folder,
    fill() {
      for (let bytes = 1024 * 1024; bytes >= 1; bytes = Math.floor(bytes / 2)) appendUntilFull(filler, bytes);
    },
    free: () => unlinkSync(filler),
    remountReadOnly() {
      if (!mounted(['-o', 'remount,ro', folder])) throw new Error('cannot remount');
    },
  };
}

function appendUntilFull(file: string, bytes: number): void {
  try {
    for (;;) writeFileSync(file, Buffer.alloc(bytes), { flag: 'a' });
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error.code !== 'ENOSPC') throw error;
  }
}
