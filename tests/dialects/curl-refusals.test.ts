// What a command leaves to something that is not read here must not go out without it.
import { describe, expect, it } from 'vitest';
import type { Collection } from '../../shared/collection/model.ts';
import { curl } from '../../shared/dialects/curl/curl.ts';
import { lookAt } from '../../shared/dialects/look.ts';
import { limits } from '../../shared/limits.ts';
import { templateText } from '../../shared/template/lex.ts';

function read(text: string): Collection {
  const reader = curl.createReader();
  const put = reader.put(lookAt('a.curl', text));
  const [collection] = reader.documents().collections;
  if (!put.ok || !collection) throw new Error(text.slice(0, 100));
  return collection;
}

/** Why each request of a text is not executed; '-' for one that is. */
function reasons(text: string): string[] {
  return read(text).requests.map(({ notExecutable }) => notExecutable ?? '-');
}

/** All that a reader of the collection can see. */
function shown(text: string): string {
  const collection = read(text);
  const requests = collection.requests.map((entry) => ({ ...entry, template: entry.open() }));
  return JSON.stringify([requests, collection.variables(), collection.problems]);
}

const URL = 'https://api.example/a';

describe('a command is not executed', () => {
  it.each<readonly [string, string]>([
    ...[
      ['--request-target /b', 'request-target'],
      ['-n', 'netrc'],
      ['--netrc-optional', 'netrc-optional'],
      ['--netrc-file f', 'netrc-file'],
      ['-K f', 'config'],
      ['-Ef', 'cert'],
      ['--cert f:pw', 'cert'],
      ['--key f', 'key'],
      ['--pass p', 'pass'],
      ['--engine e', 'engine'],
      ['--tlsuser u', 'tlsuser'],
      ['--pinnedpubkey p', 'pinnedpubkey'],
      ['--resolve a:443:127.0.0.1', 'resolve'],
      ['--connect-to a:1:b:2', 'connect-to'],
      ['--unix-socket s', 'unix-socket'],
      ['--abstract-unix-socket s', 'abstract-unix-socket'],
      ['--doh-url https://d', 'doh-url'],
      ['-U u:p', 'proxy-user'],
      ["--proxy-header 'A: b'", 'proxy-header'],
      ['--proxy-cert f', 'proxy-cert'],
      ['--haproxy-protocol', 'haproxy-protocol'],
      ['--hsts f', 'hsts'],
      ['--proto-default https', 'proto-default'],
      ['-C 5', 'continue-at'],
      ['--etag-compare f', 'etag-compare'],
      ['-z yesterday', 'time-cond'],
    ].map(([option = '', name = '']) => [option, `Commands with --${name} are not executed`] as const),
    ['-x http://u:p@proxy', 'Commands with credentials for a proxy (--proxy) are not executed'],
    ['--socks5 "$PROXY"', 'Commands with credentials for a proxy (--socks5) are not executed'],
    ['-H @file', 'Commands with headers from a file (-H @file) are not executed'],
    ['-H "$AUTH"', 'Commands with a header (-H) without a name and a colon are not executed'],
    ['-H "{{vault:auth}}"', 'Commands with a header (-H) without a name and a colon are not executed'],
    ['-H "$(cat file)"', 'Commands with a header (-H) without a name and a colon are not executed'],
    ["-H 'Authorization Bearer x'", 'Commands with a header (-H) without a name and a colon are not executed'],
    ['-b file', 'Commands with cookies from a file (-b file) are not executed'],
    ['-b "$COOKIES"', 'Commands with cookies from a file (-b file) are not executed'],
    ['-u "$LOGIN"', 'Commands with a user (-u) from a variable without a colon are not executed'],
    ['"$OPTIONS"', 'Commands with arguments from a variable are not executed'],
    [`"\${OPTIONS[@]}"`, 'Commands with arguments from a variable are not executed'],
    ['%OPTIONS%', 'Commands with arguments from a variable are not executed'],
    ['--aws-sigv4 osc', 'Commands with --aws-sigv4 of another provider than aws:amz are not executed'],
    ['--variable a=b', 'Commands with variables of curl (--variable, --expand-…) are not executed'],
    ["--expand-header 'A: {{b}}'", 'Commands with variables of curl (--variable, --expand-…) are not executed'],
    ['--frobnicate', 'Commands with an option that is not known are not executed'],
    ['-sö', 'Commands with an option that is not known are not executed'],
    ['-F \'a=b;headers="X: y"\'', 'Forms with headers, encodings or nested parts are not executed'],
    ["-F 'a=b;filename=c'", 'Forms with a file name for a part that is no file are not executed'],
    ['-F a', 'Forms with a part (-F) without a name are not executed'],
    ["-T '{a,b}'", 'Uploads with globs are not executed'],
  ])('with %s', (option, reason) => {
    expect(new Set(reasons(`curl ${URL} ${option}\n`))).toEqual(new Set([reason]));
    // One bad operation spoils the command; the next command is another.
    expect(reasons(`curl ${URL} ${option}\ncurl ${URL}\n`).at(-1)).toBe('-');
  });

  it.each(['-X', '-H', '--key'])('with %s at its end', (option) => {
    expect(reasons(`curl ${URL} ${option}`)).toEqual(['Commands with an option without its argument are not executed']);
  });

  it('with --path-as-is and dots in the path', () => {
    expect(reasons(`curl --path-as-is ${URL}/../b ${URL} ${URL}.x`)).toEqual([
      'Commands with --path-as-is and dots in the path are not executed',
      '-',
      '-',
    ]);
  });
});

