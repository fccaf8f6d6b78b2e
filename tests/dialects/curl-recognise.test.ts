import { describe, expect, it } from 'vitest';
import { curl } from '../../shared/dialects/curl/curl.ts';
import { har } from '../../shared/dialects/har/har.ts';
import { httpFile } from '../../shared/dialects/http-file/http-file.ts';
import { lookAt } from '../../shared/dialects/look.ts';
import { limits } from '../../shared/limits.ts';

const COMMAND = 'curl https://api.example/a\n';

/** What becomes of a file: not recognised, `taken`, `other`, or the code of the failure with its place. */
function outcome(file: string, text: string): string {
  const look = lookAt(file, text);
  if (!curl.recognise(look)) return 'not recognised';
  const put = curl.createReader().put(look);
  if (put.ok) return put.value;
  const { code, where } = put.failure;
  return `${code} ${where?.line ?? '-'}:${where?.column ?? '-'}`;
}

const filled = (length: number): string => COMMAND + '#'.repeat(length - COMMAND.length);

describe('a shell file', () => {
  it.each([
    ['a command', 'a.sh', COMMAND, 'taken'],
    ['a command behind others that only print', 'a.bash', `echo start\nset -e\n${COMMAND}`, 'taken'],
    ['a pipe', 'a.sh', `cat body.json | ${COMMAND}`, 'taken'],
    ['a script that does other things', 'a.sh', `mkdir x\n${COMMAND}`, 'other'],
    ['a loop', 'a.sh', `for id in 1 2; do\n${COMMAND}done\n`, 'other'],
    ['a script without curl', 'a.sh', 'echo curling\n', 'not recognised'],
    ['any text named for curl', 'a.curl', 'mkdir x\n', 'taken'],
    ['a text of another name', 'a.txt', COMMAND, 'not recognised'],
    ['an open quote', 'a.sh', `${COMMAND}\ncurl 'https://api.example/SECRET-a\n`, 'COLLECTION/MALFORMED 3:6'],
    ['an open substitution', 'a.curl', 'curl "$(date"\n', 'COLLECTION/MALFORMED 1:6'],
    ['an open quote in another script', 'a.sh', `mkdir x\n${COMMAND}echo '\n`, 'other'],
    ['as many characters as a file may have', 'a.curl', filled(limits.shellChars), 'taken'],
    ['one more', 'a.curl', filled(limits.shellChars + 1), 'COLLECTION/TOO_LARGE -:-'],
    ['one more in a script', 'a.sh', filled(limits.shellChars + 1), 'not recognised'],
    [
      'too many words',
      'a.curl',
      'a '.repeat(limits.shellTokens + 1),
      `COLLECTION/MALFORMED 1:${2 * limits.shellTokens + 2}`,
    ],
  ])('with %s', (_, file, text, expected) => {
    expect(outcome(file, text)).toBe(expected);
  });
});

describe('a JSON file', () => {
  it.each([
    ['a log with entries', '{"log":{"version":"1.2","entries":[]}}', true],
    ['a log of another kind', '{"log":{"level":"debug"}}', false],
    ['a request', '{"method":"GET","url":"https://api.example"}', true],
    ['a request with members of its own', '{"method":"GET","_id":1,"url":"https://api.example"}', true],
    ['a request of another kind', '{"method":"GET","url":"https://api.example","timeout":1}', false],
    ['a route', '{"method":"GET","url":"/items"}', false],
    ['half of a log', '{"log":{"entries":[', true],
    ['a list', '[{"method":"GET"}]', false],
  ])('with %s', (_, text, expected) => {
    expect(har.recognise(lookAt('a.json', text))).toBe(expected);
  });
});

describe('as many requests as a file may have', () => {
  it.each([
    [limits.fileRequests, 0],
    [limits.fileRequests + 1, 1],
  ])('%i give %i problems', (count, problems) => {
    const texts = [
      [httpFile, 'a.http', '###\nGET a.b\n'.repeat(count)],
      [har, 'a.har', `{"log":{"entries":[${Array.from({ length: count }, () => '{"request":{"url":"a"}}').join()}]}}`],
    ] as const;
    for (const [dialect, file, text] of texts) {
      const reader = dialect.createReader();
      reader.put(lookAt(file, text));
      const [collection] = reader.documents().collections;
      expect(collection?.requests).toHaveLength(limits.fileRequests);
      expect(collection?.problems).toHaveLength(problems);
    }
  });
});
