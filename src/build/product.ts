// `npm run build`, after the compiler and the image: what is published and run. The start of a server is mostly the reading of small
// files, so the compiled sources, the MCP SDK and its schemas become few; all other packages stay as they were installed.
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';
import { type OutputChunk, rolldown } from 'rolldown';
import { licencesOf } from './licences.ts';
import { isUpToDate, recordInputs, replace } from './record.ts';

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

const copies = COPIED.map((name) => ({ from: join(sources, 'sandbox', name), to: join(folder, name) }));
const inputs = {
  record: join(built, 'product-inputs.json'),
  always: [manifest, resolve('rolldown/package.json'), ...copies.map(({ from }) => from)],
};
const entries = { main: join(sources, 'main.js'), worker: join(sources, 'sandbox/worker.js') };
const outputs = [...Object.keys(entries).map((name) => join(folder, `${name}.js`)), ...copies.map(({ to }) => to)];

if (!isUpToDate(inputs, [...outputs, join(folder, LICENCES)])) await build();

async function build(): Promise<void> {
  const bundle = await rolldown({
    input: entries,
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
  mkdirSync(folder, { recursive: true });
  for (const { from, to } of copies) copyFileSync(from, to);
  // Entries last: until then those of the build before find all of theirs.
  for (const { fileName, code } of chunks.toSorted((one, other) => Number(one.isEntry) - Number(other.isEntry)))
    replace(join(folder, fileName), code);
  const files = chunks.flatMap(({ moduleIds }) => moduleIds).filter((id) => !id.startsWith('\0'));
  replace(join(folder, LICENCES), licencesOf(files));
  clear(new Set([...chunks.map(({ fileName }) => fileName), ...COPIED, LICENCES]));
  recordInputs(inputs, files);
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

function clear(kept: ReadonlySet<string>): void {
  for (const name of readdirSync(folder)) if (!kept.has(name)) rmSync(join(folder, name));
}
