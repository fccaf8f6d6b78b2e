import { expect, it } from 'vitest';
import { redactHosts } from '../../../shared/redact/redact-prompt.ts';

const rows: readonly (readonly [text: string, shown: string])[] = [
  ['https://api.example.com/v1/items?page=2#top', 'https://[REDACTED_HOST]/v1/items?page=2#top'],
  ['see http://api.example.com:8443, or api.example.com:8443', 'see http://[REDACTED_HOST], or [REDACTED_HOST]'],
  ['HTTPS://API.Example.com/x and api.example.COM', 'HTTPS://[REDACTED_HOST]/x and [REDACTED_HOST]'],
  ['ws://[2001:db8::1]:80/x', 'ws://[REDACTED_HOST]/x'],
  ['http://localhost:3000/x on localhost', 'http://[REDACTED_HOST]/x on localhost'],
  ['https://{{host}}/x and {{base}}/y', 'https://{{host}}/x and {{base}}/y'],
  ['https://{{tenant}}.example.com/x', 'https://[REDACTED_HOST]/x'],
  ['https://{{ tenant }}.corp.example/v1, {{$random(1,2)}}', 'https://[REDACTED_HOST]/v1, {{$random(1,2)}}'],
  ['https://{{$random(1,2)}}.corp.example/v1', 'https://[REDACTED_HOST]/v1'],
  ['https://{{ host }}:8080/x', 'https://{{ host }}:8080/x'],
  [`https://${'a'.repeat(400)}.corp.example/x`, 'https://[REDACTED_HOST]/x'],
  ['cb=https%3A%2F%2Finner.corp.example%2Fcb', 'cb=https%3A%2F%2F[REDACTED_HOST]%2Fcb'],
  ['"//proto.corp.example/x" // a comment', '"//[REDACTED_HOST]/x" // a comment'],
  ['http://./ and a sentence. Others, too: [1].', 'http://[REDACTED_HOST]/ and a sentence. Others, too: [1].'],
  ['http://others./ written by others.', 'http://[REDACTED_HOST]/ written by others.'],
  ['http://[/ and [x]', 'http://[REDACTED_HOST]/ and [x]'],
  ['/relative/path, mailto:a@b.example, 10:30', '/relative/path, mailto:a@b.example, 10:30'],
];

it.each(rows)('hides the hosts of absolute URLs: %s', (text, shown) => {
  expect(redactHosts(text)).toBe(shown);
  expect(redactHosts(shown)).toBe(shown);
});

it('hides a host wherever it stands, names of members included', () => {
  const value = {
    servers: [{ url: 'https://api.example.com/v1' }],
    'api.example.com': ['Host: api.example.com', 7, null],
  };
  expect(redactHosts(value)).toEqual({
    servers: [{ url: 'https://[REDACTED_HOST]/v1' }],
    '[REDACTED_HOST]': ['Host: [REDACTED_HOST]', 7, null],
  });
});

it('hides hosts that are named to it, with and without port', () => {
  const text = 'api.corp.example/v1, Host: api.corp.example:8443, plain, v1.2';
  expect(redactHosts(text, ['api.corp.example:8443', 'plain', 'v1.2'])).toBe(
    '[REDACTED_HOST]/v1, Host: [REDACTED_HOST], plain, v1.2',
  );
});
