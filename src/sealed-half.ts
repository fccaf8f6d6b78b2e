// Composes the sealed half. Values of secrets are within reach of what is made here, and of nothing that src/main.ts makes.
import { sharedOrigins } from '../shared/config/stated-captured.ts';
import { once } from '../shared/once.ts';
import type { Policy } from '../shared/policy/policy.ts';
import type { Logins } from './courier/tokens-login.ts';
import type { CapturedDirectory, Courier, ExecutionContext } from './execute/ports.ts';
import { createSuccession } from './network/replaceable.ts';
import type { Vault } from './vault/open-vault.ts';

export interface SealedHalf {
  /** Metadata of what was captured from answers, as long as this process runs. */
  captured(): Promise<CapturedDirectory>;
  /** A courier for one policy. */
  courier(policy: Pick<Policy, 'network' | 'providers' | 'captured'>, vault: Vault): Promise<Courier>;
  /** What the operator logs in with; no tool has it. */
  logins(policy: Pick<Policy, 'network' | 'providers'>, vault: Vault): Promise<Logins>;
  /** What an execution may know of sealed values; the same for every process over this data folder that has a key of trust. */
  aboutSealed(): Promise<Pick<ExecutionContext, 'sealedDigest' | 'scrubSealed'>>;
  close(): Promise<void>;
}

/** What its key is made for, so that it is no key of anything else. */
const SEALED_DIGESTS = 'keyward sealed digests 1';

/**
 * Loads each part when it is first needed. `now` gives milliseconds since the epoch; `onUnchecked` is told of every request to a server
 * whose certificate is not checked; `variable` gives one of the environment;
 * `home` is the data folder.
 */
export function createSealedHalf(
  now: () => number,
  onUnchecked: (origin: string) => void,
  variable: (name: string) => string | undefined,
  home: string,
): SealedHalf {
  const closers: (() => void | Promise<void>)[] = [];
  const captured = once(async () => {
    const { createCapturedTokens } = await import('./vault/captured.ts');
    const tokens = createCapturedTokens(now);
    closers.push(() => tokens.clear());
    return tokens;
  });
  const jars = once(async () => {
    const { createCookieJars } = await import('./network/cookies.ts');
    const made = createCookieJars(now);
    closers.push(() => made.clear());
    return made;
  });
  const providers = once(async () => {
    const { createProviders } = await import('./vault/providers/providers.ts');
    const made = createProviders({ now, variable });
    closers.push(() => made.close());
    return made;
  });
  // A policy takes the place of the one before, and what it opens that of what was open.
  const networks = createSuccession();
  const ownNetworks = createSuccession();
  const openParts = async (
    { network: policy, providers: defined }: Pick<Policy, 'network' | 'providers'>,
    vault: Vault,
  ) => {
    const [{ createSigner }, { createNetwork }, { createOwnNetwork }, { createSecretSource }, { createLoginStore }] =
      await Promise.all([
        import('./signer/sign.ts'),
        import('./network/network.ts'),
        import('./network/own-requests.ts'),
        import('./vault/resolve.ts'),
        import('./vault/login-store.ts'),
      ]);
    const over = { policy, now: () => performance.now(), onUnchecked };
    const [network, ownNetwork] = [createNetwork(over), createOwnNetwork(over)];
    networks.follow(network);
    ownNetworks.follow(ownNetwork);
    const tokens = await captured();
    const outside = (await providers()).under(defined, (request, signal) => ownNetwork.send(request, signal));
    const secrets = createSecretSource(vault, tokens, outside);
    const signer = createSigner({ secrets, network: policy, now });
    return { signer, network, captured: tokens, store: createLoginStore(vault) };
  };
  return {
    captured,
    async courier(policy, vault) {
      const { createCourier } = await import('./courier/deliver.ts');
      const { store, ...parts } = await openParts(policy, vault);
      return createCourier({
        ...parts,
        logins: store,
        jars: await jars(),
        sharedWith: (origin) => sharedOrigins(policy.captured, origin),
        now,
      });
    },
    async logins(policy, vault) {
      const { createLogins } = await import('./courier/tokens-login.ts');
      const { signer, network, store } = await openParts(policy, vault);
      return createLogins({ signer, network, store, now });
    },
    aboutSealed: once(async () => {
      const { createSealedDigest } = await import('./signer/sealed-digest.ts');
      const { scrubSealed } = await import('./signer/sealed-scrub.ts');
      const { readTrustMac } = await import('./state/trust-key.ts');
      const mac = readTrustMac(home);
      const key = mac.ok && mac.value !== 'missing' ? Buffer.from(mac.value(SEALED_DIGESTS), 'hex') : undefined;
      return { sealedDigest: createSealedDigest(key), scrubSealed };
    }),
    async close() {
      await Promise.all([networks.close(), ownNetworks.close()]);
      for (const close of closers.splice(0).reverse()) await close();
    },
  };
}
