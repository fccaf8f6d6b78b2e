// The search as an agent has it: over real files, through the tool.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shownName } from '../../../shared/collection/shown-name.ts';
import { parseQuery } from '../../../shared/search/query.ts';
import { collection, contentOf, createStand, item, type Stand } from '../tools/stand.ts';

const policy = { access: { default: 'safe', collections: { Payroll: 'hidden' }, environments: {} } } as const;

const shop = collection('Shop', [
  {
    name: 'Orders',
    item: [
      item('List orders', 'GET', '{{base}}/orders?expand=customer'),
      item('Create order', 'POST', '{{base}}/orders', { description: 'Fails without a shipping address.' }),
      item('Refund', 'POST', '{{base}}/orders/:id/refunds'),
    ],
  },
  item('Orders', 'GET', '{{base}}/all'),
  item('listPaymentIntents', 'GET', '{{base}}/v1/payment_intents'),
  item('获取用户列表', 'GET', '{{base}}/users'),
  item('Überweisung anlegen', 'POST', '{{base}}/transfers'),
]);

const payroll = collection('Payroll', [
  item('Orders', 'GET', '{{base}}/salaries'),
  item('List orders of salaries', 'GET', '{{base}}/orders'),
]);

const stands: Stand[] = [];
const open = async (files: Readonly<Record<string, unknown>>): Promise<Stand> => {
  const stand = await createStand({ policy, files: () => files });
  stands.push(stand);
  return stand;
};

afterAll(() => Promise.all(stands.map((stand) => stand.close())));

async function names(stand: Stand, args: object): Promise<string[]> {
  return contentOf(await stand.call('list_requests', args)).requests.map(({ name }: { name: string }) => name);
}

describe('searching requests', () => {
  let stand: Stand;
  beforeAll(async () => {
    stand = await open({ 'b.json': shop, 'a.json': payroll });
  });

  const rows: readonly (readonly [args: object, expected: readonly string[]])[] = [
    [{ query: 'orders' }, ['Orders', 'List orders', 'Create order', 'Refund']],
    [{ query: 'order' }, ['Orders', 'Create order', 'List orders', 'Refund']],
    [{ query: 'ordres' }, ['List orders', 'Orders', 'Create order', 'Refund']],
    [{ query: 'shipping adress' }, []],
    [{ query: 'shipping address' }, ['Create order']],
    [{ query: 'post orders' }, ['Create order', 'Refund']],
    [{ query: 'payment intents' }, ['listPaymentIntents']],
    [{ query: 'paymentintents' }, ['listPaymentIntents']],
    [{ query: 'uberweisung' }, ['Überweisung anlegen']],
    [{ query: '用户' }, ['获取用户列表']],
    [{ query: 'orders', method: 'post' }, ['Create order', 'Refund']],
    [{ query: 'orders', folder: 'orders' }, ['List orders', 'Create order', 'Refund']],
    [{ query: 'salaries' }, []],
    [{ query: 'payroll' }, []],
    [
      { query: ' ' },
      ['List orders', 'Create order', 'Refund', 'Orders', 'listPaymentIntents', '获取用户列表', 'Überweisung anlegen'],
    ],
  ];
  it.each(rows)('%j gives %j', async (args, expected) => {
    expect(await names(stand, args)).toEqual(expected);
  });

  it('pages in the order of the ranks', async () => {
    const paged: string[] = [];
    let cursor: string | undefined;
    do {
      const page = contentOf(
        await stand.call('list_requests', { query: 'orders', limit: 1, ...(cursor && { cursor }) }),
      );
      paged.push(...page.requests.map(({ name }: { name: string }) => name));
      cursor = page.next_cursor;
    } while (cursor !== undefined);
    expect(paged).toEqual(await names(stand, { query: 'orders' }));
  });

  it('gives the same before and after warming', async () => {
    const cold = await open({ 'b.json': shop });
    const before = await names(cold, { query: 'orders' });
    await cold.toolbox.warm();
    expect(await names(cold, { query: 'orders' })).toEqual(before);
    const warm = await open({ 'b.json': shop });
    await warm.toolbox.warm();
    expect(await names(warm, { query: 'orders' })).toEqual(before);
  });

  it('P1: does not depend on hidden collections', async () => {
    const without = await open({ 'b.json': shop });
    for (const query of ['orders', 'list', 'ordres', 'get', 'salaries', 'o']) {
      expect(await names(stand, { query }), query).toEqual(await names(without, { query }));
    }
  });
});

describe('P1: what is redacted', () => {
  const secrets = ['Zx9Kd93hfKDh38dQ', 'hunter2hunter2XY'] as const;
  const other = ['Bw4Lf71gtMEj92sV', 'swordfish8fishQZ'] as const;
  const files = ([key, password]: readonly [string, string]) => ({
    'c.json': collection('Named', [
      { name: `Folder ?token=${key}`, item: [item(`GET x.io/?token=${key}`, 'GET', `{{base}}/reset/token/${key}`)] },
      item('Log in', 'POST', `https://ann:${password}@h/?api_key=${key}`, {
        description: `Use password=${password}, or the header Authorization: Bearer ${key}.`,
        header: [{ key: 'X-Api-Key', value: key }],
      }),
      item(`{"password":"${password}"}`, 'GET', '{{base}}/x'),
    ]),
  });

  it('is never found, letter by letter or in parts', async () => {
    const [stand, control] = [await open(files(secrets)), await open(files(other))];
    const ids = async (on: Stand, query: string) => (await names(on, { query })).join('|');
    for (const secret of secrets) {
      for (let chars = 1; chars <= secret.length; chars += 1) {
        for (const query of [secret.slice(0, chars), `token=${secret.slice(0, chars)}`, secret.slice(-chars)])
          expect(await ids(stand, query), query).toBe(await ids(control, query));
      }
      expect(await names(stand, { query: secret })).toEqual([]);
    }
  });
});

describe('every word of a shown name', () => {
  it('finds its request', async () => {
    const name = fc.oneof(
      fc.string({ unit: 'grapheme', minLength: 1 }),
      fc.lorem({ maxCount: 6 }),
      fc.constant('x'.repeat(300)),
    );
    const list = fc.sample(name, 60);
    const stand = await open({
      'c.json': collection(
        'Named',
        list.map((each) => item(each, 'GET', '{{base}}/x')),
      ),
    });
    for (const each of list) {
      const shown = shownName(each);
      for (const word of shown.split(' ').filter((part) => parseQuery(part) && part.length <= 200)) {
        expect(await names(stand, { query: word, limit: 200 }), word).toContain(shown);
      }
    }
  });
});