describe('a command is executed', () => {
  it.each([
    '-x http://proxy:8080',
    '--cacert f',
    '--no-netrc',
    "-H 'A;' -H 'B:' -H ''",
    '-b ""',
    '-b "a=$B"',
    '-b "{{vault:cookies}}"',
    '-u "$USER:$PASSWORD"',
    '-u "$TOKEN:"',
    '-F "a=b;c"',
    '-sSLk --compressed',
  ])('with %s', (option) => {
    expect(reasons(`curl ${URL} ${option}`)).toEqual(['-']);
  });

  it.each(['"$URL"', '--url "$URL" --url "$OTHER"'])('with the address %s', (words) => {
    expect(new Set(reasons(`curl ${words}`))).toEqual(new Set(['-']));
  });
});

describe('what the file itself assigns', () => {
  const open = (text: string) => read(text).requests.map((entry) => entry.open());

  it('stands in for a whole header, user and cookies, sealed', () => {
    const text = [
      "AUTH='X-Api-Key: SECRET-header'",
      "export CREDS=ann:SECRET-password JAR='sid=SECRET-cookie'",
      `curl ${URL} -H "$AUTH"`,
      `curl ${URL} -u "$CREDS" -b "$JAR"`,
    ].join('\n');
    expect(reasons(text)).toEqual(['-', '-']);
    const [first, second] = open(text);
    expect(first?.headers.map(({ name, value }) => [templateText(name), templateText(value)])).toEqual([
      ['X-Api-Key', '[secret]'],
    ]);
    expect(second?.auth).toMatchObject({ type: 'basic', fields: { username: [{ kind: 'text', text: 'ann' }] } });
    expect(shown(text)).not.toContain('SECRET-');
  });

  it.each([
    ['a file', "JAR=cookies.txt\ncurl https://a -b '$JAR'".replaceAll("'", '"')],
    ['no header', 'AUTH=SECRET-token\ncurl https://a -H "$AUTH"'],
    ['a file of headers', 'AUTH=@file\ncurl https://a -H "$AUTH"'],
    ['two texts', 'AUTH="A: b"\nAUTH="A: c"\ncurl https://a -H "$AUTH"'],
    ['a later text', 'curl https://a -H "$AUTH"\nAUTH="A: b"'],
    ['options', "OPTS='-H X-Key:SECRET-options -n'\ncurl $OPTS https://a"],
    ['options and an address', "OPTS='-n https://u:SECRET-b@a'\ncurl $OPTS"],
  ])('does not when it is %s', (_, text) => {
    expect(reasons(text)).not.toContain('-');
    expect(shown(text)).not.toContain('SECRET-');
  });

  it('is an address among others', () => {
    expect(reasons(`A=https://a B=https://b\ncurl "$A/x" "$B"`)).toEqual(['-', '-']);
  });
});

describe('words that may be secrets are not shown', () => {
  it.each([
    ["curl --expand-header 'X-Api-Key: SECRET-a' https://a", 1],
    ['curl --frobnicate SECRET-a https://a', 1],
    ['curl --frobnicate https://SECRET-a https://a', 1],
    ['curl SECRET-a --frobnicate SECRET-b', 0],
    ['curl -ö SECRET-a https://a', 1],
    ['curl -u SECRET-token: https://a', 1],
    ['curl -u SECRET-token https://a', 1],
    ['curl https://a -K SECRET-config --variable a=SECRET-b --cert f:SECRET-c', 1],
  ])('%s', (text, count) => {
    expect(read(text).requests).toHaveLength(count);
    expect(shown(text)).not.toContain('SECRET-');
  });
});

const times = (count: number, text: string): string => text.repeat(count);

describe('what grows with the square of a file', () => {
  it.each([
    ['URLs', 1, '', limits.fileRequests],
    ['URLs and one more', 1, ' b', limits.fileRequests],
  ])('%s are listed up to the limit', (_, __, more, count) => {
    const { requests, problems } = read(`curl${times(limits.fileRequests, ' b')}${more}`);
    expect(requests).toHaveLength(count);
    expect(problems.map(({ code }) => code)).toEqual(more === '' ? [] : ['COLLECTION/TOO_MANY']);
  });

  it('options and URLs are listed up to the limit, and the next command', () => {
    const [options, urls] = [40_000, 60_000];
    const { requests, problems } = read(`curl${times(options, ' -d a')}${times(urls, ' b')}\ncurl https://c`);
    expect(requests).toHaveLength(Math.floor(limits.shellOptionUses / (options + 1)) + 1);
    expect(problems.map(({ code }) => code)).toEqual(['COLLECTION/TOO_MANY']);
    expect(requests[0]?.open().method).toBe('POST');
  });

  it.each([
    ['a name', `# @name ${times(500_000, 'a')}\n`],
    ['folders', times(50_000, '# @folder a\n')],
  ])('%s and URLs are listed up to the limit', (_, comment) => {
    const { requests, problems } = read(`${comment}curl${times(60_000, ' b')}`);
    expect(requests.length).toBeLessThan(1_000);
    expect(requests[0]?.folders.length).toBeLessThanOrEqual(limits.itemDepth);
    expect(problems.map(({ code }) => code)).toContain('COLLECTION/TOO_MANY');
  });

  it('a substitution that is not closed ends a here-document', () => {
    const reader = curl.createReader();
    const put = reader.put(lookAt('a.curl', `curl b -d @- <<A\n${times(300_000, '$(')}\nA\n`));
    expect(put).toMatchObject({ ok: false, failure: { code: 'COLLECTION/MALFORMED' } });
  });

  it.each([
    [limits.urlChars, 2, 0],
    [limits.urlChars + 1, 1, 1],
  ])('a URL of %i characters', (chars, requests, problems) => {
    const collection = read(`curl https://a ${URL}${times(chars - URL.length, 'b')}`);
    expect([collection.requests.length, collection.problems.length]).toEqual([requests, problems]);
  });
});
