import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach } from 'vitest';

const made: string[] = [];

afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A folder with these files (path → content), removed after the test. */
export function tempFolder(files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'keyward-test-')));
  made.push(folder);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

/** The text of a collection with one request for each name. */
export function collectionText(name: string, ...requests: readonly string[]): string {
  const item = requests.map((request) => ({ name: request, request: { method: 'GET', url: 'https://h' } }));
  return JSON.stringify({ info: { name, _postman_id: '1' }, item }, null, 2);
}

const MAKE_PIPE = 'mkfifo';

/** A named pipe that nobody writes to: whoever reads it without care waits for ever. */
export function makePipe(path: string): void {
  execFileSync(MAKE_PIPE, [path]);
}
