import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compoundsOf } from '../../../shared/search/compounds.ts';

/** A text, and its runs: the words of one are joined by "+". */
const TEXTS: readonly (readonly [text: string, runs: string])[] = [
  ['', ''],
  ['  \n -_./{{}}', ''],
  ['List all users', 'list all users'],
  ['listUsersByID', 'list+users+by+id'],
  ['APIKeyV2', 'api+key+v2'],
  ['OAuth2Token', 'o+auth2+token'],
  ['S3Bucket', 's3+bucket'],
  ['payment_intent-id', 'payment+intent+id'],
  ['a--b a- b _c', 'a b a b c'],
  ['/v1/users/:id?limit=50&page={{pageNo}}', 'v1 users id limit 50 page page+no'],
  ['https://api.example.com/x', 'https api+example+com x'],
  ['Zahlungsübersicht Straße', 'zahlungsubersicht strasse'],
  ['CAFÉ Café cafe\u0301', 'cafe cafe cafe'],
  ['Ørsted Łódź', 'orsted lodz'],
  ['İstanbul', 'istanbul'],
  ['ΟΔΟΣ οδός', 'οδοσ οδοσ'],
  ['ﬁle Ｆｕｌｌ', 'file full'],
  ['zero\u200bwidth soft\u00adhyphen', 'zerowidth softhyphen'],
  ['获取用户', '获 取 用 户'],
  ['用户list列表', '用 户 list 列 表'],
  ['ユーザー', 'ユ ー サ ー'],
  ['사용자 목록', '사용자 목록'.normalize('NFKD')],
  ['رقم الطلب', 'رقم الطلب'],
  ['😀 Ship🚀it 👩‍💻', '😀 ship 🚀 it 👩 💻'],
  ['𝒜𝓑 𐍈𐍈', 'ab 𐍈𐍈'],
  ['x'.repeat(65), 'x'.repeat(64)],
  ['\ud83d broken \udc00', 'broken'],
  ['\ud83d 😀', '😀'],
];

describe('the words of a text', () => {
  it.each(TEXTS)('%j are %j', (text, runs) => {
    expect(
      compoundsOf(text)
        .map((compound) => compound.join('+'))
        .join(' '),
    ).toBe(runs);
  });

  it('P9: are none of them empty or longer than the limit, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        const odd = compoundsOf(text)
          .flat()
          .filter(({ length }) => length === 0 || length > 64);
        expect(odd).toEqual([]);
      }),
    );
  });
});
