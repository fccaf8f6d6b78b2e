import { describe, expect, it } from 'vitest';
import { handlePart } from '../../../shared/collection/handle-part.ts';
import { createSecretAuthTest } from '../../../shared/collection/secret-auth-fields.ts';

describe('the user name of an auth', () => {
  it.each([
    ['basic', 'x', false],
    ['basic', '', true],
    ['basic', undefined, true],
    ['digest', '', true],
    ['ntlm', undefined, true],
    ['wsse', '', true],
    ['oauth2', '', false],
    ['awsv4', undefined, false],
  ] as const)('P1: of %s with the password %j is a secret: %j', (type, password, secret) => {
    expect(createSecretAuthTest(type, password)('username')).toBe(secret);
  });
});

describe('the name of a handle', () => {
  it('P1: has nothing of what is not shown of an environment or folder', () => {
    expect(JSON.stringify(handlePart('x', { scope: 'fold token=Hunter2x99ab' }))).not.toContain('Hunter2');
    expect(handlePart('token', { scope: 'Prod' })).toEqual({ kind: 'handle', names: ['Prod.token', 'token'] });
  });
});
