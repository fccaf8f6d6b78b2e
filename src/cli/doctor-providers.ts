// The doctor's look at the places outside that secrets come from. No secret is fetched: a program could ask the person for something.
import type { ExecProvider, ProviderPolicy, VaultProvider } from '../../shared/policy/provider-policy.ts';
import { originAllowed } from '../../shared/secret/binding.ts';
import { parseSecretReference, type SecretReference } from '../../shared/secret/secret-reference.ts';
import type { NamedReference, Vault } from '../vault/open-vault.ts';
import type { Finding } from './doctor.ts';
import { problemOf } from './doctor-machine.ts';
import type { Parts } from './parts.ts';

const MAX_LISTED = 20;

/** One finding for each provider of the trusted configuration, and for each secret that it cannot serve. */
export async function checkProviders(parts: Parts): Promise<Finding[]> {
  const config = await parts.config();
  const vault = await parts.vault();
  const references = vault.ok ? vault.value.references() : vault;
  // Told of elsewhere.
  if (!config.ok || !vault.ok || !references.ok) return [];
  const { providers } = config.value.policy;
  return [
    ...(await checkPrograms(providers.exec)),
    ...providers.vault.map((provider) => checkVaultProvider(provider, vault.value)),
    ...(await checkReferences(references.value, providers)),
  ];
}

async function checkPrograms(providers: readonly ExecProvider[]): Promise<Finding[]> {
  if (providers.length === 0) return [];
  const { findProgram } = await import('../vault/providers/safe-program.ts');
  return providers.map(({ name, program }): Finding => {
    const about = 'provider';
    const found = findProgram(program);
    if (found.ok) return { state: 'ok', about, detail: `exec ${name} runs ${program}` };
    const { problem } = found;
    return { state: 'problem', about, detail: `exec ${name}: ${program} ${PROBLEMS[problem]}`, fix: FIXES[problem] };
  });
}

const PROBLEMS = {
  missing: 'is not there',
  'not-a-program': 'is not a program',
  'not-yours': 'or a folder or link on the way to it belongs to another user',
  writable: 'or a folder on the way to it can be changed by others',
} as const;

const FIXES = {
  missing: 'Install it, or correct providers.exec in keyward.yaml.',
  'not-a-program': 'Name the program itself in providers.exec.',
  'not-yours': 'Use a program that belongs to root or to you.',
  writable: 'Take the right to write from group and others (chmod go-w), or name another copy.',
} as const;

function checkVaultProvider({ name, origin, login }: VaultProvider, vault: Pick<Vault, 'describe'>): Finding {
  const about = 'provider';
  const credential = login.kind === 'token' ? login.token : login.secretId;
  const found = vault.describe(credential);
  const fix = `keyward secrets set ${credential} --origin ${origin}`;
  if (!found.ok)
    return { state: 'problem', about, detail: `vault ${name}: its {{vault:${credential}}} is not in the vault`, fix };
  if (!originAllowed(found.value.origins, origin))
    return {
      state: 'problem',
      about,
      detail: `vault ${name}: {{vault:${credential}}} is not bound to ${origin}`,
      fix: `keyward secrets bind ${credential} --origin ${origin}`,
    };
  return { state: 'ok', about, detail: `vault ${name} at ${origin}, with {{vault:${credential}}}` };
}

async function checkReferences(secrets: readonly NamedReference[], providers: ProviderPolicy): Promise<Finding[]> {
  const { isExposedFile } = await import('../vault/providers/dotenv-provider.ts');
  const about = 'secret';
  const findings = secrets.map(({ name, reference: text }): Finding => {
    const reference = parseSecretReference(text);
    if (!reference.ok) return problemOf(about, reference.failure);
    const { state, detail, fix } = checkReference(reference.value, providers, isExposedFile);
    const told = `{{vault:${name}}} comes from ${text}${detail}`;
    return fix === undefined ? { state, about, detail: told } : { state, about, detail: told, fix };
  });
  const fine = findings.filter(({ state }) => state === 'ok');
  const more = fine.length - MAX_LISTED;
  return [
    ...findings.filter(({ state }) => state !== 'ok'),
    ...fine.slice(0, MAX_LISTED),
    ...(more > 0 ? [{ state: 'ok' as const, about, detail: `and ${more} more that come from elsewhere` }] : []),
  ];
}

function checkReference(
  reference: SecretReference,
  providers: ProviderPolicy,
  isExposedFile: (file: string) => boolean | undefined,
): Omit<Finding, 'about'> {
  switch (reference.kind) {
    case 'env':
      return FINE;
    case 'dotenv': {
      const { file } = reference;
      const exposed = isExposedFile(file);
      if (exposed === undefined)
        return { state: 'problem', detail: ', which cannot be read', fix: 'Put the file back.' };
      return exposed ? { state: 'warning', detail: ', which others can read', fix: `chmod 600 ${file}` } : FINE;
    }
    case 'vault':
    case 'exec': {
      const { kind, provider } = reference;
      if (providers[kind].some(({ name }) => name === provider)) return FINE;
      const fix = `Define ${provider} under providers.${kind} and run keyward trust.`;
      return { state: 'problem', detail: ', which no trusted keyward.yaml defines here', fix };
    }
  }
}

const FINE: Omit<Finding, 'about'> = { state: 'ok', detail: '' };
