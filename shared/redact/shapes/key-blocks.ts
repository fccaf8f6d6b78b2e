// Keys that are texts of several lines: PEM (RFC 7468), OpenPGP, SSH, PuTTY; and tokens in segments: JWT, JWS and JWE (RFC 7519).
import type { Finder } from './finder.ts';
import { isTokenCode } from './finder.ts';

const BEGIN = /-{4,5} ?BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)? ?-{4,5}/y;

/** Private keys; without its end line a key is taken to the end of the text. */
const privateKey: Finder = {
  heads: ['-{4} BEGIN ', '-{5}BEGIN '],
  inside: true,
  find: ({ text }, at) => {
    BEGIN.lastIndex = at;
    const begin = BEGIN.exec(text);
    return begin ? { start: at, end: endOfKey(text, at + begin[0].length) } : undefined;
  },
};

// The lines between may be escaped, folded or missing, so only the end line counts.
function endOfKey(text: string, from: number): number {
  const end = /-{4,5} ?END [A-Z0-9 ]{0,40}-{4,5}/g;
  end.lastIndex = from;
  const found = end.exec(text);
  return found ? found.index + found[0].length : text.length;
}

/** The private half of a PuTTY key file. */
const puttyKey: Finder = {
  heads: ['Private-Lines: '],
  inside: true,
  find: ({ text }, at) => {
    const start = at + 'Private-Lines: '.length;
    const mac = /Private-(?:MAC|Hash): ?[0-9a-f]{1,128}/g;
    mac.lastIndex = start;
    const found = mac.exec(text);
    return text.startsWith('[', start)
      ? undefined
      : { start, end: found ? found.index + found[0].length : text.length };
  },
};

/** `eyJ…` with one to four segments behind it; that of an encrypted key may be empty. */
const jwt: Finder = {
  heads: ['eyJ[A-Za-z0-9_-]{8}'],
  find: ({ text }, at) => {
    let end = endOfSegment(text, at);
    let longest = 0;
    for (let segments = 0; segments < 4 && text.charCodeAt(end) === 0x2e; segments += 1) {
      const next = endOfSegment(text, end + 1);
      longest = Math.max(longest, next - end - 1);
      end = next;
    }
    return longest >= 4 ? { start: at, end } : undefined;
  },
};

function endOfSegment(text: string, from: number): number {
  let end = from;
  while (isTokenCode(text.charCodeAt(end))) end += 1;
  return end;
}

const MEDIA = /data:(?:image|font|audio|video)\/[\w.+-]{1,40};base64,[A-Za-z0-9+/=]*/y;

/** Embedded media is passed over: among so many letters some look like a key. */
const embeddedMedia: Finder = {
  heads: ['data:image/', 'data:font/', 'data:audio/', 'data:video/'],
  find: ({ text }, at) => {
    MEDIA.lastIndex = at;
    const end = at + (MEDIA.exec(text)?.[0].length ?? 0);
    return end > at ? { start: end, end } : undefined;
  },
  peek: () => false,
};

export const keyBlocks: readonly Finder[] = [privateKey, puttyKey, jwt, embeddedMedia];
