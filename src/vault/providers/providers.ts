// The outside places that handles take their values from. What is asked for stands in sealed records, who is asked in the trusted
// configuration; the values pass through here on their way to resolve.ts and are kept in memory only.

import { limits } from '../../../shared/limits.ts';
import type { ProviderPolicy, VaultProvider } from '../../../shared/policy/provider-policy.ts';
import type { SecretSourceKind } from '../../../shared/secret/secret-ref.ts';
import { parseSecretReference, type SecretReference } from '../../../shared/secret/secret-reference.ts';
import { parseSecretValue } from '../../../shared/secret/secret-value.ts';
import { fetchFromFile } from './dotenv-provider.ts';
import { fetchFromProgram, type ReadVariable } from './exec-provider.ts';
import { createFileStamps, type FileStamps } from './file-stamps.ts';
import { createFlights } from './flights.ts';
import { createKeptValues } from './kept-values.ts';
import { createKnownValues } from './known-values.ts';
import { had, not, type Outcome } from './outcome.ts';
import { createSlots, type Slots } from './slots.ts';
import { fetchFromVault, type OpenCredential, type SendToProvider, type TokenStore } from './vault-provider.ts';

export interface ProvidersOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly variable: ReadVariable;
}

/** What is remembered of providers as long as this process runs. */
export interface Providers {
  /** The providers of one policy, over the network of that policy. */
  under(policy: ProviderPolicy, send: SendToProvider): ProviderSource;
  /** Stops what is under way and forgets everything. */
  close(): void;
}

/** What a handle that points outward asks for. */
export interface Wanted {
  readonly handleId: string;
  readonly source: SecretSourceKind;
  /** As it was sealed. */
  readonly reference: string;
  /** Of the vault: when it changes, nothing that was kept is used any more. */
  readonly revision: number;
  /** Neither kept for the next use nor shared with another; the scrubber still knows it. */
  readonly once: boolean;
  /** Opens a handle that a provider logs in with. */
  readonly open: OpenCredential;
}

export interface ProviderSource {
  /** The value as it is now, or as it was had within the time that the provider's values are kept. */
  fetch(wanted: Wanted, signal: AbortSignal): Promise<Outcome>;
  /**
   * Every value that a handle had when it was used, as far as remembered, and the one it has now where that costs nothing: a
   * variable, a line of a .env file, what is kept. Nothing is run and nobody is asked.
   */
  known(handleId: string, reference: string): readonly string[];
  /** Tokens that logins gave out at this origin. */
  tokensOf(origin: string): readonly string[];
  /** Changes whenever `known` or `tokensOf` may give more, also when a .env file that was read was written to. */
  revision(): number;
}

/** Makes the memory of all providers of a process. */
export function createProviders({ now, variable }: ProvidersOptions): Providers {
  const kept = createKeptValues(now);
  const tokens = createKeptValues(now);
  const known = createKnownValues();
  const flights = createFlights();
  const files = createFileStamps();
  const programs = createSlots(limits.providerPrograms);
  let revision: number | undefined;
  const tokenStore = storeOf(tokens, (origin, token) => known.note(origin, token));
  const forgetOnChange = (current: number): void => {
    if (current === revision) return;
    revision = current;
    kept.clear();
    tokens.clear();
  };
  const flyFor = async (wanted: Wanted, job: Job, signal: AbortSignal): Promise<Outcome> => {
    const { key, cacheSeconds } = job;
    const run = async (stopped: AbortSignal) => checked(await job.run(wanted.open, stopped));
    if (wanted.once) return run(signal);
    const found = cacheSeconds > 0 ? kept.get(key) : undefined;
    if (found !== undefined) return had(found);
    return flights.join(
      `${wanted.revision} ${key}`,
      async (stopped) => {
        const outcome = await run(stopped);
        if (outcome.ok && wanted.revision === revision) kept.put(key, outcome.value, cacheSeconds);
        return outcome;
      },
      signal,
    );
  };
  /** The value that can be had without waiting. */
  const atHand = (job: Job): string | undefined => {
    const outcome = job.read ? checked(job.read()) : undefined;
    return outcome?.ok ? outcome.value : kept.get(job.key);
  };
  return {
    under(policy, send) {
      const ports = { variable, send, tokens: tokenStore, files, programs };
      return {
        async fetch(wanted, signal) {
          const reference = parseSecretReference(wanted.reference);
          if (!reference.ok || reference.value.kind !== wanted.source) return not('reference');
          forgetOnChange(wanted.revision);
          const job = jobOf(reference.value, policy, ports);
          if (!job) return not('undefined');
          const outcome = await flyFor(wanted, job, signal);
          if (outcome.ok) known.note(wanted.handleId, outcome.value);
          return outcome;
        },
        known(handleId, text) {
          const reference = parseSecretReference(text);
          const job = reference.ok ? jobOf(reference.value, policy, ports) : undefined;
          const value = job && atHand(job);
          if (value !== undefined) known.note(handleId, value);
          return known.of(handleId);
        },
        tokensOf: (origin) => known.of(origin),
        revision: () => known.revision() + files.revision(),
      };
    },
    close() {
      flights.stop();
      for (const memory of [kept, tokens, known, files]) memory.clear();
    },
  };
}

