// What reading back a script's texts may cost is bounded before secrets are looked for in them.
import { describe, expect, it } from 'vitest';
import { limits } from '../../../shared/limits.ts';
import { createLiveText } from '../../../shared/script/live-text.ts';
import { readSealed } from '../../../shared/script/read-back.ts';
import { readScriptUrl } from '../../../shared/script/url-text.ts';
import { lexTemplate, plainTemplate } from '../../../shared/template/lex.ts';

const open = () => createLiveText('0123456789abcdef0123456789abcdef');
const most = limits.scriptTextMarks;
const TOO_MUCH = { ok: false, failure: { code: 'SCRIPT/OUTPUT_LIMIT' } };

describe('a script’s text', () => {
  it.each(['{', '[', '(', '<', '=', ':', ';', '&'])('may have so many marks and no more: %s', (mark) => {
    const sealed: string[] = [];
    const read = (text: string) =>
      readSealed(text, open(), 'body', (given) => {
        sealed.push(given);
        return plainTemplate(given);
      });
    expect(read(`a${mark.repeat(most)}b`)).toMatchObject({ ok: true });
    expect(read(`a${mark.repeat(most + 1)}b`)).toMatchObject(TOO_MUCH);
    expect(sealed).toHaveLength(1);
  });

  it('has them together with all others of its phase', () => {
    const live = open();
    const half = ':'.repeat(most / 2);
    const read = (text: string) => readSealed(text, live, 'header', lexTemplate);
    expect([read(half), read(half), read('a:b')]).toMatchObject([{ ok: true }, { ok: true }, TOO_MUCH]);
  });

  it('is no address with more of them', () => {
    const url = { address: `http://a.test/?${'a&'.repeat(most)}`, query: [], pathVariables: [] };
    expect(readScriptUrl(url, open())).toMatchObject(TOO_MUCH);
  });
});
