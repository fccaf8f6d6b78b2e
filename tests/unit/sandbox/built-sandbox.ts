// The sandbox as it was built: a thread cannot be begun from its source.
import { fileURLToPath } from 'node:url';
import { createSandbox, type Sandbox, type SandboxFiles } from '../../../src/sandbox/sandbox.ts';

const built = (file: string) => fileURLToPath(new URL(`../../../dist/src/sandbox/${file}`, import.meta.url));

export const builtFiles: SandboxFiles = { worker: built('worker.js'), image: built('image.bin') };

const shared = createSandbox({ workers: 1, files: builtFiles });

/** One for all tests of a process, as a thread costs more than most of them; whoever closes it closes nothing. */
export const builtSandbox: Sandbox = { ...shared, close: () => Promise.resolve() };
