import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root, sourceFiles } from './source-files.ts';

const BANNED = /(^|[/-])(utils?|helpers?|common|core|manager|service|base|misc)(\.|\/|$)/;
const MAX_LINES = 300;
/** Files that are tables, exempt from the size budget. */
const TABLES = [
  'shared/failure/catalogue.ts',
  'shared/redact/name-words.ts',
  'shared/template/dynamic-names.ts',
  'src/execute/dynamic-values.ts',
];

const bannedNames = (paths: readonly string[]) => paths.filter((path) => BANNED.test(path));
const tooLong = (files: readonly { path: string; text: string }[]) =>
  files
    .filter(({ path, text }) => !TABLES.includes(path) && text.split('\n').length > MAX_LINES + 1)
    .map(({ path }) => path);
const writesDirectly = (files: readonly { path: string; text: string }[]) =>
  files
    .filter(
      ({ path, text }) =>
        !MAY_WRITE.some((prefix) => path.startsWith(prefix)) && /process\.(stdout|stderr)\b|console\./.test(text),
    )
    .map(({ path }) => path);
/** stdout belongs to MCP while serving: only commands, the demo, the log and the transport touch the streams. */
const MAY_WRITE = ['src/cli/', 'src/demo/', 'src/log/', 'src/server/', 'src/main.ts'];

describe('shape of the code', () => {
  const files = sourceFiles('shared', 'src');

  it('has no grab-bag names', () => {
    expect(bannedNames(files.map(({ path }) => path))).toEqual([]);
    expect(bannedNames(['src/utils/x.ts', 'src/vault/vault-manager.ts', 'shared/common/a.ts'])).toHaveLength(3);
  });

  it('keeps files within the size budget', () => {
    expect(tooLong(files)).toEqual([]);
    expect(tooLong([{ path: 'src/x.ts', text: '\n'.repeat(MAX_LINES + 2) }])).toEqual(['src/x.ts']);
  });

  it('writes to the streams in few places', () => {
    expect(writesDirectly(files)).toEqual([]);
    expect(writesDirectly([{ path: 'src/execute/x.ts', text: 'process.stdout.write("x")' }])).toEqual([
      'src/execute/x.ts',
    ]);
  });

  it('asks the URL parser in one place', () => {
    const asks = (text: string) => /URL\.canParse\(|new URL\(/.test(text.replace(/^\s*(?:\*|\/\/).*$/gm, ''));
    const files = sourceFiles('src', 'shared').filter(
      ({ path, text }) => asks(text) && !/^src\/(?:canary|demo)\//.test(path),
    );
    expect(files.map(({ path }) => path)).toEqual(['shared/request/parse-url.ts']);
    expect(asks('const ok = URL.canParse(text);')).toBe(true);
  });

  it('has the top level that the product is meant to have', () => {
    for (const name of ['src', 'shared', 'tests', 'docs', 'package.json', 'tsconfig.json', 'mcp.json.example']) {
      expect(existsSync(join(root, name)), name).toBe(true);
    }
    expect(readdirSync(root).filter((name) => /^(lib|scripts|tools|utils)$/.test(name))).toEqual([]);
  });
});
