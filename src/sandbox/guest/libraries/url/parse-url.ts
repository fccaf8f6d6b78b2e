// The parser of the URL standard, part by part: each takes what is its own from the beginning of the text.
import { parseHost } from './host.ts';
import { percentEncode, percentSets } from './percent.ts';
import { defaultPorts, isSpecial, type UrlRecord } from './url-record.ts';

const driveLetter = /^[a-z][:|]$/i;
const driveStart = /^[a-z][:|](?:[/\\?#]|$)/i;

/** Undefined where the text is no URL, or a relative one without a base. */
export function parseUrl(input: string, base?: UrlRecord): UrlRecord | undefined {
  const text = input.replace(/^[\0-\x20]+|[\0-\x20]+$/g, '').replace(/[\t\n\r]/g, '');
  const [scheme, rest] = splitScheme(text);
  if (scheme === undefined) return base && parseRelative(text, base);
  const url: UrlRecord = { ...emptyUrl, scheme, path: [] };
  if (scheme === 'file') return parseFile(rest, url, base?.scheme === 'file' ? base : undefined);
  if (isSpecial(scheme)) {
    if (base?.scheme === scheme && !/^[/\\]{2}/.test(rest) && !/^\/\//.test(rest)) return parseAfterScheme(rest, base);
    return parseAuthority(rest.replace(/^[/\\]*/, ''), url);
  }
  if (rest.startsWith('//')) return parseAuthority(rest.slice(2), url);
  if (rest.startsWith('/')) return parsePath(rest, url);
  return parseOpaquePath(rest, url);
}

const emptyUrl = {
  scheme: '',
  username: '',
  password: '',
  host: undefined,
  port: '',
  path: [],
  query: undefined,
  fragment: undefined,
};

function splitScheme(text: string): [string | undefined, string] {
  const [whole, scheme] = /^([a-z][a-z0-9+.-]*):/i.exec(text) ?? [];
  return whole === undefined || scheme === undefined
    ? [undefined, text]
    : [scheme.toLowerCase(), text.slice(whole.length)];
}

function parseRelative(text: string, base: UrlRecord): UrlRecord | undefined {
  if (typeof base.path === 'string') {
    if (!text.startsWith('#')) return undefined;
    return withEnd({ ...base }, undefined, text.slice(1), base.query);
  }
  return base.scheme === 'file'
    ? parseFile(text, { ...emptyUrl, scheme: 'file', path: [] }, base)
    : parseAfterScheme(text, base);
}

function parseAfterScheme(text: string, base: UrlRecord): UrlRecord | undefined {
  const special = isSpecial(base.scheme);
  const slash = special ? /^[/\\]/ : /^\//;
  const slashes = special ? /^[/\\]{2}/ : /^\/\//;
  if (slashes.test(text)) {
    const rest = special ? text.replace(/^[/\\]+/, '') : text.slice(2);
    return parseAuthority(rest, { ...emptyUrl, scheme: base.scheme, path: [] });
  }
  if (slash.test(text)) return parsePath(text, { ...base, path: [] });
  return parseOnBase(text, base);
}

/** The base's path without its last segment, unless nothing stands in place of it. */
function parseOnBase(text: string, base: UrlRecord): UrlRecord {
  const path = [...base.path];
  if (text === '' || text.startsWith('?') || text.startsWith('#')) {
    const [, query, fragment] = splitEnd(text);
    return withEnd({ ...base, path }, query, fragment, query === undefined ? base.query : undefined);
  }
  const isDrive = base.scheme === 'file' && path.length === 1 && /^[a-z]:$/i.test(path[0] ?? '');
  if (!isDrive) path.pop();
  return parsePath(`/${text}`, { ...base, path });
}

/** Text behind `scheme:` of a file, or relative to one. */
function parseFile(text: string, url: UrlRecord, base: UrlRecord | undefined): UrlRecord | undefined {
  const file: UrlRecord = { ...url, host: '' };
  const drive = typeof base?.path === 'object' && /^[a-z]:$/i.test(base.path[0] ?? '') ? [base.path[0] ?? ''] : [];
  if (/^[/\\]{2}/.test(text)) return parseFileHost(text.slice(2), file);
  if (/^[/\\]/.test(text)) {
    const kept = driveStart.test(text.slice(1)) ? [] : drive;
    return parsePath(text, { ...file, host: base?.host ?? '', path: kept });
  }
  if (base === undefined) return parsePath(`/${text}`, file);
  if (driveStart.test(text)) return parsePath(`/${text}`, { ...file, host: base.host ?? '' });
  return parseOnBase(text, base);
}

function parseFileHost(text: string, file: UrlRecord): UrlRecord | undefined {
  const [name = ''] = /^[^/\\?#]*/.exec(text) ?? [];
  if (driveLetter.test(name)) return parsePath(`/${text}`, file);
  const host = name === '' ? '' : parseHost(name, true);
  if (host === undefined) return undefined;
  return parsePath(withSlash(text.slice(name.length)), { ...file, host: host === 'localhost' ? '' : host });
}

function parseAuthority(text: string, url: UrlRecord): UrlRecord | undefined {
  const special = isSpecial(url.scheme);
  const [authority = ''] = (special ? /^[^/\\?#]*/ : /^[^/?#]*/).exec(text) ?? [];
  const at = authority.lastIndexOf('@');
  const [, username = '', password = ''] = /^([^:]*):?([\s\S]*)$/.exec(authority.slice(0, Math.max(0, at))) ?? [];
  const place = authority.slice(at + 1);
  const [, name = '', port] = /^((?:\[[^\]]*\]|[^:[\]])*)(?::(\d*))?$/.exec(place) ?? [];
  if (!/^((?:\[[^\]]*\]|[^:[\]])*)(?::(\d*))?$/.test(place) || Number(port ?? 0) > 65_535) return undefined;
  if (name === '' && (special || at >= 0 || port !== undefined)) return undefined;
  const host = name === '' ? '' : parseHost(name, special);
  if (host === undefined) return undefined;
  const number = port ? String(Number(port)) : '';
  return parsePath(withSlash(text.slice(authority.length), special), {
    ...url,
    username: percentEncode(username, percentSets.userinfo),
    password: percentEncode(password, percentSets.userinfo),
    host,
    port: number === defaultPorts[url.scheme] ? '' : number,
  });
}

function withSlash(text: string, isNeeded = true): string {
  return isNeeded && !/^[/\\]/.test(text) ? `/${text}` : text;
}

/** Text that begins with a slash, or with what follows a path. Segments are added to those that the URL has. */
function parsePath(text: string, url: UrlRecord): UrlRecord {
  const [pathPart, query, fragment] = splitEnd(text);
  const special = isSpecial(url.scheme);
  const segments = typeof url.path === 'string' ? [] : [...url.path];
  const raw = pathPart === '' ? [] : pathPart.slice(1).split(special ? /[/\\]/ : '/');
  for (const [index, segment] of raw.entries()) {
    const isDots = isDoubleDot(segment) || isSingleDot(segment);
    if (isDoubleDot(segment)) shorten(segments, url.scheme);
    if (!isDots) segments.push(segmentText(segment, segments, url.scheme));
    else if (index === raw.length - 1) segments.push('');
  }
  return withEnd({ ...url, path: segments }, query, fragment);
}

function segmentText(segment: string, before: readonly string[], scheme: string): string {
  if (scheme === 'file' && before.length === 0 && driveLetter.test(segment)) return `${segment.slice(0, 1)}:`;
  return percentEncode(segment, percentSets.path);
}

function shorten(segments: string[], scheme: string): void {
  if (scheme === 'file' && segments.length === 1 && /^[a-z]:$/i.test(segments[0] ?? '')) return;
  segments.pop();
}

const isSingleDot = (segment: string) => /^(?:\.|%2e)$/i.test(segment);
const isDoubleDot = (segment: string) => /^(?:\.|%2e){2}$/i.test(segment);

function parseOpaquePath(text: string, url: UrlRecord): UrlRecord {
  const [pathPart, query, fragment] = splitEnd(text);
  const hasEnd = query !== undefined || fragment !== undefined;
  // A space before the query would be lost where the query is taken away.
  const path = percentEncode(pathPart, percentSets.control);
  return withEnd({ ...url, path: hasEnd ? path.replace(/ $/, '%20') : path }, query, fragment);
}

function splitEnd(text: string): [string, string | undefined, string | undefined] {
  const [, path = '', query, fragment] = /^([^?#]*)(?:\?([^#]*))?(?:#([\s\S]*))?$/.exec(text) ?? [];
  return [path, query, fragment];
}

function withEnd(
  url: UrlRecord,
  query: string | undefined,
  fragment: string | undefined,
  keptQuery?: string,
): UrlRecord {
  const set = isSpecial(url.scheme) ? percentSets.specialQuery : percentSets.query;
  return {
    ...url,
    query: query === undefined ? keptQuery : percentEncode(query, set),
    fragment: fragment === undefined ? undefined : percentEncode(fragment, percentSets.fragment),
  };
}
