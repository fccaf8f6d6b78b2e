// What a .http file says in a way that is not read here must not go out without it.
import { describe, expect, it } from 'vitest';
import type { Collection } from '../../shared/collection/model.ts';
import { httpFile } from '../../shared/dialects/http-file/http-file.ts';
import { lookAt } from '../../shared/dialects/look.ts';
import { limits } from '../../shared/limits.ts';
import { scopeInput } from '../../shared/request/plan-request.ts';
import { templatesOf } from '../../shared/request/scope-secrets.ts';
import { createScope, renderTemplate } from '../../shared/template/render.ts';

function load(files: Readonly<Record<string, string>>) {
  const reader = httpFile.createReader();
  for (const [file, text] of Object.entries(files)) {
    if (!reader.put(lookAt(file, text)).ok) throw new Error(file);
  }
  return reader.documents();
}

function read(text: string): Collection {
  const [collection] = load({ 'a.http': text }).collections;
  if (!collection) throw new Error(text.slice(0, 100));
  return collection;
}

/** All that a reader of the collection can see. */
function shown(collection: Collection): string {
  return JSON.stringify([
    collection.requests.map((entry) => ({ ...entry, template: entry.open() })),
    collection.variables(),
    collection.problems,
  ]);
}

const NO_HEADER = 'Requests with a line among the headers that is no header are not executed';

describe('a request is not executed', () => {
  it.each([
    ['a header without a colon', 'GET a.b\nAuthorization Bearer SECRET-a\n', NO_HEADER],
    ['a header without a name', 'GET a.b\n: SECRET-a\n', NO_HEADER],
    ['a header that is a variable', 'GET a.b\n{{auth}}\n', NO_HEADER],
    ['a body directly below', 'POST a.b\nAccept: */*\n{"password"\n', NO_HEADER],
    [
      'credentials of the system',
      '# @use-os-credentials\nGET a.b',
      'Requests with credentials of the operating system are not executed',
    ],
    [
      'options for curl',
      '# @curl-user SECRET-a\nGET a.b',
      'Requests with options for curl in comments are not executed',
    ],
    ['a request that is disabled', '# @disabled\nGET a.b', 'Requests that the file disables are not executed'],
    ['a proxy', '// @proxy http://u:SECRET-a@p\nGET a.b', 'Requests through a proxy of their own are not executed'],
    ['cookies from a file', '# @attach-cookie-jar\nGET a.b', 'Requests with cookies from a file are not executed'],
  ])('with %s', (_, text, reason) => {
    const collection = read(`GET a.b\n\n###\n${text}`);
    expect(collection.requests.map(({ notExecutable }) => notExecutable)).toEqual([undefined, reason]);
    expect(shown(collection)).not.toContain('SECRET-');
  });

  it.each(['# a comment', '// a comment', '# @disabled false', '# @todo', 'X-Empty:', '?a=b'])(
    'but is with the line %s',
    (line) => {
      const text = line.startsWith('#') ? `${line}\nGET a.b\n${line}\n` : `GET a.b\n${line}\n`;
      expect(read(text).requests.map(({ notExecutable }) => notExecutable)).toEqual([undefined]);
    },
  );

  it.each(['no-redirect', 'noRedirect'])('without redirects: @%s', (tag) => {
    expect(read(`# @${tag}\nGET a.b`).requests[0]?.open().settings).toEqual({ followRedirects: false });
  });
});

/** Whether all of a request can be rendered. */
function renders(text: string): boolean {
  const collection = read(text);
  const [entry] = collection.requests;
  if (!entry) throw new Error(text);
  const template = entry.open();
  const input = { found: { collection, entry, template }, globals: [], handles: () => undefined, dynamic: () => '1' };
  const scope = createScope(scopeInput(input));
  return templatesOf(template).every((each) => renderTemplate(each, scope).ok);
}

describe('a body fails when it is sent', () => {
  const FORM = 'Content-Type: application/x-www-form-urlencoded';
  const PARTS = 'Content-Type: multipart/form-data; boundary=b';
  const part = (content: string) =>
    `POST a.b\n${PARTS}\n\n--b\nContent-Disposition: form-data; name="n"\n\n${content}\n--b--`;
  it.each([
    ['with a file among its lines', 'POST a.b\n\n{"a":\n< b.json\n}'],
    ['with a file in XML', 'POST a.b\nContent-Type: text/xml\n\n<a>\n< b.xml\n</a>'],
    ['with a file of an encoding in XML', 'POST a.b\nContent-Type: text/xml\n\n<a>\n<@latin1 b.xml\n</a>'],
    ['with a file in a form', `POST a.b\n${FORM}\n\na=1&b=\n< b.txt`],
    ['with a file in a query', 'GRAPHQL a.b\n\n< query.graphql\n\n{"a": 1}'],
    ['with a file among the lines of a part', part('a\n< b.txt')],
    ['with text behind a handler', 'POST a.b\n\na\n> {% b %}\nc'],
    ['with a quotation', 'POST a.b\n\na\n>> b\nc'],
    ['with text behind a handler only', 'GET a.b\n\n> a.js\nc'],
  ])('%s', (_, text) => {
    expect(renders(text)).toBe(false);
  });

  it.each([
    ['a file', 'POST a.b\n\n< b.json'],
    ['handlers, comments and a recorded answer', 'POST a.b\n\na\n\n> {% b %}\n# c\n// d\n\n>> e.json\n<> f.json\n'],
    ['a tag over lines', "POST a.b\nContent-Type: text/xml\n\n<a\n b='c'>\n</a>"],
    ['a file as a part', part('< b.txt')],
  ])('and does not with %s', (_, text) => {
    expect(renders(text)).toBe(true);
  });
});

