import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limits } from '../../../shared/limits.ts';
import { readableHtml } from '../../../shared/render/readable-html.ts';

/** Each between the same two words, so that what swallows the rest of a page shows. */
const rows: readonly [what: string, html: string, text: string][] = [
  ['words', ' a\n  <b>b</b>c <i>d</i>\u00a0e&nbsp;f ', 'a bc d e f'],
  ['headings', '<h1>One</h1><h3><div>Three</div></h3>', '# One\n\n### Three'],
  ['paragraphs', '<p>one<p>two</p>three', 'one\n\ntwo\n\nthree'],
  ['divisions', '<div>one</div><section>two<div></div></section>three', 'one\ntwo\nthree'],
  ['line breaks', 'a<br>b<br><br>c<br/><br/><br/>d', 'a\nb\n\nc\n\nd'],
  ['a rule', 'a<hr>b', 'a\n\n---\n\nb'],
  ['lists', '<ul><li>a<li>b<ul><li>c</ul><li><p>d</p></ul>', '- a\n- b\n  - c\n- d'],
  ['numbered lists', '<ol start=9><li>a<li>b</ol><ol start=x><li>c</ol>', '9. a\n10. b\n\n1. c'],
  ['terms', '<dl><dt>t<dd>d</dl>', 't\n: d'],
  ['quotes', '<blockquote>a<blockquote>b</blockquote></blockquote>c', '> a\n\n> > b\n\nc'],
  ['code', '<pre>a\n  b\n\nc</pre>d', 'a\n  b\n\nc\n\nd'],
  ['tables', '<table><tr><th>a<th>b<tr><td>c<p>d</p><td>e</table>', 'a | b\n--- | ---\nc d | e'],
  ['tables in tables', '<table><tr><td>a<table><tr><td>b<tr><td>c</table><td>d</table>', 'a\n\nb\nc\n\n| d'],
  ['cells for ever', '<table><tr><td colspan=1000000000 rowspan=1000000000>a</table>', 'a'],
  [
    'links',
    '<a href="/x?a=1&amp;b=2">x</a> <a href=y>y</a> <a href="#z">z</a> <a href="javascript:z()">z</a><a href=q></a>',
    'x </x?a=1&b=2> y z z',
  ],
  ['images', '<img src=a.png alt="A cat"><img src=b.png>', '[image: A cat]'],
  [
    'forms',
    '<input name=a value=v><input type=hidden name=h value=w><input type=checkbox checked>x<button>Go</button><input type=submit>',
    '[field a] [x] xGo [button: submit]',
  ],
  ['choices', '<select name=s><option>a<option>b</select>c', '[field s] a / b c'],
  ['many choices', `<select>${'<option>o'.repeat(22)}</select>c`, `[field ] ${'o / '.repeat(20)}2 more c`],
  ['a select without end', `<select>${'<option>o'.repeat(22)}<p>c`, `[field ] ${'o / '.repeat(20)}2 more\n\nc`],
  ['a title', '<title>a &amp; <b></title>b', 'Title: a & <b>\n\nb'],
  [
    'references',
    '&lt;&#65;&#x41;&amp;lt;&bogus;&copy 2&euro;&#128;&#0;&#x110000;&Omega;',
    '<AA&lt;&bogus;© 2€€\ufffd\ufffdΩ',
  ],
  ['scripts and styles', '<script>a<b>"</scr"</script><style>p{}</style><noscript>b</noscript>', 'b'],
  ['a script without end', 'a<script>b', 'a'],
  [
    'templates and drawings',
    '<template><p>a</p></template><svg><text>b</text></svg><iframe>c</iframe><canvas>d</canvas>e',
    'e',
  ],
  ['comments', 'a<!-- <b> -- > -->b<!-->c<!doctype x>d<?php e?>f</ g>h', 'abcdfh'],
  ['a comment without end', 'a<!-- b', 'a'],
  [
    'what is hidden',
    '<p hidden>a<p>b<div style="color:red; display : none">c<div>d</div></div><div hidden=until-found>e</div>f',
    'b\nf',
  ],
  ['hidden items', '<ul><li hidden>a<ul><li>b</ul>c<li>d</ul>', '- d'],
  ['hidden rows', '<table><tr hidden><td>a<tr><td>b</table>', 'b'],
  ['hidden elements without end', 'a<div hidden>b<p>c', 'a'],
  ['void elements that are hidden', '<img hidden alt=a>b<br hidden>c', 'bc'],
  ['closed dialogs', '<dialog>a</dialog><dialog open>b</dialog>', 'b'],
  ['letters that nobody sees', 'a\u200bb\u00adc\u202ed\ufeff\u{e0041}e', 'abcde'],
  ['tags that are none', 'a < b <3 </> <', 'a < b <3 <'],
  ['a tag without end', 'a<b class="x', 'a'],
  ['attributes of all kinds', `<a HREF='/x' href=/y =z data-a>t</a>`, 't </x>'],
  ['names of objects', '<constructor>a</constructor><valueOf>b</valueOf><a href=/x toString=1>c</a>', 'abc </x>'],
  ['end tags without start', '</ul></table></blockquote></pre></a></tr>a', 'a'],
];

describe('HTML as text', () => {
  it.each(rows)('%s', (_, html, text) => {
    expect(readableHtml(`<p>(</p>${html}<p>`)?.replace(/^\(\n\n/, '')).toBe(text);
  });

  it.each(['', '  ', '<div></div>', '<script>a</script>'])('%j has none', (html) => {
    expect(readableHtml(html)).toBeUndefined();
  });

  it('P12: is bounded by the length of the document, and by a limit', () => {
    const page = (chars: number) => 'a '.repeat(chars / 2);
    expect(readableHtml(page(limits.readableHtmlChars))).toBeDefined();
    expect(readableHtml(page(limits.readableHtmlChars + 2))).toBeUndefined();
    expect(readableHtml('<ol><li>x'.repeat(10_000))).toBeUndefined();
  });

  const hostile = [
    '<div>',
    '<b>',
    '<table><tr><td>x',
    '<',
    '<!',
    '</',
    '<a b="',
    '<p style="display',
    '<select><option>',
    '<li hidden><ul>',
    '&#',
  ];
  it.each(hostile)('P12: %s again and again takes no stack', (unit) => {
    const html = unit.repeat(Math.floor(200_000 / unit.length));
    expect(readableHtml(html)?.length ?? 0).toBeLessThanOrEqual(html.length);
  });

  it('P9: takes whatever is given', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '<',
        '>',
        '</',
        '"',
        "'",
        '=',
        '/',
        '<!--',
        '-->',
        '&',
        '<table>',
        '<tr>',
        '<td>',
        '<li>',
        '<p hidden>',
        '</p>',
        '<pre>',
        '<select><option>',
        '<script>',
        '<a href=',
      ),
      fc.string({ maxLength: 6 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const html = pieces.join('');
        expect(readableHtml(html)?.length ?? 0).toBeLessThanOrEqual(html.length);
      }),
    );
  });
});
