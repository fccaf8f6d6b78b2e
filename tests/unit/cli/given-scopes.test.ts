import { describe, expect, it } from 'vitest';
import { parseScopes } from '../../../shared/access/reach.ts';
import { givenScopes } from '../../../src/cli/access/given-scopes.ts';
import { failureOf, must } from '../state/temporary-home.ts';

describe('scopes as they are typed', () => {
  const ROWS: readonly (readonly [typed: readonly string[], kept: readonly string[]])[] = [
    [[], ['read', 'execute', 'history', 'secrets']],
    [['read'], ['read']],
    [
      ['read', 'execute:unsafe', 'read'],
      ['read', 'execute:unsafe'],
    ],
    [['collection:Shop'], ['read', 'execute', 'history', 'secrets', 'collection:Shop']],
    [
      ['read', 'collection:Billing API'],
      ['read', 'collection:Billing%20API'],
    ],
    [
      ['read', 'collection:Billing%20API'],
      ['read', 'collection:Billing%20API'],
    ],
    [
      ['read', 'environment:50% off'],
      ['read', 'environment:50%25%20off'],
    ],
    [
      ['read', 'handle:größe:"a\\b"'],
      ['read', 'handle:gr%C3%B6%C3%9Fe%3A%22a%5Cb%22'],
    ],
    [
      ['read', 'handle:\ud800'],
      ['read', 'handle:%EF%BF%BD'],
    ],
  ];

  it.each(ROWS)('%j', (typed, kept) => {
    const scopes = must(givenScopes(typed));
    expect(scopes).toEqual(kept);
    must(parseScopes(scopes));
    expect(scopes.every((scope) => /^[!#-[\]-~]+$/.test(scope))).toBe(true);
  });

  it.each([
    ['exceute', 'execute, execute:unsafe'],
    ['execute:unsfe', 'execute, execute:unsafe'],
    ['secret', 'secrets'],
    ['colection:Shop', 'collection:NAME'],
    ['collection:', 'collection:NAME'],
    ['tool:read', 'read'],
    ['Read', 'read'],
    ['', 'none'],
    ['*', 'none'],
  ])('refuses %j, and says what is near', (scope, nearest) => {
    expect(failureOf(givenScopes(['read', scope]))).toMatchObject({
      code: 'ACCESS/SCOPE_INVALID',
      facts: { scope, nearest },
    });
  });
});