describe('a user name without a password', () => {
  it.each(['Basic SECRET-a:', 'Digest SECRET-a:', 'Basic SECRET-a: '])('of %s is a secret', (value) => {
    expect(shown(read(`GET a.b\nAuthorization: ${value}`))).not.toContain('SECRET-');
  });
});

const times = (count: number, text: string): string => text.repeat(count);

describe('what grows with the square of a file', () => {
  it.each([
    [limits.urlChars, 2, []],
    [limits.urlChars + 1, 1, [4]],
  ])('a request line of %i characters', (chars, requests, lines) => {
    const line = (start: string, end: string) => `${start}${times(chars - start.length - end.length, 'b')}${end}`;
    for (const long of [line('GET a.b/', ''), line('GET a.b/', 'c HTTP/1.1'), `GET a.b/\n ${times(chars - 8, 'b')}`]) {
      const collection = read(`GET a.b\n\n###\n${long}\n`);
      expect(collection.requests).toHaveLength(requests);
      expect(collection.problems.map(({ where }) => where?.line)).toEqual(lines);
    }
  });

  it.each([
    ['blanks', 'GET', ' ', 'x'],
    ['versions', 'GET a.b', ' HTTP/1.1', ''],
    ['scripts that are not closed', '', '###\n< {%\n', ''],
    ['a tag with blanks and a line break of old', '# @a', ' ', 'x\ry'],
    ['a variable with blanks and a line break of old', '@a=', ' ', 'x\ry'],
    ['empty lines of a body', 'GET a.b\n\n', '\n', 'a'],
  ])('%s are read', (_, start, unit, end) => {
    const text = start + times(1_000_000 / unit.length, unit) + end;
    expect(read(`GET a.b/good\n\n###\n${text}`).requests[0]?.name).toBe('GET /good');
  });

  it('environments with shared variables are served up to the limit', () => {
    const shared = Object.fromEntries(Array.from({ length: 5_000 }, (_, at) => [`v${at}`, 'x']));
    const named = Object.fromEntries(Array.from({ length: 5_000 }, (_, at) => [`e${at}`, { own: 'y' }]));
    const text = JSON.stringify({ $shared: shared, ...named });
    const { environments, problems } = load({ 'http-client.env.json': text, 'a.http': 'GET a.b' });
    expect(environments.length).toBeGreaterThan(1);
    expect(environments.length * 5_000 * 64).toBeLessThan(limits.sharedEnvironmentChars);
    expect(environments.every(({ variables }) => variables.length === 5_001)).toBe(true);
    expect(problems.map(({ code, where }) => [code, where?.file, where?.line])).toEqual([
      ['COLLECTION/TOO_MANY', 'http-client.env.json', 1],
    ]);
  });

  it('one environment is served whatever it shares, and a thousand that share little', () => {
    const shared = { a: times(limits.sharedEnvironmentChars + 1, 'b') };
    const one = load({ 'http-client.env.json': JSON.stringify({ $shared: shared, dev: { own: 'y' } }) });
    expect([one.environments[0]?.variables.length, one.problems]).toEqual([2, []]);
    const named = Object.fromEntries(Array.from({ length: 1_000 }, (_, at) => [`e${at}`, { own: 'y' }]));
    const many = load({ 'http-client.env.json': JSON.stringify({ $shared: { a: 'b' }, ...named }) });
    expect([many.environments.length, many.problems]).toEqual([1_000, []]);
  });

  it.each([
    [limits.variableNameChars, 2, 0],
    [limits.variableNameChars + 1, 1, 1],
  ])('a variable with a name of %i characters', (chars, variables, count) => {
    const text = JSON.stringify({ dev: { a: 'b', c: { ['d'.repeat(chars - 'c.'.length)]: 'e' } } });
    const { environments, problems } = load({ 'http-client.env.json': text });
    expect([environments[0]?.variables.length, problems.length]).toEqual([variables, count]);
  });

  it('long names of environments and of nested variables are not multiplied', () => {
    const keys = Object.fromEntries(Array.from({ length: 20_000 }, (_, at) => [`k${at}`, 'x']));
    const long = times(500_000, 'a');
    const text = JSON.stringify({ [long]: { ...keys, [long]: keys } });
    const { environments, problems } = load({ 'http-client.private.env.json': text });
    expect([environments[0]?.variables.length, problems.length]).toEqual([20_000, 1]);
  });
});
