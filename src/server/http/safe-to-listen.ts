import type { HttpSettings } from '../../../shared/config/http-settings.ts';
import { isLocal } from './address.ts';

export type SafetyProblem = { readonly kind: 'refused' | 'warned'; readonly problem: string };

type ListenSettings = Pick<HttpSettings, 'listen' | 'hosts' | 'tls' | 'trustedProxies' | 'oauth' | 'cloudflareAccess'>;

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

/** Why these settings are not served, or what to warn of; undefined where there is nothing to say. */
export function whyUnsafe(settings: ListenSettings, hasKeys: boolean): SafetyProblem | undefined {
  const local = isLocal(settings.listen);
  const broken = (local ? [NOBODY] : PUBLIC).find(([isBroken]) => isBroken(settings, hasKeys));
  return broken && { kind: local ? 'warned' : 'refused', problem: broken[1] };
}
