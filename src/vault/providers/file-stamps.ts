// Whether files that values were read from were written to since, so that what was made of the values is not used for longer.
import { statSync } from 'node:fs';
import { limits } from '../../../shared/limits.ts';

export interface FileStamps {
  /** From now on this file is looked at. */
  note(file: string): void;
  /** Looks at all of them. Changes whenever one of them did. */
  revision(): number;
  clear(): void;
}

export function createFileStamps(): FileStamps {
  const stamps = new Map<string, string>();
  let revision = 0;
  const look = (file: string): void => {
    const stamp = stampOf(file);
    if (stamps.get(file) !== stamp) revision += 1;
    stamps.set(file, stamp);
  };
  return {
    note(file) {
      // One that was dropped counts as changed when it is seen again, so too many of them cost time and nothing else.
      look(file);
      const [first] = stamps.keys();
      if (stamps.size > limits.providerFiles && first !== undefined) stamps.delete(first);
    },
    revision() {
      for (const file of stamps.keys()) look(file);
      return revision;
    },
    clear: () => stamps.clear(),
  };
}

/** The same as long as nobody wrote to the file or put another in its place. */
function stampOf(file: string): string {
  try {
    const { ino, size, mtimeNs, ctimeNs } = statSync(file, { bigint: true });
    return `${ino} ${size} ${mtimeNs} ${ctimeNs}`;
  } catch {
    return 'unreadable';
  }
}
