// `npm run build`, after the compiler and the image: what is published and run. The start of a server is mostly the reading of small
// files, so the compiled sources, the MCP SDK and its schemas become few; all other packages stay as they were installed.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';
import { type OutputChunk, rolldown } from 'rolldown';
import { licencesOf } from './licences.ts';
import { beginBuild, type Contents, upToDate } from './record.ts';

const { resolve } = createRequire(import.meta.url);
const built = dirname(dirname(import.meta.dirname));
const sources = join(built, 'src');
const folder = join(built, 'keyward');
const manifest = join(dirname(built), 'package.json');

/** What else is published: the image that threads of the sandbox load, and the licences of what is part of it. */
const COPIED = ['image.bin', 'image.licenses.txt'];
const LICENCES = 'licenses.txt';
/** Packages that become part of it. */
const INLINED = /^(?:@modelcontextprotocol\/|zod(?:\/|$))/;

const copies = COPIED.map((name) => join(sources, 'sandbox', name));
const inputs = {
  record: join(built, 'product-inputs.json'),
  always: [
    manifest,
    resolve('rolldown/package.json'),
    ...copies,
    ...compiled(sources),
    ...compiled(join(built, 'shared')),
  ],
};

const last = upToDate(inputs);
if (last === undefined || readdirSync(folder).length !== last.length) await build();

async function build(): Promise<void> {
  const finish = beginBuild(inputs);
  const bundle = await rolldown({
    input: { main: join(sources, 'main.js'), worker: join(sources, 'sandbox/worker.js') },
    platform: 'node',
    // What is bundled is compiled already.
    tsconfig: false,
    logLevel: 'warn',
    external: (id) => isPackage(id) && !INLINED.test(id),
  });
  const { output } = await bundle.generate({ format: 'esm', chunkFileNames: '[name]-[hash].js' });
  await bundle.close();
  const chunks = output.filter((part): part is OutputChunk => part.type === 'chunk');
  checkPackages(chunks);
  const files = chunks.flatMap(({ moduleIds }) => moduleIds).filter((id) => !id.startsWith('\0'));
  const contents = new Map<string, string | Uint8Array>([
    ...COPIED.map((name, at) => [name, readFileSync(copies[at] ?? '')] as const),
    ...chunks.map(({ fileName, code }) => [fileName, code] as const),
    [LICENCES, licencesOf([...files, ...vendored(files)])],
  ]);
  publish(contents);
  finish(files, new Map(Array.from(contents, ([name, content]) => [join(folder, name), content])));
}

function compiled(under: string): string[] {
  return readdirSync(under, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.js'))
    .map((file) => join(under, file));
}

function isPackage(id: string): boolean {
  return !/^[./]|^[A-Za-z]:[\\/]/.test(id);
}

/** What is imported has to be installed with it. Throws where it would not be. */
function checkPackages(chunks: readonly OutputChunk[]): void {
  const { dependencies } = JSON.parse(readFileSync(manifest, 'utf8')) as { dependencies: Record<string, string> };
  const names = new Set(chunks.map(({ fileName }) => fileName));
  for (const id of chunks.flatMap(({ imports, dynamicImports }) => [...imports, ...dynamicImports])) {
    const name = id.split('/', id.startsWith('@') ? 2 : 1).join('/');
    if (!names.has(id) && !isBuiltin(id) && !(name in dependencies)) throw new Error(`${id} is no dependency`);
  }
}

/** The manifests of packages that those packages were bundled with themselves, as their bundler noted it. */
function vendored(files: readonly string[]): string[] {
  const texts = files.filter((file) => file.includes('/node_modules/')).map((file) => readFileSync(file, 'utf8'));
  const noted = texts.flatMap((text) => Array.from(text.matchAll(/\/\.pnpm\/(@?[^@/]+)@/g), ([, name = '']) => name));
  return [...new Set(noted)].map((name) =>
    join(dirname(built), 'node_modules', name.replace('+', '/'), 'package.json'),
  );
}

/** Puts the folder in the place of the one before, whole. */
function publish(contents: Contents): void {
  const next = `${folder}.next.${process.pid}`;
  const before = `${folder}.before.${process.pid}`;
  rmSync(next, { recursive: true, force: true });
  mkdirSync(next);
  for (const [name, content] of contents) writeFileSync(join(next, name), content);
  for (let isThere = false; !isThere; ) {
    move(folder, before);
    rmSync(before, { recursive: true, force: true });
    isThere = move(next, folder);
  }
}

/** Moves a folder; false where there is none, or where another build has put its own there. */
function move(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && /^(?:ENOENT|ENOTEMPTY|EEXIST)$/.test(String(error.code)))
      return false;
    throw error;
  }
}
