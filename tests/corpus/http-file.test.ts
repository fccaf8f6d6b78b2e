import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { httpFile } from '../../shared/dialects/http-file/http-file.ts';
import { lookAt } from '../../shared/dialects/look.ts';
import { templateText } from '../../shared/template/lex.ts';

const root = resolve(import.meta.dirname, '../../../shared/corpora/http-files');
const files = existsSync(root)
  ? readdirSync(root, { recursive: true })
      .map((name) => String(name).replaceAll('\\', '/'))
      .sort()
  : [];
if (files.length === 0) console.log('corpus tests skipped: the folder ../shared/corpora is not there');

const METHOD_LINE = /^(?:GET|POST|PUT|PATCH|DELETE|GRAPHQL) /;

describe.skipIf(files.length === 0)('the .http files', () => {
  const reader = httpFile.createReader();
  const texts = new Map<string, string>();
  for (const file of files) {
    if (!/\.http$|http-client\.(?:private\.)?env\.json$/.test(file)) continue;
    const text = readFileSync(join(root, file), 'utf8');
    texts.set(file, text);
    expect([file, httpFile.recognise(lookAt(file, text)), reader.put(lookAt(file, text)).ok]).toEqual([
      file,
      true,
      true,
    ]);
  }
  const { collections, environments, problems } = reader.documents();

  it('P9: load, each with a request for each line that starts with a method', () => {
    expect(problems).toEqual([]);
    expect(collections.flatMap((collection) => collection.problems)).toEqual([]);
    const expected = [...texts].filter(([file]) => file.endsWith('.http')).map(([file, text]) => [file, linesOf(text)]);
    const found = collections.map(({ file, requests }) => [
      file,
      requests.map((entry) => entry.locate(texts.get(file) ?? '').line),
    ]);
    expect(found.sort()).toEqual(expected.sort());
    expect(collections).toHaveLength(39);
    expect(collections.reduce((sum, { requests }) => sum + requests.length, 0)).toBe(208);
  });

  it('have the method and address that their line states', () => {
    for (const { file, requests } of collections) {
      const lines = (texts.get(file) ?? '').replace(/^\uFEFF/, '').split(/\r?\n/);
      for (const entry of requests) {
        const { method, url } = entry.open();
        const [stated = '', target = ''] = (lines[(entry.locate(texts.get(file) ?? '').line ?? 0) - 1] ?? '').split(
          ' ',
        );
        expect([method, entry.method]).toEqual([stated.replace('GRAPHQL', 'POST'), stated.replace('GRAPHQL', 'POST')]);
        // Prompts of one client are variables, and tell so with a colon.
        expect(templateText(url.address)).toBe(target.split(/[?#]/)[0]?.replaceAll('{{:', '{{'));
      }
    }
  });

  it('have the environments of the files beside and above them', () => {
    const named = environments.map(({ file, name, variables, collections: ids = [] }) => [
      file.slice(file.lastIndexOf('+') + 1, file.lastIndexOf('/')),
      name,
      variables.length,
      ids.length,
    ]);
    expect(named).toEqual([
      ['jetter/examples', 'local', 1, 1],
      ['kulala.nvim/docs/static/import/demos', 'dev', 1, 7],
      ['kulala.nvim/docs/static/import/demos', 'prod', 1, 7],
      ['kulala.nvim/tests/functional', 'dev', 1, 4],
      ['kulala.nvim/tests/functional', 'prod', 1, 4],
      ['kulala.nvim/tests/functional/fixtures/export', 'dev', 4, 3],
      ['kulala.nvim/tests/functional/fixtures/export', 'prod', 2, 3],
      ['kulala.nvim/tests/functional/requests', 'dev', 7, 12],
      ['kulala.nvim/tests/functional/requests', 'prod', 5, 12],
    ]);
    expect(JSON.stringify(environments)).not.toMatch(/client_secret|client_password|bananas|test-secret/);
  });
});

/** The lines, from 1, that start a request. */
function linesOf(text: string): number[] {
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .flatMap((line, index) => (METHOD_LINE.test(line) ? [index + 1] : []));
}
