import { expect, it } from 'vitest';
import { parseUrl } from '../../../shared/request/parse-url.ts';

it('says the same of a URL however often it is asked', () => {
  const hosts = new Set<string | undefined>();
  for (let asked = 0; asked < 20_000; asked += 1) hosts.add(parseUrl('https://b\u00fccher.example')?.hostname);
  expect([...hosts]).toEqual(['xn--bcher-kva.example']);
  expect(parseUrl('https://')).toBeUndefined();
  expect(parseUrl('../x', 'https://h/a/b/')?.href).toBe('https://h/a/x');
});
