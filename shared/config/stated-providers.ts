import { limits } from '../limits.ts';
import type { ExecProvider, ProviderPolicy, VaultLogin, VaultProvider } from '../policy/provider-policy.ts';
import { parseOrigin } from '../secret/binding.ts';
import { handleReferenceName } from '../secret/handle-reference.ts';
import type { ProvidersConfig } from './providers-schema.ts';
import { keyLines, quotedText } from './trust-lines.ts';

type ExecConfig = NonNullable<ProvidersConfig['exec']>[number];
type VaultConfig = NonNullable<ProvidersConfig['vault']>[number];

/** The providers that a configuration defines, with every default filled in. */
export function statedProviders({ exec = [], vault = [] }: ProvidersConfig = {}): ProviderPolicy {
  return { exec: exec.map(execProvider), vault: vault.flatMap(vaultProvider) };
}

/** What trusting the providers means: what each runs or reads, and one line for everything else that it states. */
export function providerLoosenings({ exec = [], vault = [], ...others }: ProvidersConfig = {}): string[] {
  return [...exec.flatMap(execLines), ...vault.flatMap(vaultLines), ...keyLines('providers.', others)];
}

function execLines({ name, program, arguments: words = [], ...others }: ExecConfig): string[] {
  const about = `providers.exec: ${quotedText(name)}`;
  return [`${about} runs ${[program, ...words].map(quotedText).join(' ')}`, ...keyLines(`${about}: `, others)];
}

function vaultLines({ name, address, mount, kvVersion: _, token, approle, ...others }: VaultConfig): string[] {
  const about = `providers.vault: ${quotedText(name)}`;
  const { secretId = token ?? '', ...login } = approle ?? {};
  const read = `${quotedText(mount ?? MOUNT)} of ${quotedText(originOf(address) ?? address)}`;
  return [
    `${about} reads ${read} with ${quotedText(secretId)}`,
    ...keyLines(`${about}: approle.`, login),
    ...keyLines(`${about}: `, others),
  ];
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
  const origin = originOf(config.address);
  const login = loginOf(config);
  if (origin === undefined || !login) return [];
  const { name, namespace, mount = MOUNT } = config;
  return [{ name, origin, ...(namespace === undefined ? {} : { namespace }), mount, login, ...times(config) }];
}

const MOUNT = 'secret';

function originOf(address: string): string | undefined {
  const origin = parseOrigin(address);
  return origin.ok ? origin.value : undefined;
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
