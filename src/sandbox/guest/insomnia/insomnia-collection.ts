// `require('insomnia-collection')`: the classes of Postman's SDK, and those that Insomnia has beside them.
import { collectionSdk } from '../postman/collection-sdk.ts';
import { fieldOf, Property } from '../postman/property.ts';
import { Request } from '../postman/request.ts';
import { Certificate } from './certificate.ts';
import { ProxyConfig, ProxyConfigList } from './proxy-config.ts';
import { UrlMatchPattern, UrlMatchPatternList } from './url-match-pattern.ts';

class NamedProperty extends Property {
  constructor(id?: unknown, name?: unknown, disabled?: unknown, info?: unknown) {
    super({ id: fieldOf(info, 'id') ?? id, name: fieldOf(info, 'name') ?? name, disabled: disabled ?? false });
  }
}

class TransportRequest extends Request {
  declare proxy?: ProxyConfig;
  declare certificate?: Certificate;

  constructor(definition?: unknown) {
    super(definition);
    const proxy = fieldOf(definition, 'proxy');
    if (proxy) this.proxy = new ProxyConfig(proxy);
    const certificate = fieldOf(definition, 'certificate');
    if (certificate) this.certificate = new Certificate(certificate);
  }

  override clone(): Request {
    return new TransportRequest(this.toJSON());
  }
}

export const insomniaCollection: Readonly<Record<string, unknown>> = {
  ...collectionSdk,
  Certificate,
  Property: NamedProperty,
  PropertyBase: NamedProperty,
  ProxyConfig,
  ProxyConfigList,
  Request: TransportRequest,
  UrlMatchPattern,
  UrlMatchPatternList,
};
