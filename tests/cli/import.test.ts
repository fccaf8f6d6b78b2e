// keyward import and export by the built command: no secret reaches a file, a screen or the vault's folder in plain text.
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exportFormats } from '../../shared/dialects/writer.ts';
import { countSecret } from '../../src/demo/find-secret.ts';
import { allowing, type Echo, startEcho } from './harbour.ts';
import { createDesk, type Desk } from './run-keyward.ts';

const VALUE = 'kw_test/inline+9c2f1e77';

interface Report {
  readonly secrets: readonly { readonly name: string; readonly origins: readonly string[]; readonly stored: boolean }[];
}

describe('keyward import and export', () => {
  let desk: Desk;
  let echo: Echo;
  let seen: string;

  const keyward = async (...args: string[]) => {
    const finished = await desk.keyward(args);
    seen += finished.out + finished.errors;
    return finished;
  };
  const saveShop = () =>
    desk.save('api/shop.postman_collection.json', {
      info: { name: 'Shop', schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json' },
      auth: { type: 'bearer', bearer: [{ key: 'token', value: VALUE }] },
      variable: [{ key: 'baseUrl', value: echo.origin }],
      item: [
        { name: 'Folder', item: [{ name: 'Get cart', request: { method: 'GET', url: '{{baseUrl}}/cart?page=1' } }] },
        { name: 'Other', request: { method: 'GET', url: '{{baseUrl}}/other' } },
      ],
    });

  beforeEach(async () => {
    desk = createDesk();
    echo = await startEcho();
    seen = '';
    saveShop();
  });
  afterEach(async () => {
    await echo.close();
    desk.clear();
  });

  it('P1: --seal moves the secret into the vault, and the imported collection is called with it', async () => {
    const done = await keyward('import', 'api', '--to', 'oc', '--seal', '--json');
    expect(done).toMatchObject({ code: 0 });
    const { secrets } = JSON.parse(done.out) as Report;
    expect(secrets).toMatchObject([{ name: 'Shop.token', origins: [echo.origin], stored: true }]);
    const text = textsIn(join(desk.workspace, 'oc'));
    expect(text).toContain('{{vault:Shop.token}}');

    desk.save('oc/keyward.yaml', allowing(echo.origin));
    expect(await keyward('trust', 'oc', '--yes')).toMatchObject({ code: 0 });
    const call = await keyward('call', 'Get cart', '--workspace', 'oc');
    expect(call).toMatchObject({ code: 0 });
    expect(echo.requests).toEqual([{ method: 'GET', url: '/cart?page=1', authorization: `Bearer ${VALUE}` }]);

    for (const each of [seen, text, textsIn(desk.home)]) expect(countSecret(each, VALUE)).toBe(0);
  });

  it('P1: without --seal the handle is left to be set, and nothing is stored', async () => {
    const done = await keyward('import', 'api/shop.postman_collection.json', '--to', 'oc');
    expect(done).toMatchObject({ code: 0 });
    expect(done.errors).toContain(`keyward secrets set Shop.token --origin ${echo.origin}`);
    expect((await keyward('secrets', 'list', '--json')).out).not.toContain('Shop.token');
    expect(countSecret(seen + textsIn(join(desk.workspace, 'oc')), VALUE)).toBe(0);
  });

  it('P1: every export names the handle in place of the secret', async () => {
    for (const format of exportFormats) {
      const done = await keyward('export', 'Shop', '--format', format, '--to', `out-${format}`, '--workspace', 'api');
      expect([format, done.code, done.errors]).toMatchObject([format, 0, expect.stringContaining('Shop.token')]);
      const text = textsIn(join(desk.workspace, `out-${format}`));
      expect(text).toContain('Shop.token');
      expect(countSecret(text, VALUE)).toBe(0);
    }
    expect(countSecret(seen, VALUE)).toBe(0);
  });

  it('P1: on standard output too, where the format is one file', async () => {
    const done = await keyward('export', 'Shop', '--format', 'curl', '--workspace', 'api');
    expect(done.code).toBe(0);
    expect(done.out).toContain('curl');
    expect(await keyward('export', 'Shop', '--format', 'bruno', '--workspace', 'api')).toMatchObject({ code: 2 });
    expect(countSecret(seen, VALUE)).toBe(0);
  });

  it.each([
    ['a folder that is not empty', 'full'],
    ['a file', 'full/file'],
  ])('P9: %s is never written into', async (_, target) => {
    mkdirSync(join(desk.workspace, 'full'));
    writeFileSync(join(desk.workspace, 'full/file'), 'mine');
    expect(await keyward('import', 'api', '--to', target)).toMatchObject({ code: 2, out: '' });
    expect(readFileSync(join(desk.workspace, 'full/file'), 'utf8')).toBe('mine');
    expect(readdirSync(join(desk.workspace, 'full'))).toEqual(['file']);
  });

  it('P2: a name that the vault has is not overwritten unless that is asked for', async () => {
    await keyward('import', 'api', '--to', 'one', '--seal');
    const again = await keyward('import', 'api', '--to', 'two', '--seal');
    expect(again).toMatchObject({ code: 1 });
    expect(again.errors).toContain('SECRET/EXISTS');
    expect(existsSync(join(desk.workspace, 'two'))).toBe(false);
    expect(await keyward('import', 'api', '--to', 'two', '--seal', '--replace')).toMatchObject({ code: 0 });
  });

  it('P2: --seal gives a secret that there is a value, and no origin or path; a new one no path without the word', async () => {
    const token = (url: string) => ({
      info: { name: 'Pay', schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json' },
      item: [
        {
          name: 'Pay',
          request: { method: 'GET', url: { raw: `${url}/:token`, variable: [{ key: 'token', value: VALUE }] } },
        },
      ],
    });
    const described = async () =>
      JSON.parse((await keyward('secrets', 'describe', 'Pay.Pay.token', '--json')).out) as Record<string, unknown>;
    desk.save('pay/pay.postman_collection.json', token(echo.origin));
    const first = await keyward('import', 'pay', '--to', 'one', '--seal');
    expect(first).toMatchObject({ code: 0 });
    expect(first.errors).toContain('keyward secrets bind Pay.Pay.token --place path');
    expect(await described()).toMatchObject({ origins: [echo.origin], path_allowed: false });
    desk.save('pay/pay.postman_collection.json', token('https://b.example.com'));
    const again = await keyward('import', 'pay', '--to', 'two', '--seal', '--replace', '--allow-path');
    expect(again).toMatchObject({ code: 0 });
    expect(again.errors).toContain('keyward secrets bind Pay.Pay.token --origin https://b.example.com');
    expect(await described()).toMatchObject({ origins: [echo.origin], path_allowed: false });
    await keyward('secrets', 'delete', 'Pay.Pay.token', '--yes');
    expect(await keyward('import', 'pay', '--to', 'three', '--seal', '--allow-path')).toMatchObject({ code: 0 });
    expect(await described()).toMatchObject({ origins: ['https://b.example.com'], path_allowed: true });
  });

  it('P9: a source without a collection, or a broken one, fails with its place', async () => {
    desk.save('broken/x.postman_collection.json', '{"info":');
    const broken = await keyward('import', 'broken', '--to', 'oc');
    expect(broken).toMatchObject({ code: 1 });
    expect(broken.errors).toMatch(/COLLECTION\/MALFORMED[\s\S]*x\.postman_collection\.json:1/);
    desk.save('empty/readme.md', 'nothing');
    expect(await keyward('import', 'empty', '--to', 'oc')).toMatchObject({ code: 2 });
    expect(existsSync(join(desk.workspace, 'oc'))).toBe(false);
  });
});

/** Everything below a folder as one text, names included. */
function textsIn(folder: string): string {
  const names = readdirSync(folder, { recursive: true }).map(String);
  const files = names.filter((name) => statSync(join(folder, name)).isFile());
  return files.map((name) => `${name}\n${readFileSync(join(folder, name), 'latin1')}`).join('\n');
}
