// The parts of a request that scripts of Insomnia read and change, and that here the operator decides: a change is noted, and not followed.
import { fieldOf } from '../postman/property.ts';
import type { Run } from '../run.ts';
import { Certificate } from './certificate.ts';
import { ProxyConfig } from './proxy-config.ts';

const names = ['proxy', 'certificate'] as const;

export interface OperatorsParts {
  readonly proxy: ProxyConfig;
  readonly certificate: Certificate;
}

/** As they are where nothing is configured. */
export function operatorsParts(): OperatorsParts {
  const proxy = { match: '<all_urls>', host: '', tunnel: false, disabled: true, authenticate: false };
  const none = { src: '' };
  return {
    proxy: new ProxyConfig({ ...proxy, username: '', password: '' }),
    certificate: new Certificate({ name: 'Default Certificate', key: none, cert: none, pfx: none, passphrase: '' }),
  };
}

/** Notes those that a request has otherwise; one that is taken away changes nothing. */
export function noteOperatorsParts(run: Run, request: unknown, api: string): void {
  const untouched = operatorsParts();
  const { unsupported } = run.gathered;
  for (const name of names) {
    const part = fieldOf(request, name);
    const label = `${api}.${name}`;
    if (!part || JSON.stringify(part) === JSON.stringify(untouched[name]) || unsupported.includes(label)) continue;
    unsupported.push(label);
  }
}
