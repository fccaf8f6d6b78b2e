// UrlMatchPattern of Insomnia's SDK: `http+https://*.example.com:80/*`, as certificates and proxies say which addresses they are for.
import { Property } from '../postman/property.ts';
import { type MemberKind, PropertyList } from '../postman/property-list.ts';
import { textOf } from '../text-of.ts';

const ALL = '<all_urls>';
const DEFAULT_PORTS: Readonly<Record<string, string>> = { http: '80', https: '443' };

interface Parts {
  readonly protocol: string;
  readonly host: string;
  readonly port: string;
  readonly path: string;
}

export class UrlMatchPattern extends Property {
  pattern: string;

  constructor(pattern: unknown) {
    super();
    this.pattern = textOf(pattern ?? '');
  }

  getProtocols(): string[] {
    if (this.pattern === ALL) return ['http', 'https', 'file'];
    const { protocol = '' } = partsOf(this.pattern) ?? {};
    return protocol === '' ? [] : protocol.split('+');
  }

  test(url: unknown): boolean {
    const parts = partsOf(textOf(url ?? ''));
    if (!parts || !this.testProtocol(parts.protocol)) return false;
    return this.testHost(parts.host) && this.testPort(parts.port, parts.protocol) && this.testPath(parts.path);
  }

  testProtocol(protocol: string): boolean {
    const protocols = this.getProtocols();
    return protocols.includes('*') || protocols.includes(protocol);
  }

  testHost(host: string): boolean {
    return this.#fits(host, ({ host: wanted }) => wanted);
  }

  testPath(path: string): boolean {
    return this.#fits(path, ({ path: wanted }) => wanted);
  }

  testPort(port: string, protocol: string): boolean {
    const usual = DEFAULT_PORTS[protocol] ?? '';
    return this.#fits(port || usual, ({ port: wanted }) => wanted || usual);
  }

  update(pattern: unknown): void {
    this.pattern = textOf(pattern ?? '');
  }

  override toString(): string {
    return this.pattern;
  }

  static readonly MATCH_ALL_URLS = ALL;
  static readonly PROTOCOL_DELIMITER = '+';

  #fits(text: string, part: (parts: Parts) => string): boolean {
    if (this.pattern === ALL) return true;
    const parts = partsOf(this.pattern);
    return parts !== undefined && isLike(text, part(parts));
  }
}

const patternKind: MemberKind<UrlMatchPattern> = {
  Type: UrlMatchPattern,
  key: 'pattern',
  create: (pattern) => new UrlMatchPattern(pattern),
};

export class UrlMatchPatternList extends PropertyList<UrlMatchPattern> {
  constructor(_parent?: unknown, patterns?: unknown) {
    super(patternKind, patterns);
  }

  test(url: unknown): boolean {
    return this.members.some((pattern) => pattern.test(url));
  }
}

function partsOf(url: string): Parts | undefined {
  const [, protocol, host = '', port = '', path = '/'] =
    /^([^:/]+):\/\/([^/:?#]*)(?::([^/?#]*))?(\/[^?#]*)?/.exec(url) ?? [];
  return protocol === undefined ? undefined : { protocol, host, port, path };
}

/** `*` stands for anything. */
function isLike(text: string, wanted: string): boolean {
  const [first = '', ...rest] = wanted.split('*');
  if (rest.length === 0) return text === wanted;
  const last = rest.pop() ?? '';
  if (!text.startsWith(first) || !text.endsWith(last)) return false;
  let at = first.length;
  for (const piece of rest) {
    const found = text.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return at <= text.length - last.length;
}
