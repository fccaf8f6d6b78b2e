/// <reference path="../../../src/sandbox/webassembly.d.ts" />
// A sandbox of the built thread with an image of the open guest, and a machine of that image in this process.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Result } from '../../../shared/failure/result.ts';
import { once } from '../../../shared/once.ts';
import type { ScriptCall, ScriptJob, ScriptOutcome, ScriptReply } from '../../../shared/script/job.ts';
import { bundleGuest } from '../../../src/sandbox/image/bundle.ts';
import { makeImage } from '../../../src/sandbox/image/make-image.ts';
import { type Image, readImage } from '../../../src/sandbox/image-file.ts';
import { type Machine, type MachineHost, openMachine } from '../../../src/sandbox/machine.ts';
import { createSandbox, type Sandbox, type SandboxOptions } from '../../../src/sandbox/sandbox.ts';

const worker = join(import.meta.dirname, '../../../dist/src/sandbox/worker.js');
const wasm = createRequire(import.meta.url).resolve('@jitl/quickjs-wasmfile-release-sync/wasm');

/** The engine's module as it is published. */
export const engineModule = once(() => readFileSync(wasm));

/** The expression of the open guest. */
export const bundle = once(async () => (await bundleGuest(join(import.meta.dirname, 'engine-guest.js'), 'none')).text);

/** The bytes of the image of the open guest; made once for all tests of a process. */
export const imageBytes = once(async () => new Uint8Array(await makeImage(await bundle(), engineModule())));

const imageFile = once(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'keyward-image-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'image.bin');
  writeFileSync(file, await imageBytes());
  return file;
});

export interface Ran {
  readonly result: Result<ScriptOutcome>;
  /** Text that the script gave with `say`. */
  readonly said: string;
}

export interface Stand {
  readonly sandbox: Sandbox;
  /** Runs a script; `say(value)` in it ends the run with the value as JSON. */
  run(source: string, options?: RunOptions): Promise<Ran>;
}

export interface RunOptions {
  readonly timeMs?: number;
  readonly host?: (call: ScriptCall) => Promise<ScriptReply>;
  readonly signal?: AbortSignal;
  readonly sends?: number;
}

const SAY = `const say = (value) => host.done(JSON.stringify({
  tests: [], writes: [], derived: [], skip: false, unsupported: [],
  console: [{ level: 'log', text: JSON.stringify(value) ?? 'undefined' }],
}));`;

export const NO_REPLY: ScriptReply = { ok: false, code: 'NONE', message: 'none' };

export async function createStand(options: Partial<SandboxOptions> = {}): Promise<Stand> {
  const sandbox = createSandbox({ workers: 1, files: { worker, image: await imageFile() }, ...options });
  return {
    sandbox,
    async run(source, { timeMs = 1_000, host, signal, sends = 20 } = {}) {
      const result = await sandbox.run(jobOf(`${SAY}${source}`, sends), {
        timeMs,
        host: host ?? (() => Promise.resolve(NO_REPLY)),
        signal: signal ?? new AbortController().signal,
      });
      const said = result.ok ? (result.value.console[0]?.text ?? '') : result.failure.code;
      return { result, said };
    },
  };
}

export function jobOf(source: string, sends = 20): ScriptJob {
  return {
    api: 'postman',
    phase: 'after',
    scripts: [{ source, label: 'test' }],
    assertions: [],
    nonce: 'k3v9x0q7m2a5t8w1',
    info: { requestId: 'r', requestName: 'Items', collectionName: 'Shop', folders: [], tags: [] },
    variables: {},
    precedence: [],
    request: {
      method: 'GET',
      url: { address: 'https://api.example/', query: [], pathVariables: [] },
      headers: [],
      body: { kind: 'none' },
      auth: { type: 'none', fields: {} },
    },
    sends,
  };
}

export interface OwnMachine {
  readonly image: Image;
  readonly machine: Machine;
  /** The machine's memory as it is now. */
  memory(): Uint8Array;
  /** What the guest gave to `done` last. */
  done(): string | undefined;
}

/** A machine in this process. `change` makes an image of it that is not whole. */
export async function openOwnMachine(
  host: Partial<MachineHost> = {},
  change: (image: Image) => Image = (image) => image,
): Promise<OwnMachine> {
  const image = change(readImage(await imageBytes()));
  let text: string | undefined;
  const { machine, memory } = await withMemory(() =>
    openMachine(new WebAssembly.Module(image.module), image.header, new Uint8Array(image.memory), {
      ...silentHost,
      done(given) {
        text = given;
      },
      ...host,
    }),
  );
  return { image, machine, memory: () => new Uint8Array(memory.buffer), done: () => text };
}

/** A machine shows its memory to nobody; here the one that it makes is kept. */
async function withMemory(open: () => Promise<Machine>): Promise<{ machine: Machine; memory: WebAssembly.Memory }> {
  const { Memory } = WebAssembly;
  const made: WebAssembly.Memory[] = [];
  class KeptMemory extends Memory {
    constructor(size: { readonly initial: number; readonly maximum: number }) {
      super(size);
      made.push(this);
    }
  }
  Reflect.set(WebAssembly, 'Memory', KeptMemory);
  try {
    return { machine: await open(), memory: made[0]! };
  } finally {
    Reflect.set(WebAssembly, 'Memory', Memory);
  }
}

const silentHost: MachineHost = {
  call: () => 0,
  timer: () => undefined,
  clearTimer: () => undefined,
  now: () => 0,
  random: () => 0,
  dynamic: () => undefined,
  done: () => undefined,
  isOver: () => false,
};
