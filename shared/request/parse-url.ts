/**
 * What the WHATWG parser makes of a URL; undefined where it makes nothing of it. `URL.canParse` is not asked: in Node 20, once it is hot, it
 * takes the bytes of a Latin-1 text for UTF-8 and refuses `https://bücher.example`.
 */
export function parseUrl(text: string, base?: string): URL | undefined {
  try {
    return new URL(text, base);
  } catch {
    return undefined;
  }
}
