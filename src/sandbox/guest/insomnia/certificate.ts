// Certificate of Insomnia's SDK. It is data for scripts to read and change: which certificate a connection shows is the operator's to say.
import { fieldOf, jsonOf, Property } from '../postman/property.ts';
import { UrlMatchPatternList } from './url-match-pattern.ts';

export class Certificate extends Property {
  matches = new UrlMatchPatternList();
  /** Files, as `{ src }`. */
  key: unknown;
  cert: unknown;
  pfx: unknown;
  passphrase: unknown;

  constructor(definition?: unknown) {
    super(definition);
    this.update(definition);
  }

  /** Whether it is disabled stays as it is. */
  update(definition: unknown): void {
    const name = fieldOf(definition, 'name');
    if (typeof name === 'string') this.name = name;
    else delete this.name;
    const matches = fieldOf(definition, 'matches');
    this.matches = new UrlMatchPatternList(undefined, matches);
    this.key = fieldOf(definition, 'key');
    this.cert = fieldOf(definition, 'cert');
    this.pfx = fieldOf(definition, 'pfx');
    this.passphrase = fieldOf(definition, 'passphrase');
  }

  canApplyTo(url: unknown): boolean {
    return this.matches.test(url);
  }

  override toJSON(): Record<string, unknown> {
    const { matches, ...rest } = this;
    return { ...jsonOf(rest), matches: matches.members.map(String) };
  }

  static isCertificate(value: unknown): boolean {
    return value instanceof Certificate;
  }
}