interface Job {
  /** The same for the same question to the same provider. */
  readonly key: string;
  readonly cacheSeconds: number;
  run(open: OpenCredential, signal: AbortSignal): Promise<Outcome>;
  /** Instead of that, where it costs nothing. */
  read?(): Outcome;
}

interface JobPorts {
  readonly variable: ReadVariable;
  readonly send: SendToProvider;
  readonly tokens: TokenStore;
  readonly files: FileStamps;
  readonly programs: Slots;
}

function jobOf(
  reference: SecretReference,
  policy: ProviderPolicy,
  { variable, send, tokens, files, programs }: JobPorts,
): Job | undefined {
  switch (reference.kind) {
    case 'env':
      return atOnce(reference, () => nonEmpty(variable(reference.variable)));
    case 'dotenv':
      return atOnce(reference, () => {
        // Before it is read: what is written meanwhile shows.
        files.note(reference.file);
        return fetchFromFile(reference.file, reference.key);
      });
    case 'exec': {
      const provider = policy.exec.find(({ name }) => name === reference.provider);
      if (!provider) return undefined;
      return {
        key: JSON.stringify([provider, reference]),
        cacheSeconds: provider.cacheSeconds,
        run: (_, signal) =>
          programs.take(() => fetchFromProgram(provider, reference.reference, variable, signal), signal),
      };
    }
    case 'vault': {
      const provider = policy.vault.find(({ name }) => name === reference.provider);
      if (!provider) return undefined;
      return {
        key: JSON.stringify([provider, reference]),
        cacheSeconds: provider.cacheSeconds,
        run: (open, signal) => fetchFromVault(provider, reference, { send, open, tokens }, signal),
      };
    }
  }
}

/** What costs nothing to ask is asked each time. */
function atOnce(reference: SecretReference, read: () => Outcome): Job {
  return { key: JSON.stringify(reference), cacheSeconds: 0, run: () => Promise.resolve(read()), read };
}

function nonEmpty(value: string | undefined): Outcome {
  return value === undefined || value === '' ? not('unset') : had(value);
}

function checked(outcome: Outcome): Outcome {
  return !outcome.ok || parseSecretValue(outcome.value).ok ? outcome : not('value');
}

/** A new login is made a little before the lease of the last one ends: a request takes time too. */
const LEASE_SHARE = 0.9;
/** A token that says it never ends is replaced once a day. */
const ENDLESS_SECONDS = 86_400;

function storeOf(
  tokens: ReturnType<typeof createKeptValues>,
  note: (origin: string, token: string) => void,
): TokenStore {
  const keyOf = (provider: VaultProvider): string => JSON.stringify(provider);
  return {
    get: (provider) => tokens.get(keyOf(provider)),
    put(provider, token, leaseSeconds) {
      tokens.put(keyOf(provider), token, leaseSeconds === 0 ? ENDLESS_SECONDS : leaseSeconds * LEASE_SHARE);
      note(provider.origin, token);
    },
    drop(provider, token) {
      if (tokens.get(keyOf(provider)) === token) tokens.drop(keyOf(provider));
    },
  };
}
