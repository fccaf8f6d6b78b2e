// What the elements of HTML are to a text: what begins a line of its own, and what is not shown.
import type { Attributes } from './html-tokens.ts';

const set = (names: string): ReadonlySet<string> => new Set(names.split(' '));

/** They begin and end a line. */
export const lines = set(
  'address article aside body center dd details dialog div dt fieldset figcaption figure footer form header html legend li main nav optgroup search section summary tr',
);
/** They stand between empty lines. */
export const paragraphs = set('blockquote dl h1 h2 h3 h4 h5 h6 menu ol p pre table ul');

export const voids = set('area base br col embed hr img input link meta param source track wbr');

const HIDDEN = set(
  'applet area audio base canvas colgroup datalist embed iframe link map math meta noembed noframes object param script source style svg template track video',
);
const HIDING_STYLE =
  /(?:^|[;\s])(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|font-size\s*:\s*0(?![.\d]))/i;

/** Whether a browser shows nothing of this element, as far as the element itself says. */
export function isHidden(name: string, attributes: Attributes): boolean {
  if (HIDDEN.has(name) || attributes.has('hidden')) return true;
  if (name === 'dialog' && !attributes.has('open')) return true;
  return HIDING_STYLE.test(attributes.get('style') ?? '');
}

/** Start tags that end an element which has no end tag (WHATWG HTML section 13.1.2.4). */
const endedBy: Readonly<Record<string, ReadonlySet<string>>> = {
  p: new Set([...lines, ...paragraphs, 'hr', 'li', 'td', 'th', 'dd']),
  li: set('li'),
  dt: set('dt dd'),
  dd: set('dt dd'),
  tr: set('tr tbody tfoot'),
  td: set('td th tr tbody tfoot'),
  th: set('td th tr tbody tfoot'),
  option: set('option optgroup'),
};
const parents: Readonly<Record<string, ReadonlySet<string>>> = {
  p: set('div section article main aside body html td th li blockquote form header footer'),
  li: set('ul ol menu'),
  dt: set('dl'),
  dd: set('dl'),
  tr: set('table tbody thead tfoot'),
  td: set('tr table tbody thead tfoot'),
  th: set('tr table tbody thead tfoot'),
  option: set('select optgroup datalist'),
};

/** Whether the start tag of `next` ends the element `name`. */
export function endsAtStart(name: string, next: string): boolean {
  return endedBy[name]?.has(next) ?? false;
}

/** Whether `name` ends where an element `parent` that it stands in ends. */
export function standsIn(name: string, parent: string): boolean {
  return parents[name]?.has(parent) ?? false;
}
