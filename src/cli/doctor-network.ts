// The doctor's look at the ways out: the proxy, certificates that are not checked, and handles that connections take.
import type { NetworkPolicy } from '../../shared/policy/policy.ts';
import { type ProxyAddress, parseProxy } from '../../shared/policy/proxy-address.ts';
import { clientHandles } from '../../shared/policy/transport.ts';
import { originAllowed } from '../../shared/secret/binding.ts';
import type { HandleInfo } from '../../shared/secret/secret-ref.ts';
import type { Finding } from './doctor.ts';
import type { Parts } from './parts.ts';

/** Nothing where no trusted configuration says anything of connections. */
export async function checkNetwork(parts: Parts): Promise<Finding[]> {
  const config = await parts.config();
  if (!config.ok) return [];
  const { network } = config.value.policy;
  const proxy = network.proxy === undefined ? undefined : parseProxy(network.proxy);
  const needed = neededBy(network, proxy?.ok ? proxy.value : undefined);
  const vault = needed.length > 0 ? await parts.vault() : undefined;
  const listed = vault?.ok ? vault.value.list() : undefined;
  return [
    ...(network.proxy === undefined ? [] : [throughProxy(network)]),
    ...unchecked(network),
    ...(listed?.ok ? needed.flatMap((need) => checkHandle(need, listed.value)) : []),
  ];
}

function throughProxy({ proxy, proxyCredentials, noProxy = [] }: NetworkPolicy): Finding {
  const login = proxyCredentials ? `, with the password {{vault:${proxyCredentials.password}}}` : '';
  const direct = noProxy.length > 0 ? `, but not to ${noProxy.join(', ')}` : '';
  return { state: 'ok', about: 'proxy', detail: `${proxy}${login}${direct}; names are resolved here` };
}

function unchecked({ tls = [] }: NetworkPolicy): Finding[] {
  return tls
    .filter(({ verify }) => verify === false)
    .map(({ origin }) => ({
      state: 'warning',
      about: 'certificate',
      detail: `that of ${origin} is NOT checked (verify: false): whoever is on the way can read and change everything`,
      fix: 'Name its authority under network.tls.origins as ca, and take verify: false out.',
    }));
}

interface Need {
  readonly name: string;
  readonly origin: string;
  readonly by: string;
}

function neededBy({ tls = [], proxyCredentials }: NetworkPolicy, proxy: ProxyAddress | undefined): Need[] {
  const keys = tls.flatMap(({ origin, client }) =>
    clientHandles(client).map((name) => ({ name, origin, by: 'network.tls.origins' })),
  );
  if (!proxyCredentials || !proxy) return keys;
  const { username, password } = proxyCredentials;
  const names = 'handle' in username ? [username.handle, password] : [password];
  return [...keys, ...names.map((name) => ({ name, origin: proxy.origin, by: 'network.proxyCredentials' }))];
}

function checkHandle({ name, origin, by }: Need, known: readonly HandleInfo[]): Finding[] {
  const found = known.find((info) => info.name === name);
  const about = 'secret';
  if (!found) {
    const fix = `keyward secrets set ${name} --origin ${origin}`;
    return [{ state: 'problem', about, detail: `{{vault:${name}}} is not in the vault; needed by ${by}`, fix }];
  }
  if (originAllowed(found.origins, origin)) return [];
  const fix = `keyward secrets bind ${name} --origin ${origin}`;
  return [{ state: 'problem', about, detail: `{{vault:${name}}} is not bound to ${origin}; needed by ${by}`, fix }];
}
