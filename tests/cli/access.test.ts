import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseKeyText } from '../../shared/access/key-text.ts';
import { createDesk, type Desk } from './run-keyward.ts';

const SCHEMA = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json';

interface Thing {
  readonly name: string;
  readonly access: string;
  readonly rule: string;
}

interface Row {
  readonly name: string;
  readonly tools: readonly string[];
  readonly collections: readonly Thing[];
  readonly environments: readonly Thing[];
  readonly handles: readonly { readonly name: string }[];
  readonly names_nothing?: readonly string[];
}

describe('keyward access', () => {
  let desk: Desk;
  const access = (...args: string[]) => desk.keyward(['access', ...args]);

  beforeEach(() => {
    desk = createDesk();
  });
  afterEach(() => desk.clear());

  it('P1: shows a key once, on stdout alone, and no command or file afterwards', async () => {
    const made = await access('create', 'agent', '--expires', '90d');
    expect(made.code).toBe(0);
    const parts = parseKeyText(made.out.trimEnd());
    expect(parts).toBeDefined();
    expect(made.errors).toContain('shown this once');
    const rotated = JSON.parse((await access('rotate', 'agent', '--grace', '1h', '--json')).out) as { key: string };
    const later = [
      await access('list'),
      await access('list', '--json'),
      await access('create', 'agent'),
      await access('matrix', '--json'),
      await access('revoke', 'agent', '--json'),
      await access('list', '--json'),
    ];
    const kept = readdirSync(desk.home).map((name) => readFileSync(join(desk.home, name), 'latin1'));
    const all = [made.errors, ...later.flatMap(({ out, errors }) => [out, errors]), ...kept].join('\n');
    for (const secret of [parts?.secret, parseKeyText(rotated.key)?.secret]) {
      expect(secret).toHaveLength(32);
      expect(all).not.toContain(secret);
    }
    expect(all).toContain(parts?.keyId);
  });

  it('makes, lists, rotates and revokes, for programs too', async () => {
    const made = JSON.parse((await access('create', 'agent', '--scope', 'collection:Billing API', '--json')).out) as {
      id: string;
      key: string;
    };
    expect(made).toMatchObject({
      id: expect.stringMatching(/^key:\w{16}$/),
      name: 'agent',
      scopes: ['read', 'execute', 'history', 'secrets', 'collection:Billing%20API'],
    });
    expect(await access('create', 'agent', '--json')).toMatchObject({
      code: 1,
      out: expect.stringContaining('KEY_EXISTS'),
    });
    const rotated = JSON.parse((await access('rotate', 'agent', '--json')).out) as typeof made;
    expect(rotated.id).toBe(made.id);
    expect(rotated.key).not.toBe(made.key);
    const { keys } = JSON.parse((await access('list', '--json')).out) as { keys: readonly { state: string }[] };
    expect(keys.map(({ state }) => state)).toEqual(['revoked', 'active']);
    expect(await access('revoke', 'agent')).toMatchObject({ code: 0 });
    expect(await access('revoke', 'agent')).toMatchObject({ code: 1, out: '' });
    expect((await access('list')).out).toMatch(/^NAME +STATE +KEY ID +SCOPES/);
  });

  it.each([
    [['create', 'a', '--scope', 'exceute'], 2, 'Nearest: execute'],
    [['create', 'a', '--expires', 'soon'], 2, '90m'],
    [['create', ''], 2, '1 to 64 printable characters'],
    [['create'], 2, 'name'],
    [['rotate', 'a', '--grace', '31d'], 2, '30d at the most'],
    [['rotate', 'a'], 1, 'ACCESS/KEY_NOT_FOUND'],
    [['matrix', 'a'], 1, 'ACCESS/KEY_NOT_FOUND'],
  ] as const)('refuses %j', async (args, code, words) => {
    const refused = await access(...args);
    expect(refused).toMatchObject({ code, out: '' });
    expect(refused.errors).toContain(words);
  });

  it('P10: tells who can do what, and which rule says so', async () => {
    for (const name of ['Shop', 'Billing API', 'Secret plans']) {
      desk.save(`${name}.postman_collection.json`, { info: { name, schema: SCHEMA }, item: [] });
    }
    desk.save('staging.postman_environment.json', {
      name: 'staging',
      values: [],
      _postman_variable_scope: 'environment',
    });
    desk.save('keyward.yaml', 'version: 1\naccess:\n  collections: { "Shop": read-only, "Secret plans": hidden }\n');
    await access('create', 'all', '--scope', 'read', '--scope', 'execute:unsafe');
    await access('create', 'default');
    await access('create', 'history', '--scope', 'history');
    await access('create', 'narrow', '--scope', 'collection:Billing API', '--scope', 'environment:Live');
    await access('create', 'reader', '--scope', 'read');
    const { keys } = JSON.parse((await access('matrix', '--json')).out) as { keys: readonly Row[] };
    const words = keys.map(({ name, collections, environments }) => [
      name,
      ...[...collections, ...environments].map((each) => `${each.name}: ${each.access} (${each.rule})`),
    ]);
    const hidden = 'Secret plans: hidden (access.collections.Secret plans)';
    const readOnly = 'Shop: read (access.collections.Shop)';
    expect(words).toEqual([
      ['all', 'Billing API: all (approvals.unsafe)', hidden, readOnly, 'staging: all (approvals.unsafe)'],
      ['default', 'Billing API: safe (scope)', hidden, readOnly, 'staging: safe (scope)'],
      ['history', 'Billing API: hidden (scope)', hidden, 'Shop: hidden (scope)', 'staging: hidden (scope)'],
      [
        'narrow',
        'Billing API: safe (scope)',
        'Secret plans: hidden (scope)',
        'Shop: hidden (scope)',
        'staging: hidden (scope)',
      ],
      ['reader', 'Billing API: read (scope)', hidden, 'Shop: read (scope)', 'staging: read (scope)'],
    ]);
    expect(keys.find(({ name }) => name === 'history')?.tools).toEqual(['get_history']);
    expect(keys.find(({ name }) => name === 'narrow')?.names_nothing).toEqual(['environment:Live']);
    const shown = await access('matrix', 'reader');
    expect(shown.out).toContain('reader\nscopes   read\n');
    expect(shown.out).not.toContain('default');
  });
});
