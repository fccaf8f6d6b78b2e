// ProxyConfig of Insomnia's SDK. It is data for scripts to read and change: the way to a server is the operator's to say.
import { fieldOf, Property } from '../postman/property.ts';
import { type MemberKind, PropertyList } from '../postman/property-list.ts';
import { textOf } from '../text-of.ts';
import { UrlMatchPattern } from './url-match-pattern.ts';

export class ProxyConfig extends Property {
  host: unknown;
  match: unknown;
  port: unknown;
  tunnel: unknown;
  authenticate: unknown;
  username: unknown;
  password: unknown;
  bypass: unknown;
  protocol: unknown;

  constructor(definition?: unknown) {
    super(definition);
    this.disabled ??= false;
    this.bypass = fieldOf(definition, 'bypass') ?? [];
    this.protocol = fieldOf(definition, 'protocol') ?? 'http:';
    this.update(definition);
  }

  /** What is bypassed and the protocol stay as they are. */
  update(definition: unknown): void {
    this.host = fieldOf(definition, 'host');
    this.match = fieldOf(definition, 'match');
    this.port = fieldOf(definition, 'port');
    this.tunnel = fieldOf(definition, 'tunnel');
    this.authenticate = fieldOf(definition, 'authenticate');
    this.username = fieldOf(definition, 'username');
    this.password = fieldOf(definition, 'password');
  }

  updateProtocols(): never {
    throw new Error('updateProtocols is not supported in Insomnia');
  }

  getProtocols(): string[] {
    return new UrlMatchPattern(this.match).getProtocols();
  }

  getProxyUrl(): string {
    const user = this.authenticate ? `${textOf(this.username)}:${textOf(this.password)}@` : '';
    const port = this.port === undefined ? '' : `:${textOf(this.port)}`;
    return `${textOf(this.protocol)}//${user}${textOf(this.host)}${port}`;
  }

  test(url?: unknown): boolean {
    if (!url || (Array.isArray(this.bypass) && this.bypass.includes(url))) return false;
    return new UrlMatchPattern(this.match).test(url);
  }

  static isProxyConfig(value: unknown): boolean {
    return value instanceof ProxyConfig;
  }
}

const proxyKind: MemberKind<ProxyConfig> = {
  Type: ProxyConfig,
  key: 'match',
  create: (definition) => new ProxyConfig(definition),
};

export class ProxyConfigList extends PropertyList<ProxyConfig> {
  constructor(_parent?: unknown, configs?: unknown) {
    super(proxyKind, configs);
  }

  /** That of the first which is for the URL. */
  resolve(url?: unknown): Record<string, unknown> | null {
    const text = url ? String(url as string) : '';
    return this.members.find((config) => config.test(text))?.toJSON() ?? null;
  }

  static isProxyConfigList(value: unknown): boolean {
    return value instanceof ProxyConfigList;
  }
}
