// Many services take a key as the user name of basic authentication, with no password: in each format it is sealed.
import { describe, expect, it } from 'vitest';
import { dialects } from '../../../shared/dialects/dialects.ts';
import { createLibrary } from '../../../shared/dialects/library.ts';

const loaded = await Promise.all(dialects.map((dialect) => dialect.load()));
const LOGIN = 'KEY-as-user';
const SCHEMA = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json';
const basic = [{ key: 'username', value: LOGIN }];

const FILES: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
  [
    'postman',
    {
      'a.json': JSON.stringify({
        info: { name: 'A', schema: SCHEMA },
        item: [{ name: 'R', request: { url: 'https://h.test/', auth: { type: 'basic', basic } } }],
      }),
    },
  ],
  [
    'opencollection',
    {
      'a/opencollection.yml': 'opencollection: 1.0.0\ninfo:\n  name: A\n',
      'a/r.yml': `info:\n  name: R\n  type: http\nhttp:\n  method: GET\n  url: https://h.test/\n  auth:\n    type: basic\n    username: ${LOGIN}\n    password: ""\n`,
    },
  ],
  [
    'bruno',
    {
      'a/bruno.json': '{"version":"1","name":"A","type":"collection"}',
      'a/r.bru': `meta {\n  name: R\n  type: http\n}\n\nget {\n  url: https://h.test/\n  auth: basic\n}\n\nauth:basic {\n  username: ${LOGIN}\n  password: \n}\n`,
    },
  ],
  ['http-file', { 'a.http': `GET https://h.test/\nAuthorization: Basic ${LOGIN}:\n` }],
  ['curl', { 'a.sh': `#!/bin/sh\ncurl -u ${LOGIN}: https://h.test/\n` }],
];

describe('a user name without a password', () => {
  it.each(FILES)('P1: is sealed in %s', (_, files) => {
    const library = createLibrary(loaded);
    for (const [file, text] of Object.entries(files)) library.put(file, text);
    const templates = library.documents().collections.flatMap(({ requests }) => requests.map((entry) => entry.open()));
    expect(templates).toHaveLength(1);
    expect(templates[0]?.auth.type).toBe('basic');
    expect(JSON.stringify(templates)).not.toContain(LOGIN);
  });
});
