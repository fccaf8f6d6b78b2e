// What a login leaves in a real vault, and what a failed one does.
import { describe, expect, it } from 'vitest';
import { limits } from '../../../shared/limits.ts';
import { createLoginStore, type NewLogin } from '../../../src/vault/login-store.ts';
import { NOW, ORIGIN, OTHER, openedVault } from '../vault/open-vault-fixture.ts';

const REFRESH: NewLogin = {
  name: 'login-1-refresh',
  instead: 'login-1-access',
  value: 'R3fresh.first',
  origins: [ORIGIN],
  label: 'a login',
};
const ACCESS: NewLogin = {
  ...REFRESH,
  name: 'login-1-access',
  instead: 'login-1-refresh',
  value: 'Acc3ss.second',
  expiresAt: NOW + 1,
};

const failing: readonly (readonly [what: string, login: NewLogin])[] = [
  ['that has ended', { ...ACCESS, expiresAt: NOW }],
  ['with an end that is no date', { ...ACCESS, expiresAt: 1e18 }],
  ['with an end between two milliseconds', { ...ACCESS, expiresAt: NOW + 0.5 }],
  ['that is too long', { ...ACCESS, value: 'A'.repeat(limits.secretChars + 1) }],
  ['of the same form that is too long', { ...REFRESH, value: 'A'.repeat(limits.secretChars + 1) }],
];

describe('a login that is kept', () => {
  it.each(failing)('P7: leaves the earlier one where it was, if it is one %s', async (_, login) => {
    const { vault, secrets } = openedVault();
    const store = createLoginStore(vault);
    const first = store.keep(REFRESH);
    if (!first.ok) throw new Error(first.failure.code);
    const before = vault.list();
    expect(store.keep(login)).toMatchObject({ ok: false, failure: { code: 'SECRET/INVALID' } });
    expect(vault.list()).toEqual(before);
    expect(await secrets.resolve(first.value.id, ORIGIN)).toEqual({ ok: true, value: REFRESH.value });
  });

  it.each([
    ['the same', { ...REFRESH, value: 'R3fresh.second', origins: [OTHER] }],
    ['the other', { ...ACCESS, origins: [OTHER] }],
  ] as const)('takes the place of one of %s form under a new id, and keeps its origins', (_, login) => {
    const { vault } = openedVault();
    const store = createLoginStore(vault);
    const first = store.keep(REFRESH);
    const second = store.keep(login);
    if (!first.ok || !second.ok) throw new Error('not kept');
    const listed = vault.list();
    expect(listed).toMatchObject({ ok: true, value: [{ id: second.value.id, name: login.name }] });
    expect(second.value.id).not.toBe(first.value.id);
    expect([...second.value.origins].sort()).toEqual([ORIGIN, OTHER].sort());
  });
});
