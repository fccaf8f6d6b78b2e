// Whether a program is the one that the operator meant: nobody but root and this user can have put it there. Every folder and
// link on the way to it is looked at, because who can change one of them can put another program in its place.
import { lstatSync, readlinkSync, type Stats } from 'node:fs';
import { dirname, isAbsolute, join, parse } from 'node:path';

export type ProgramProblem = 'missing' | 'not-a-program' | 'not-yours' | 'writable';

const MOST_LINKS = 40;
const EXECUTABLE = 0o111;
const GROUP_AND_OTHERS_WRITE = 0o022;
const STICKY = 0o1000;
/** On macOS the group of those who may become root; the folders of package managers belong to it. */
const ADMIN_GROUP = 80;
const GROUP_WRITE = 0o020;

/** A program that may be run, at its path without links, or why it must not be. */
export type FoundProgram =
  | { readonly ok: true; readonly path: string }
  | { readonly ok: false; readonly problem: ProgramProblem };

/** Looks at the program at an absolute path. Where there are no owners only its kind counts. */
export function findProgram(path: string): FoundProgram {
  if (!isAbsolute(path)) return { ok: false, problem: 'missing' };
  let way: Way = { at: parse(path).root, rest: partsOf(path) };
  for (let links = 0; links <= MOST_LINKS; ) {
    const stats = statsOf(way.at);
    const problem = stats ? exposure(stats) : 'missing';
    if (problem) return { ok: false, problem };
    if (way.rest.length === 0) {
      return stats && isRunnable(stats) ? { ok: true, path: way.at } : { ok: false, problem: 'not-a-program' };
    }
    const next = oneOn(way);
    if (next.link) {
      if (isForeign(next.link)) return { ok: false, problem: 'not-yours' };
      links += 1;
    }
    way = next;
  }
  return { ok: false, problem: 'missing' };
}

interface Way {
  /** Free of links. */
  readonly at: string;
  readonly rest: readonly string[];
  /** What was followed to get here. */
  readonly link?: Stats;
}

/** As the kernel does it: what stands behind a link is looked for where the link leads. */
function oneOn({ at, rest: [part = '', ...behind] }: Way): Way {
  if (part === '..') return { at: dirname(at), rest: behind };
  const next = join(at, part);
  const link = statsOf(next);
  const target = link?.isSymbolicLink() ? targetOf(next) : undefined;
  if (link === undefined || target === undefined) return { at: next, rest: behind };
  return { at: isAbsolute(target) ? parse(target).root : at, rest: [...partsOf(target), ...behind], link };
}

function targetOf(link: string): string | undefined {
  try {
    return readlinkSync(link);
  } catch {
    return undefined;
  }
}

function partsOf(path: string): string[] {
  return path
    .slice(parse(path).root.length)
    .split(process.platform === 'win32' ? /[\\/]/ : '/')
    .filter((part) => part !== '' && part !== '.');
}

function statsOf(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch {
    return undefined;
  }
}

function exposure(stats: Stats): ProgramProblem | undefined {
  if (process.getuid === undefined) return undefined;
  if (isForeign(stats)) return 'not-yours';
  // In a sticky folder only the owner of an entry can replace it, and each entry's owner is looked at as well.
  if (stats.isDirectory() && (stats.mode & STICKY) !== 0) return undefined;
  const trusted = process.platform === 'darwin' && stats.gid === ADMIN_GROUP ? GROUP_WRITE : 0;
  return (stats.mode & GROUP_AND_OTHERS_WRITE & ~trusted) === 0 ? undefined : 'writable';
}

/** Neither root's nor this user's. */
function isForeign({ uid }: Stats): boolean {
  const user = process.getuid?.();
  return user !== undefined && uid !== 0 && uid !== user;
}

function isRunnable(stats: Stats): boolean {
  return stats.isFile() && (process.platform === 'win32' || (stats.mode & EXECUTABLE) !== 0);
}
