import { describe, expect, it } from 'vitest';
import { countSecret } from '../../../src/demo/find-secret.ts';

const SECRET = 'hbr/live+Zm9v"é';
const base64 = (text: string) => Buffer.from(text).toString('base64');

const hidden: readonly [how: string, text: string][] = [
  ['plain', `x ${SECRET} y`],
  ['percent-encoded', `?k=${encodeURIComponent(SECRET)}&z`],
  ['hex', `00${Buffer.from(SECRET).toString('hex')}ff`],
  ['upper-case hex', Buffer.from(SECRET).toString('hex').toUpperCase()],
  ['in JSON', JSON.stringify({ a: SECRET })],
  ['in JSON with escaped slashes', SECRET.replaceAll('/', '\\/')],
  ['base64', base64(SECRET)],
  ['base64 after one byte', base64(`u${SECRET}zz`)],
  ['base64 after two bytes', base64(`u:${SECRET}z`)],
  ['base64 of user and password', base64(`user:${SECRET}`)],
  ['base64url', Buffer.from(`abc${SECRET}`).toString('base64url')],
];

describe('the search of the demo', () => {
  for (const [how, text] of hidden) {
    it(`finds the secret ${how}`, () => {
      expect(countSecret(text, SECRET)).toBeGreaterThan(0);
    });
  }

  it('counts each place once', () => {
    expect(countSecret(`${SECRET} ${SECRET}`, SECRET)).toBe(2);
  });

  it('finds nothing in other text', () => {
    expect(countSecret(`hbr/live+Zm9v ${base64('hbr/live')} [redacted]`, SECRET)).toBe(0);
  });
});
