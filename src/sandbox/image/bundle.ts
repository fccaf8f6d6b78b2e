// The guest and its libraries as one text. What libraries take from Node stands in guest/libraries/node, where they need it at all.
import { existsSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { rolldown } from 'rolldown';

export interface Bundle {
  /** An expression that gives `createGuest`. */
  readonly text: string;
  /** Every file that the text was made of. */
  readonly files: readonly string[];
}

const NAME = 'keywardGuest';

/** Bundles `entry`, which exports `createGuest`. `builtIns` is a folder with a file for each module of Node that is wanted. */
export async function bundleGuest(entry: string, builtIns: string): Promise<Bundle> {
  const bundle = await rolldown({
    input: entry,
    platform: 'browser',
    // What is bundled is compiled already.
    tsconfig: false,
    logLevel: 'warn',
    plugins: [
      {
        name: 'built-ins',
        resolveId(source: string) {
          if (!isBuiltin(source)) return null;
          const file = join(builtIns, `${source.replace(/^node:/, '')}.js`);
          return existsSync(file) ? file : `\0empty:${source}`;
        },
        load: (id: string) => (id.startsWith('\0empty:') ? 'export {};' : null),
      },
    ],
  });
  const { output } = await bundle.generate({ format: 'iife', name: NAME, exports: 'named', minify: true });
  await bundle.close();
  const [chunk] = output;
  if (output.length !== 1) throw new Error('the guest is not one file');
  // The name exists inside of the function alone.
  return {
    text: `(() => {${chunk.code}\nreturn ${NAME}.createGuest;})()`,
    files: chunk.moduleIds.filter((id) => existsSync(id)),
  };
}
