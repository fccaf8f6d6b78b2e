import {
  chmodSync,
  chownSync,
  lchownSync,
  linkSync,
  mkdirSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findProgram, type ProgramProblem } from '../../../../src/vault/providers/safe-program.ts';
import { script, temporaryFolder } from './provider-stand.ts';

const isRoot = process.getuid?.() === 0;

interface Row {
  readonly it: string;
  /** Gives the path to judge. */
  readonly make: (folder: string) => string;
  readonly problem?: ProgramProblem;
  readonly asRoot?: true;
}

const program = (folder: string, mode = 0o755): string => {
  mkdirSync(folder, { recursive: true });
  const path = script('echo', folder);
  chmodSync(path, mode);
  return path;
};

const rows: readonly Row[] = [
  { it: 'a program of this user', make: (folder) => program(folder) },
  { it: 'a program that only its owner may run', make: (folder) => program(folder, 0o500) },
  { it: 'a program of root', make: () => '/bin/sh' },
  { it: 'a program that its group may change', make: (folder) => program(folder, 0o775), problem: 'writable' },
  { it: 'a program that others may change', make: (folder) => program(folder, 0o757), problem: 'writable' },
  { it: 'a program that nobody may run', make: (folder) => program(folder, 0o644), problem: 'not-a-program' },
  { it: 'a folder', make: (folder) => folder, problem: 'not-a-program' },
  { it: 'nothing', make: (folder) => join(folder, 'nothing'), problem: 'missing' },
  { it: 'a way through a program', make: (folder) => join(program(folder), 'x'), problem: 'missing' },
  { it: 'a relative path', make: () => 'bin/sh', problem: 'missing' },
  {
    it: 'a folder that its group may change',
    make(folder) {
      const path = program(join(folder, 'bin'));
      chmodSync(join(folder, 'bin'), 0o775);
      return path;
    },
    problem: 'writable',
  },
  {
    it: 'a folder further up that others may change',
    make(folder) {
      const path = program(join(folder, 'opt/bin'));
      chmodSync(join(folder, 'opt'), 0o757);
      return path;
    },
    problem: 'writable',
  },
  {
    it: 'a sticky folder that others may write to',
    make(folder) {
      const path = program(join(folder, 'tmp'));
      chmodSync(join(folder, 'tmp'), 0o1777);
      return path;
    },
  },
  {
    it: 'a link to a program',
    make(folder) {
      symlinkSync(program(join(folder, 'bin')), join(folder, 'link'));
      return join(folder, 'link');
    },
  },
  {
    it: 'a relative link through ..',
    make(folder) {
      program(join(folder, 'a/bin'));
      mkdirSync(join(folder, 'b'));
      symlinkSync('../a/./bin/program', join(folder, 'b/link'));
      return join(folder, 'b/link');
    },
  },
  {
    it: 'a link into a folder that others may change',
    make(folder) {
      symlinkSync(program(join(folder, 'bin')), join(folder, 'link'));
      chmodSync(join(folder, 'bin'), 0o777);
      return join(folder, 'link');
    },
    problem: 'writable',
  },
  {
    it: 'a link that lies in a folder that others may change',
    make(folder) {
      mkdirSync(join(folder, 'links'));
      symlinkSync(program(join(folder, 'bin')), join(folder, 'links/link'));
      chmodSync(join(folder, 'links'), 0o777);
      return join(folder, 'links/link');
    },
    problem: 'writable',
  },
  {
    it: 'a link through a folder that others may change, to a link out of it',
    make(folder) {
      mkdirSync(join(folder, 'open'));
      symlinkSync(program(join(folder, 'bin')), join(folder, 'open/second'));
      symlinkSync('open/second', join(folder, 'first'));
      chmodSync(join(folder, 'open'), 0o777);
      return join(folder, 'first');
    },
    problem: 'writable',
  },
  {
    it: 'a link to another folder, and .. behind it',
    make(folder) {
      program(join(folder, 'far/bin'));
      mkdirSync(join(folder, 'far/other'));
      mkdirSync(join(folder, 'bin'));
      symlinkSync(join(folder, 'far/other'), join(folder, 'link'));
      // Lexically this is bin/program, which is not there; the kernel takes far/bin/program.
      return `${join(folder, 'link')}/../bin/program`;
    },
  },
  {
    it: 'links in a circle',
    make(folder) {
      symlinkSync('two', join(folder, 'one'));
      symlinkSync('one', join(folder, 'two'));
      return join(folder, 'one');
    },
    problem: 'missing',
  },
  {
    it: 'a link to nothing',
    make(folder) {
      symlinkSync('nothing', join(folder, 'link'));
      return join(folder, 'link');
    },
    problem: 'missing',
  },
  {
    it: "another user's program",
    make(folder) {
      const path = program(folder);
      chownSync(path, 4_321, 0);
      return path;
    },
    problem: 'not-yours',
    asRoot: true,
  },
  {
    it: "a program in another user's folder",
    make(folder) {
      const path = program(join(folder, 'bin'));
      chownSync(join(folder, 'bin'), 4_321, 0);
      return path;
    },
    problem: 'not-yours',
    asRoot: true,
  },
  {
    it: "another user's link to a program of root",
    make(folder) {
      symlinkSync('/bin/sh', join(folder, 'link'));
      lchownSync(join(folder, 'link'), 4_321, 0);
      return join(folder, 'link');
    },
    problem: 'not-yours',
    asRoot: true,
  },
  {
    it: "another user's link in a sticky folder, on the way",
    make(folder) {
      program(join(folder, 'bin'));
      mkdirSync(join(folder, 'tmp'));
      chmodSync(join(folder, 'tmp'), 0o1777);
      symlinkSync('../bin', join(folder, 'tmp/link'));
      lchownSync(join(folder, 'tmp/link'), 4_321, 0);
      return join(folder, 'tmp/link/program');
    },
    problem: 'not-yours',
    asRoot: true,
  },
  {
    it: 'a second name of a program that others may change',
    make(folder) {
      const path = program(folder, 0o777);
      linkSync(path, join(folder, 'second'));
      return join(folder, 'second');
    },
    problem: 'writable',
  },
  {
    it: 'a file that is no program',
    make(folder) {
      writeFileSync(join(folder, 'text'), 'text', { mode: 0o600 });
      return join(folder, 'text');
    },
    problem: 'not-a-program',
  },
];

describe.skipIf(process.platform === 'win32')(
  'P7: a program that somebody else could have put there is not run',
  () => {
    for (const { it: title, make, problem, asRoot } of rows) {
      it.skipIf(asRoot && !isRoot)(`${title}: ${problem ?? 'is run'}`, () => {
        const path = make(temporaryFolder());
        expect(findProgram(path)).toEqual(
          problem === undefined ? { ok: true, path: realpathSync.native(path) } : { ok: false, problem },
        );
      });
    }
  },
);
