// Hosts of the URL standard: names, IPv4 in all its spellings, IPv6. Names are mapped by NFKC and lower case, without the tables of UTS 46.
import { percentDecode, percentEncode, percentSets } from './percent.ts';
import { encodePunycode } from './punycode.ts';

const forbiddenInHost = /[\0\t\n\r #/:<>?@[\\\]^|]/;
const forbiddenInDomain = /[\0-\x20#%/:<>?@[\\\]^|\x7f]/;
/** What UTS 46 leaves out of a name. */
const ignored = /\u00ad|\u034f|[\u180b-\u180f]|[\u200b\u2060\u2064]|[\ufe00-\ufe0f]|\ufeff/g;

/** The host as it is written; undefined where it is none. */
export function parseHost(text: string, isSpecial: boolean): string | undefined {
  if (text.startsWith('[')) return text.endsWith(']') ? bracketed(parseIpv6(text.slice(1, -1))) : undefined;
  if (!isSpecial) return forbiddenInHost.test(text) ? undefined : percentEncode(text, percentSets.control);
  const name = domainToAscii(percentDecode(text));
  if (name === undefined || name === '' || forbiddenInDomain.test(name)) return undefined;
  return endsInNumber(name) ? parseIpv4(name) : name;
}

function bracketed(pieces: readonly number[] | undefined): string | undefined {
  return pieces && `[${writeIpv6(pieces)}]`;
}

function domainToAscii(domain: string): string | undefined {
  const mapped = domain
    .replace(ignored, '')
    .replace(/\u1e9e/g, 'ss')
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFC');
  const labels = mapped.replace(/\u3002/g, '.').split('.');
  const ascii = labels.map(labelToAscii);
  return ascii.every((label) => label !== undefined) ? ascii.join('.') : undefined;
}

function labelToAscii(label: string): string | undefined {
  try {
    if (!/[^\0-\x7f]/.test(label)) return label;
    return isLabel(label) ? `xn--${encodePunycode(label)}` : undefined;
  } catch {
    return undefined;
  }
}

/** No mark at the beginning; no unassigned, private, control or replacement character. */
function isLabel(label: string): boolean {
  return !/^\p{M}|[\p{Cn}\p{Co}\p{Cc}\p{Cs}\ufffd\u200e\u200f\u202a-\u202e\u2066-\u2069]/u.test(label);
}

function endsInNumber(name: string): boolean {
  const labels = name.split('.');
  if (labels.at(-1) === '' && labels.length > 1) labels.pop();
  return /^(?:\d+|0x[0-9a-f]*)$/i.test(labels.at(-1) ?? '');
}

function parseIpv4(name: string): string | undefined {
  const labels = name.split('.');
  if (labels.at(-1) === '' && labels.length > 1) labels.pop();
  const numbers = labels.map(parseIpv4Number);
  if (labels.length > 4 || !numbers.every((number) => number !== undefined)) return undefined;
  const last = numbers.pop() ?? 0;
  if (numbers.some((number) => number > 255) || last >= 256 ** (4 - numbers.length)) return undefined;
  const address = numbers.reduce((sum, number, index) => sum + number * 256 ** (3 - index), last);
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}

function parseIpv4Number(text: string): number | undefined {
  if (/^0x[0-9a-f]*$/i.test(text)) return text.length === 2 ? 0 : Number.parseInt(text, 16);
  if (/^0[0-7]+$/.test(text)) return Number.parseInt(text, 8);
  return /^(?:0|[1-9]\d*)$/.test(text) ? Number(text) : undefined;
}

function parseIpv6(text: string): number[] | undefined {
  const [head = '', tail, ...more] = text.split('::');
  if (more.length > 0 || text === '') return undefined;
  const before = parsePieces(head, tail === undefined);
  const after = tail === undefined ? [] : parsePieces(tail, true);
  if (!before || !after) return undefined;
  const missing = 8 - before.length - after.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  return [...before, ...new Array<number>(missing).fill(0), ...after];
}

/** Pieces between colons; the last two may be written as an IPv4 address. */
function parsePieces(text: string, mayEndInIpv4: boolean): number[] | undefined {
  if (text === '') return [];
  const parts = text.split(':');
  const [, ...octets] = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$/.exec(parts.at(-1) ?? '') ?? [];
  const isIpv4 = mayEndInIpv4 && octets.length === 4 && octets.every((octet) => Number(octet) < 256);
  if (isIpv4) parts.pop();
  if (!parts.every((part) => /^[0-9a-f]{1,4}$/i.test(part))) return undefined;
  const [first = 0, second = 0, third = 0, fourth = 0] = octets.map(Number);
  const ending = isIpv4 ? [first * 256 + second, third * 256 + fourth] : [];
  return [...parts.map((part) => Number.parseInt(part, 16)), ...ending];
}

/** RFC 5952: the first of the longest runs of zeros, two or more, is `::`. */
function writeIpv6(pieces: readonly number[]): string {
  const text = pieces.map((piece) => piece.toString(16)).join(':');
  const runs = [...text.matchAll(/(?<![0-9a-f])0(?::0)+(?![0-9a-f])/g)];
  const longest = runs.reduce<RegExpExecArray | undefined>(
    (best, run) => (best && best[0].length >= run[0].length ? best : run),
    undefined,
  );
  if (!longest) return text;
  const before = text.slice(0, longest.index).replace(/:$/, '');
  const after = text.slice(longest.index + longest[0].length).replace(/^:/, '');
  return `${before}::${after}`;
}
