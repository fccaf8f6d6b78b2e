// Requests and folders that are called like a file that marks a collection are written under another name.
import { describe, expect, it } from 'vitest';
import { createLibrary } from '../../shared/dialects/library.ts';
import { postman } from '../../shared/dialects/postman/postman.ts';
import { writers } from '../../shared/dialects/writers.ts';
import { openCollection, takeSecrets } from '../../shared/export/take-secrets.ts';

const NAMES = ['opencollection', 'folder', 'environments', 'collection', 'bruno', 'node_modules'];
const MARKERS = /^(?:opencollection\.yml|folder\.yml|folder\.bru|collection\.bru|bruno\.json|bruno\.bru|environments)$/;

describe('a request or folder with the name of a marker', () => {
  it.each(['opencollection', 'bruno'] as const)('P9: in %s, at any depth, marks nothing', async (format) => {
    const requests = NAMES.map((name) => ({ name, request: { url: 'https://h.test/' } }));
    const inner = NAMES.map((name) => ({ name, item: requests }));
    const schema = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json';
    const item = [...requests, ...inner, { name: 'Deep', item: inner }];
    const library = createLibrary([postman]);
    library.put('c.json', JSON.stringify({ info: { name: 'C', schema }, item }));
    library.put('e.postman_environment.json', JSON.stringify({ name: 'folder', values: [{ key: 'a', value: 'b' }] }));
    const { collections, environments } = library.documents();
    const { writable } = takeSecrets(collections.map((each) => openCollection(each, environments)));
    const { write } = await writers[format]();
    const files = writable.flatMap((each) => write(each).files);
    const wanted = files
      .filter(({ path }) => path.split('/').some((part) => MARKERS.test(part)))
      .map(({ path }) => path);
    const folders = new Set(
      files.map(({ path }) => path.split('/').slice(0, -1).join('/')).filter((path) => path !== ''),
    );
    folders.delete('environments');
    const ending = format === 'bruno' ? 'bru' : 'yml';
    const own = [...folders].map((folder) => `${folder}/folder.${ending}`);
    const root = format === 'bruno' ? ['bruno.json', 'collection.bru'] : ['opencollection.yml'];
    const environment = files.filter(({ path }) => path.startsWith('environments/')).map(({ path }) => path);
    expect(environment).toEqual([`environments/folder_2.${ending}`]);
    expect(wanted.filter((path) => !own.includes(path) && !root.includes(path))).toEqual(environment);
  });
});
