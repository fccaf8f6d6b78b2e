// The Forwarded header (RFC 7239 section 4).

/** Of one proxy: whom it saw. */
export interface ForwardedElement {
  readonly for?: string;
}

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const PAIR = new RegExp(`[ \\t]*(?:(${TOKEN})=(?:(${TOKEN})|"((?:[^"\\\\]|\\\\.)*)"))?[ \\t]*([;,]|$)`, 'y');

/** The elements from left to right, empty ones left out; undefined for a text that is not of this form, or names something twice. */
export function parseForwarded(text: string): readonly ForwardedElement[] | undefined {
  const elements: ForwardedElement[] = [];
  let element = createElement();
  for (PAIR.lastIndex = 0; PAIR.lastIndex <= text.length; ) {
    const found = PAIR.exec(text);
    if (!found) return undefined;
    const [, name, token, quoted, end] = found;
    const key = name?.toLowerCase();
    if (key !== undefined) {
      if (Object.hasOwn(element, key)) return undefined;
      element[key] = token ?? quoted?.replace(/\\(.)/g, '$1') ?? '';
    }
    if (end === ';') continue;
    if (Object.keys(element).length > 0) elements.push(element);
    element = createElement();
    if (end === '') return elements;
  }
  return elements;
}

/** Without anything inherited: a name can be `__proto__`. */
function createElement(): Record<string, string> {
  return Object.create(null) as Record<string, string>;
}
