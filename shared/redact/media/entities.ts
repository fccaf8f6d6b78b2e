// Character references of HTML and XML, as far as field values need them.

const named: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
  colon: ':',
  equals: '=',
  lbrace: '{',
  lcub: '{',
  rcub: '}',
  lbrack: '[',
  lsqb: '[',
  rsqb: ']',
  comma: ',',
  sol: '/',
  num: '#',
  commat: '@',
  plus: '+',
  lowbar: '_',
  hyphen: '-',
  period: '.',
  Tab: '\t',
  NewLine: '\n',
};

/** The text with its character references undone; unknown ones stay. */
export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(
    /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]{2,10}));?/gi,
    (whole, hex?: string, digits?: string, name: string = '') => {
      if (hex === undefined && digits === undefined)
        return (Object.hasOwn(named, name) ? named[name] : undefined) ?? whole;
      const point = hex === undefined ? Number(digits) : Number.parseInt(hex, 16);
      return point > 0x10ffff ? '\ufffd' : String.fromCodePoint(point);
    },
  );
}

const marks: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** The text as it may stand in an element or between the quotes of an attribute. */
export function encodeEntities(text: string): string {
  return text.replace(/[&<>"']/g, (mark) => marks[mark] ?? mark);
}
