// `npm run build`, after the compiler: makes the image of the sandbox, unless nothing that goes into it has changed.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const { resolve } = createRequire(import.meta.url);
/** The built sandbox; sources are not looked at. */
const sandbox = dirname(import.meta.dirname);
const built = dirname(dirname(sandbox));
const image = join(sandbox, 'image.bin');
const licences = join(sandbox, 'image.licenses.txt');
/** What the image was made of, by file; not published. */
const record = join(built, 'image-inputs.json');

const wasm = resolve('@jitl/quickjs-wasmfile-release-sync/wasm');
const always = [wasm, resolve('rolldown/package.json'), join(built, 'shared/limits.js'), ...builtFiles(sandbox)];

if (!isUpToDate()) await build();

function isUpToDate(): boolean {
  if (![image, licences, record].every(existsSync)) return false;
  const inputs = JSON.parse(readFileSync(record, 'utf8')) as Record<string, string>;
  return (
    always.every((file) => file in inputs) &&
    Object.entries(inputs).every(([file, digest]) => existsSync(file) && digestOf(file) === digest)
  );
}

async function build(): Promise<void> {
  const [{ bundleGuest }, { makeImage }, { licencesOf }] = await Promise.all([
    import('./bundle.ts'),
    import('./make-image.ts'),
    import('./licences.ts'),
  ]);
  const guest = join(sandbox, 'guest');
  const { text, files } = await bundleGuest(join(guest, 'main.js'), join(guest, 'libraries/node'));
  const bytes = await makeImage(text, readFileSync(wasm));
  const inputs = Object.fromEntries([...new Set([...always, ...files])].map((file) => [file, digestOf(file)]));
  replace(image, bytes);
  replace(licences, licencesOf([wasm, ...files]));
  replace(record, JSON.stringify(inputs));
}

/** Readers never see half a file, and two builds at once do no harm. */
function replace(file: string, content: string | Uint8Array): void {
  const next = `${file}.${process.pid}`;
  writeFileSync(next, content);
  renameSync(next, file);
}

function builtFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.js'))
    .map((file) => join(folder, file));
}

function digestOf(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('base64');
}
