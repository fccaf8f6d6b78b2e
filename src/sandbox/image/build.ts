// `npm run build`, after the compiler: makes the image of the sandbox, unless nothing that goes into it has changed.
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { beginBuild, replace, upToDate } from '../../build/record.ts';

const { resolve } = createRequire(import.meta.url);
/** The built sandbox; sources are not looked at. */
const sandbox = dirname(import.meta.dirname);
const built = dirname(dirname(sandbox));
const image = join(sandbox, 'image.bin');
const licences = join(sandbox, 'image.licenses.txt');
const wasm = resolve('@jitl/quickjs-wasmfile-release-sync/wasm');
const inputs = {
  record: join(built, 'image-inputs.json'),
  always: [wasm, resolve('rolldown/package.json'), join(built, 'shared/limits.js'), ...builtFiles(sandbox)],
};

if (upToDate(inputs) === undefined) await build();

async function build(): Promise<void> {
  const finish = beginBuild(inputs);
  const [{ bundleGuest }, { makeImage }, { licencesOf }] = await Promise.all([
    import('./bundle.ts'),
    import('./make-image.ts'),
    import('../../build/licences.ts'),
  ]);
  const guest = join(sandbox, 'guest');
  const { text, files } = await bundleGuest(join(guest, 'main.js'), join(guest, 'libraries/node'));
  const bytes = await makeImage(text, readFileSync(wasm));
  const written = new Map<string, string | Uint8Array>([
    [image, bytes],
    [licences, licencesOf([wasm, ...files])],
  ]);
  for (const [file, content] of written) replace(file, content);
  finish(files, written);
}

function builtFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.js'))
    .map((file) => join(folder, file));
}
