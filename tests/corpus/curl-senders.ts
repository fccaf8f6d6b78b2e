// Commands sent by curl itself and by Keyward, one after another, to the same recorder. curl gets its arguments from our own
// splitting, without a shell: the corpus is text to be read, never to be run.

import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { curl } from '../../shared/dialects/curl/curl.ts';
import { readCommands, type ShellCommand } from '../../shared/dialects/curl/shell-commands.ts';
import { lookAt } from '../../shared/dialects/look.ts';
import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { limits } from '../../shared/limits.ts';
import type { Attachment } from '../../shared/request/plan-body.ts';
import { planRequest } from '../../shared/request/plan-request.ts';
import { createCourier } from '../../src/courier/deliver.ts';
import { createNetwork } from '../../src/network/network.ts';
import { createSigner } from '../../src/signer/sign.ts';
import type { SecretSource } from '../../src/vault/resolve.ts';
import { keepsNothing } from '../unit/courier/stand.ts';
import type { Recorded, Recorder } from './wire-recorder.ts';

export type SendText = (file: string, text: string) => Promise<readonly Recorded[]>;

/** Sends with the curl of this machine, in `folder`; without its own configuration and past every proxy. */
export function createCurl(folder: string, recorder: Recorder): SendText {
  return async (_, text) => {
    recorder.take();
    for (const command of readCommands(text).commands) {
      if (command.words[0] === 'curl') await run(command, folder);
    }
    return recorder.take();
  };
}

const ALONE = ['--noproxy', '*', '--max-time', '5', '--silent'];

async function run({ words, stdin }: ShellCommand, folder: string): Promise<void> {
  const given = words.slice(1).flatMap((word) => (word === '--next' ? [word, ...ALONE] : [word]));
  const child = spawn('curl', ['--disable', ...ALONE, ...given], { cwd: folder, stdio: ['pipe', 'ignore', 'ignore'] });
  child.stdin.on('error', () => {});
  child.stdin.end(inputOf(stdin, folder));
  await new Promise((done) => child.on('close', done));
}

function inputOf(stdin: ShellCommand['stdin'], folder: string): string | Buffer {
  if (stdin?.kind === 'text') return stdin.text;
  return stdin?.kind === 'file' && !stdin.path.includes('{{') ? readFileSync(join(folder, stdin.path)) : '';
}

export interface Keyward {
  readonly send: SendText;
  close(): Promise<void>;
}

/** Sends with Keyward's own pipeline, from the text to the network; what cannot be planned sends nothing. */
export function createKeyward(folder: string, recorder: Recorder): Keyward {
  const now = () => Date.now();
  const network = createNetwork({ policy: { allow: [recorder.origin], ca: [] }, now });
  const courier = createCourier({
    signer: createSigner({ secrets: noSecrets, now }),
    network,
    captured: keepsNothing,
    now,
  });
  const send: SendText = async (file, text) => {
    recorder.take();
    const reader = curl.createReader();
    reader.put(lookAt(file, text));
    for (const collection of reader.documents().collections) {
      for (const entry of collection.requests) {
        const plan = planRequest({
          found: { collection, entry, template: entry.open() },
          globals: [],
          handles: () => undefined,
          overrides: {},
          dynamic: () => undefined,
          readAttachment: (path) => readAttached(folder, path),
        });
        const delivery = { timeoutMs: 5_000, responseBytes: limits.responseBodyBytes, redirects: 0, caller: 'test' };
        if (plan.ok) await courier.deliver(plan.value, delivery, new AbortController().signal);
      }
    }
    return recorder.take();
  };
  return { send, close: () => network.close() };
}

function readAttached(folder: string, path: string): Result<Attachment> {
  if (!existsSync(join(folder, path))) return err(failure('REQUEST/FILE_UNAVAILABLE', { path }));
  return ok({ fileName: path.slice(path.lastIndexOf('/') + 1), bytes: readFileSync(join(folder, path)) });
}

const noSecrets: SecretSource = {
  describe: (name) => err(failure('SECRET/NOT_FOUND', { name })),
  resolve: (name) => Promise.resolve(err(failure('SECRET/NOT_FOUND', { name }))),
  boundTo: () => ok([]),
  revision: () => 0,
};
