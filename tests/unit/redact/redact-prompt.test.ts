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
