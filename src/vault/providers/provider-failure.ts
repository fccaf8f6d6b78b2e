import { type Failure, failure } from '../../../shared/failure/failure.ts';
import { parseSecretReference } from '../../../shared/secret/secret-reference.ts';
import { type ProviderReason, reasonText } from './outcome.ts';

/** Why the handle `name` has no value now. Tells the provider's name, and nothing of the reference. */
export function providerFailure(name: string, reference: string, reason: ProviderReason): Failure {
  if (reason === 'stopped') return failure('NETWORK/CANCELLED');
  return failure('SECRET/PROVIDER_FAILED', { name, provider: providerOf(reference), reason: reasonText(reason) });
}

function providerOf(text: string): string {
  const reference = parseSecretReference(text);
  if (!reference.ok) return 'its provider';
  switch (reference.value.kind) {
    case 'env':
      return 'the environment';
    case 'dotenv':
      return 'a .env file';
    case 'vault':
    case 'exec':
      return `the ${reference.value.kind} provider "${reference.value.provider}"`;
  }
}
