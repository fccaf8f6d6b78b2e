// What a person is asked by keyward secrets import, key by key, over streams that are a terminal.
import { PassThrough } from 'node:stream';
import { expect, it, onTestFinished } from 'vitest';
import { ok } from '../../../shared/failure/result.ts';
import type { HandleInfo } from '../../../shared/secret/secret-ref.ts';
import type { Parts } from '../../../src/cli/parts.ts';
import { runProgram } from '../../../src/cli/program.ts';
import type { Session } from '../../../src/cli/session.ts';
import { createTerminal } from '../../../src/cli/terminal.ts';
import type { Vault } from '../../../src/vault/open-vault.ts';
import { openWorkspace } from '../../../src/workspace/open-workspace.ts';
import { must } from '../state/temporary-home.ts';
import { NOW, ORIGIN, OTHER, openedVault } from '../vault/open-vault-fixture.ts';
import { tempFolder } from '../workspace/temp-folder.ts';

const VALUE = 'kw_test/typed+9c2f1e77';
const collection = JSON.stringify({
  info: { name: 'API', schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json' },
  item: [{ name: 'Get', request: { method: 'GET', url: `${ORIGIN}/{{TOKEN}}` } }],
});

interface Answers {
  /** One for each question: the keys that are pressed. */
  readonly keys: readonly string[];
  readonly args?: readonly string[];
  readonly before?: (vault: Vault) => void;
  readonly files?: Readonly<Record<string, string>>;
}

interface Asked {
  readonly code: number;
  readonly shown: string;
  readonly stored: HandleInfo | undefined;
}

const asTerminal = <T extends PassThrough>(stream: T) =>
  Object.assign(stream, {
    isTTY: true as const,
    columns: 1_000,
    rows: 50,
    hasColors: () => false,
    setRawMode: () => stream,
  });

/** Runs the import of a file with one token, and presses the keys as the questions come. */
async function imported({ keys, args = [], before, files = { '.env': `TOKEN=${VALUE}\n` } }: Answers): Promise<Asked> {
  const { vault, home } = openedVault();
  before?.(vault);
  const root = tempFolder({ 'api.postman_collection.json': collection, ...files });
  const [input, errors, out] = [
    asTerminal(new PassThrough()),
    asTerminal(new PassThrough()),
    asTerminal(new PassThrough()),
  ];
  onTestFinished(() => [input, errors, out].forEach((stream) => void stream.destroy()));
  let shown = '';
  const waiting = [...keys];
  errors.on('data', (chunk: Buffer) => {
    shown += String(chunk);
    // Each prompt hides the cursor when it begins, and shows it again when it has ended.
    if (String(chunk).includes('\u001b[?25l')) setImmediate(() => input.write(waiting.shift() ?? '\u0003'));
  });
  out.on('data', (chunk: Buffer) => {
    shown += String(chunk);
  });
  const parts: Partial<Parts> = {
    home,
    vaultToChange: async () => ok(vault),
    workspace: async () => openWorkspace({ roots: [root], forbidden: [home] }),
  };
  let code: Asked['code'] = 0;
  const session: Session = {
    terminal: createTerminal(out as never, errors as never, input as never),
    entry: '',
    open: () => ok(parts as Parts),
    finish: (ended) => {
      code = ended;
    },
    outcome: () => 0,
  };
  const [file = ''] = Object.keys(files);
  await runProgram(session, '0', ['secrets', 'import', `${root}/${file}`, ...args]);
  expect(waiting, 'keys nobody asked for').toEqual([]);
  expect(shown).not.toContain(VALUE);
  return { code, shown, stored: must(vault.find('TOKEN')) };
}

const YES = 'y';
const NO = 'n';

it('P2: a new secret is stored by one yes, and stands in a path by another', async () => {
  const allowed = await imported({ keys: [YES, YES] });
  expect(allowed).toMatchObject({ code: 0, stored: { origins: [ORIGIN], pathAllowed: true } });
  expect(allowed.shown).toContain(`Store TOKEN, for ${ORIGIN}?`);
  expect(allowed.shown).toContain('into the path of a URL');
  expect((await imported({ keys: [YES, NO] })).stored).toMatchObject({ pathAllowed: false });
});

it('P7: nothing is stored by a no, nor by Enter alone or a cancelled question', async () => {
  for (const key of [NO, '\r', '\u0003']) expect(await imported({ keys: [key] })).toMatchObject({ stored: undefined });
});

it('P2: a secret that there is shows its own rules, and is asked nothing about paths', async () => {
  const before = (vault: Vault) =>
    void must(
      vault.set({ name: 'TOKEN', value: 'old value', origins: [OTHER], places: ['auth'], expiresAt: NOW + 9e9 }),
    );
  const replaced = await imported({ keys: [YES], args: ['--replace'], before });
  expect(replaced.stored).toMatchObject({
    origins: [OTHER],
    places: ['auth'],
    pathAllowed: false,
    expiresAt: NOW + 9e9,
  });
  expect(replaced.shown).toContain(
    `Give TOKEN the new value? What it may be used for stays: for ${OTHER}, in auth only, until`,
  );
  const moved = await imported({ keys: [YES], args: ['--replace', '--origin', ORIGIN], before });
  expect(moved.stored).toMatchObject({ origins: [ORIGIN], places: ['auth'] });
  expect(moved.shown).toContain(`and also origin ${ORIGIN}; but no more origin ${OTHER}`);
});

it('P1: a value that the file has not is typed, and not shown', async () => {
  const files = { 'dev.bru': 'vars:secret [\n  TOKEN\n]\n' };
  const typed = await imported({ keys: [YES, NO, `${VALUE}\r`], files });
  expect(typed).toMatchObject({ code: 0, stored: { origins: [ORIGIN] } });
  expect(typed.shown).toContain('Value of TOKEN');
});
