import type { HttpSettings } from '../../../shared/config/http-settings.ts';
import { type Failure, failure } from '../../../shared/failure/failure.ts';
import { isLocal } from './address.ts';

type SafetyProblem =
  | { readonly kind: 'refused'; readonly failure: Failure }
  | { readonly kind: 'warned'; readonly problem: string };

interface ListenSettings
  extends Pick<HttpSettings, 'listen' | 'hosts' | 'trustedProxies' | 'oauth' | 'cloudflareAccess'> {
  readonly tls?: object;
}

type Rule = readonly [isBroken: (settings: ListenSettings, hasKeys: boolean) => boolean, problem: string];

const NOBODY: Rule = [
  ({ oauth, cloudflareAccess }, hasKeys) => !hasKeys && oauth.length === 0 && !cloudflareAccess,
  'nobody can call: there is no key (keyward access create NAME) and no issuer',
];

/** What an address that other machines reach asks for. */
const PUBLIC: readonly Rule[] = [
  NOBODY,
  [
    ({ hosts }) => hosts.length === 0,
    'an address that other machines reach needs hosts, the names that it is called by',
  ],
  [
    ({ tls, trustedProxies }) => !tls && trustedProxies.length === 0,
    'an address that other machines reach needs tls, or trustedProxies where a proxy speaks TLS for it',
  ],
];

/** Why these settings are not served (CONFIG/INVALID), or what to warn of; undefined where there is nothing to say. */
export function whyUnsafe(settings: ListenSettings, hasKeys: boolean): SafetyProblem | undefined {
  const local = isLocal(settings.listen);
  const broken = (local ? [NOBODY] : PUBLIC).find(([isBroken]) => isBroken(settings, hasKeys));
  if (!broken) return undefined;
  const [, problem] = broken;
  if (local) return { kind: 'warned', problem };
  return { kind: 'refused', failure: failure('CONFIG/INVALID', { file: 'http.yaml', problem }) };
}
