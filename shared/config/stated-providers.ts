import { limits } from '../limits.ts';
import type { ExecProvider, ProviderPolicy, VaultLogin, VaultProvider } from '../policy/provider-policy.ts';
import { parseOrigin } from '../secret/binding.ts';
import { handleReferenceName } from '../secret/handle-reference.ts';
import type { ProvidersConfig } from './providers-schema.ts';

type ExecConfig = NonNullable<ProvidersConfig['exec']>[number];
type VaultConfig = NonNullable<ProvidersConfig['vault']>[number];

/** The providers that a configuration defines, with every default filled in. */
export function statedProviders({ exec = [], vault = [] }: ProvidersConfig = {}): ProviderPolicy {
  return { exec: exec.map(execProvider), vault: vault.flatMap(vaultProvider) };
}

/** What trusting the providers means, one line each. */
export function providerLoosenings(config: ProvidersConfig | undefined): string[] {
  const { exec, vault } = statedProviders(config);
  return [
    ...exec.map(({ name, program, arguments: words, environment }) => {
      const passed = environment.length > 0 ? ` (with ${environment.join(', ')})` : '';
      return `providers.exec: ${name} runs ${[program, ...words.map(quoted)].join(' ')}${passed}`;
    }),
    ...vault.map(({ name, origin, mount, login }) => {
      const credential = login.kind === 'token' ? login.token : login.secretId;
      return `providers.vault: ${name} reads ${mount} of ${origin} with {{vault:${credential}}}`;
    }),
  ];
}

function quoted(word: string): string {
  return /^[\w./:@=+,{}-]+$/.test(word) ? word : JSON.stringify(word);
}

function execProvider(config: ExecConfig): ExecProvider {
  return {
    name: config.name,
    program: config.program,
    arguments: config.arguments ?? [],
    ...(config.input === undefined ? {} : { input: config.input }),
    ...(config.field === undefined ? {} : { field: config.field }),
    firstLine: config.firstLine ?? false,
    trim: config.trim ?? false,
    environment: config.environment ?? [],
    ...times(config),
  };
}

function vaultProvider(config: VaultConfig): VaultProvider[] {
  const origin = parseOrigin(config.address);
  const login = loginOf(config);
  if (!origin.ok || !login) return [];
  const { name, namespace, mount = 'secret' } = config;
  return [
    { name, origin: origin.value, ...(namespace === undefined ? {} : { namespace }), mount, login, ...times(config) },
  ];
}

function loginOf({ token, approle }: VaultConfig): VaultLogin | undefined {
  const credential = handleReferenceName(token ?? approle?.secretId ?? '');
  if (credential === undefined) return undefined;
  if (!approle) return { kind: 'token', token: credential };
  return { kind: 'approle', mount: approle.mount ?? 'approle', roleId: approle.roleId, secretId: credential };
}

function times({ timeoutMs, cacheSeconds }: Pick<ExecConfig, 'timeoutMs' | 'cacheSeconds'>) {
  return {
    timeoutMs: timeoutMs ?? limits.providerTimeoutMs,
    cacheSeconds: cacheSeconds ?? limits.providerCacheSeconds,
  };
}
