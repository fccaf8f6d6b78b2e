import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { lookAt } from '../../shared/dialects/look.ts';
import { postmanV3 } from '../../shared/dialects/postman-v3/postman-v3.ts';
import { templateText } from '../../shared/template/lex.ts';
import type { Template } from '../../shared/template/template.ts';
import { readFiles } from '../dialects/round-trip.ts';

const root = resolve(import.meta.dirname, '../../../shared/corpora/postman-v3-pypnm');
const present = existsSync(root);
if (!present) console.log('corpus tests skipped: the folder ../shared/corpora/postman-v3-pypnm is not there');

/** Every YAML file of the set; `.postman/resources.yaml` is none of the format's. */
function filesOf(): Map<string, string> {
  const names = readdirSync(root, { recursive: true }).map((name) => String(name).replaceAll('\\', '/'));
  const wanted = names.filter((name) => name.endsWith('.yaml')).sort();
  return new Map(wanted.map((name) => [name, readFileSync(join(root, name), 'utf8')]));
}

/** What a file says by a reading of its lines alone: a backslash at the end of a line continues it. */
function lineOf(text: string, key: string): string {
  const line =
    text
      .replace(/\\\n\s+\\?/g, '')
      .split(/\r?\n/)
      .find((each) => each.startsWith(`${key}: `)) ?? '';
  return line.slice(key.length + 2).replace(/^["']|["']$/g, '');
}

describe.skipIf(!present)('postman-v3-pypnm', () => {
  const files = present ? filesOf() : new Map<string, string>();
  const { collections, environments, problems } = readFiles(postmanV3, files);
  const requests = collections.flatMap((collection) => collection.requests);
  const stated = [...files].filter(([, text]) => /^\$kind: http-request\r?$/m.test(text));

  it('P9: loads every file but the list of resources', () => {
    const reader = postmanV3.createReader();
    const left = [...files].filter(([file, text]) => {
      const look = lookAt(file, text);
      if (!postmanV3.recognise(look)) return true;
      const put = reader.put(look);
      return !put.ok || put.value === 'other';
    });
    expect(left.map(([file]) => file)).toEqual(['.postman/resources.yaml']);
    expect([...problems, ...collections.flatMap((collection) => collection.problems)]).toEqual([]);
  });

  it('finds as many requests, folders and variables as an independent walk of the files', () => {
    expect(collections.map(({ name, requests: own }) => [name, own.length])).toEqual([
      ['PyPNM-CMTS', 33],
      ['PyPNM', 80],
    ]);
    expect(requests.map(({ file }) => file).sort()).toEqual(stated.map(([file]) => file).sort());
    expect(stated).toHaveLength(113);
    expect(environments.map(({ name, kind, variables }) => [name, kind, variables.length])).toEqual([
      ['PyPNM Remote Server', 'environment', 1],
      ['Globals', 'globals', 27],
    ]);
    for (const { collections: owners } of environments) expect(owners).toEqual(collections.map(({ id }) => id));
  });

  it('names, methods, folders and URLs are those of the files', () => {
    for (const entry of requests) {
      const text = files.get(entry.file ?? '') ?? '';
      const [, , , ...below] = entry.file?.split('/') ?? [];
      const stem = below.pop()?.replace('.request.yaml', '');
      expect([entry.name, entry.folders, entry.method]).toEqual([
        lineOf(text, 'name') || stem,
        below,
        lineOf(text, 'method'),
      ]);
      const { address, query } = entry.open().url;
      const params = query.map(({ name, value }) => `${shown(name)}=${shown(value)}`);
      expect([shown(address), ...params].join('?')).toBe(lineOf(text, 'url'));
      expect(entry.locate(text)).toEqual({ file: entry.file, line: 1, column: 1 });
    }
  });

  it('the order in each folder is that of `order`', () => {
    const folderOf = ({ file = '' }: { file?: string }) => file.slice(0, file.lastIndexOf('/'));
    for (const folder of new Set(requests.map(folderOf))) {
      const own = requests.filter((entry) => folderOf(entry) === folder);
      const orders = own.map(({ file }) => Number(lineOf(files.get(file ?? '') ?? '', 'order')));
      expect(orders).toEqual([...orders].sort((a, b) => a - b));
    }
  });

  it('bodies are the texts of the files, those that YAML 1.2 refuses too', () => {
    let margins = 0;
    for (const entry of requests) {
      const { body } = entry.open();
      const content = contentOf(files.get(entry.file ?? '') ?? '');
      if (content.atMargin) margins += 1;
      const text = body.kind === 'raw' ? shown(body.text) : '';
      // The community strings of these bodies are secrets by their name where they are stated.
      if (text.includes('[secret]')) continue;
      expect(text).toBe(content.text);
    }
    expect(margins).toBe(21);
  });

  it('ids are unique, and the same on the next load', () => {
    const ids = requests.map(({ id }) => id);
    expect(new Set(ids).size).toBe(113);
    const again = readFiles(postmanV3, new Map([...files].reverse()));
    expect(again.collections.flatMap((collection) => collection.requests.map(({ id }) => id)).sort()).toEqual(
      ids.sort(),
    );
  });

  it('P1: no value under a sensitive name is readable', () => {
    const community = /"community"\s*:\s*"(?!\{\{|\[secret\])[^"]+"/;
    const readable = requests.filter((entry) => community.test(JSON.stringify(entry.open()).replaceAll('\\"', '"')));
    expect(readable.map(({ file }) => file)).toEqual([]);
  });
});

function shown(template: Template | null): string {
  return templateText(template ?? []);
}

/** The body's content; of a text at the margin by folding its lines (YAML 1.2 section 7.3.1) as none of them is empty. */
function contentOf(text: string): { readonly text: string; readonly atMargin: boolean } {
  const margin = /^ {2}content: "(\{\n[\s\S]*?\n\})"\n/m.exec(text)?.[1];
  if (margin !== undefined) {
    const folded = margin
      .split('\n')
      .map((line) => line.trim())
      .join(' ');
    return { text: JSON.parse(`"${folded}"`), atMargin: true };
  }
  const body: unknown = parse(text).body?.content;
  return { text: typeof body === 'string' ? body : '', atMargin: false };
}
