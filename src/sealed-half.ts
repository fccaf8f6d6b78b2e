// Composes the sealed half. Values of secrets are within reach of what is made here, and of nothing that src/main.ts makes.
import { once } from '../shared/once.ts';
import type { NetworkPolicy } from '../shared/policy/policy.ts';
import type { Sealed } from '../shared/secret/seal.ts';
import type { CapturedDirectory, Courier } from './execute/ports.ts';
import type { Vault } from './vault/open-vault.ts';

export interface SealedHalf {
  /** Metadata of what was captured from answers, as long as this process runs. */
  captured(): Promise<CapturedDirectory>;
  /** A courier for one policy. */
  courier(policy: NetworkPolicy, vault: Vault): Promise<Courier>;
  /** Tells equal sealed values from others; see ExecutionContext.sealedDigest. */
  sealedDigest(): Promise<(sealed: Sealed) => string>;
  close(): Promise<void>;
}

/** Loads each part when it is first needed. `now` gives milliseconds since the epoch. */
export function createSealedHalf(now: () => number): SealedHalf {
  const closers: (() => void | Promise<void>)[] = [];
  const captured = once(async () => {
    const { createCapturedTokens } = await import('./vault/captured.ts');
    const tokens = createCapturedTokens(now);
    closers.push(() => tokens.clear());
    return tokens;
  });
  return {
    captured,
    async courier(policy, vault) {
      const [{ createCourier }, { createSigner }, { createNetwork }, { createSecretSource }] = await Promise.all([
        import('./courier/deliver.ts'),
        import('./signer/sign.ts'),
        import('./network/network.ts'),
        import('./vault/resolve.ts'),
      ]);
      const network = createNetwork({ policy, now: () => performance.now() });
      closers.push(() => network.close());
      const tokens = await captured();
      const signer = createSigner({ secrets: createSecretSource(vault, tokens), now });
      return createCourier({ signer, network, captured: tokens, now });
    },
    sealedDigest: once(async () => (await import('./signer/sealed-digest.ts')).createSealedDigest()),
    async close() {
      for (const close of closers.splice(0).reverse()) await close();
    },
  };
}
