// Node's `path` of POSIX. There are no files here: the working directory is the root.
const sep = '/';

function normalize(path: string): string {
  if (path === '') return '.';
  const isRooted = path.startsWith(sep);
  const kept = walk(path, isRooted);
  const end = path.endsWith(sep) && kept.length > 0 ? sep : '';
  return `${isRooted ? sep : ''}${kept.join(sep)}${end}` || '.';
}

function walk(path: string, isRooted: boolean): string[] {
  const kept: string[] = [];
  for (const part of path.split(sep)) {
    if (part === '' || part === '.') continue;
    if (part !== '..') kept.push(part);
    else if (kept.length > 0 && kept.at(-1) !== '..') kept.pop();
    else if (!isRooted) kept.push(part);
  }
  return kept;
}

function join(...parts: string[]): string {
  return normalize(parts.filter((part) => part !== '').join(sep));
}

function resolve(...parts: string[]): string {
  const from = parts.findLastIndex((part) => part.startsWith(sep));
  return `${sep}${walk(parts.slice(Math.max(0, from)).join(sep), true).join(sep)}`;
}

function relative(from: string, to: string): string {
  const start = walk(resolve(from), true);
  const end = walk(resolve(to), true);
  const shared = start.findIndex((part, index) => part !== end[index]);
  const same = shared < 0 ? start.length : shared;
  return [...start.slice(same).map(() => '..'), ...end.slice(same)].join(sep);
}

function basename(path: string, suffix = ''): string {
  const name = path.replace(/\/+$/, '').split(sep).at(-1) ?? '';
  return suffix !== '' && name !== suffix && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name;
}

function dirname(path: string): string {
  const [, directory] = /^([\s\S]*?)\/+[^/]+\/*$/.exec(path) ?? [];
  if (directory === undefined) return path.startsWith(sep) ? sep : '.';
  return directory === '' ? sep : directory;
}

function extname(path: string): string {
  return /[^/](\.[^./]*)$/.exec(basename(path))?.[1] ?? '';
}

interface ParsedPath {
  readonly root: string;
  readonly dir: string;
  readonly base: string;
  readonly ext: string;
  readonly name: string;
}

function parse(path: string): ParsedPath {
  const root = path.startsWith(sep) ? sep : '';
  const base = basename(path);
  const ext = extname(path);
  const dir = path.includes(sep) ? dirname(path) : '';
  return { root, dir, base, ext, name: ext === '' ? base : base.slice(0, -ext.length) };
}

function format({ root = '', dir = root, base, name = '', ext = '' }: Partial<ParsedPath>): string {
  const file = base ?? `${name}${ext === '' || ext.startsWith('.') ? ext : `.${ext}`}`;
  return dir === '' ? file : dir === root ? `${dir}${file}` : `${dir}${sep}${file}`;
}

const functions = {
  sep,
  delimiter: ':',
  normalize,
  join,
  resolve,
  relative,
  basename,
  dirname,
  extname,
  parse,
  format,
  isAbsolute: (path: string) => path.startsWith(sep),
  toNamespacedPath: (path: string) => path,
};

export const path = { ...functions, posix: functions };
