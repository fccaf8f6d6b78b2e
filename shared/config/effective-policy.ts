// From keyward.yaml to the policy in force. Key by key: what tightens the strict defaults always counts, what loosens them
// counts once the operator has trusted the file.
import { limits } from '../limits.ts';
import { fullerJournal, keepsAll } from '../policy/journal-detail.ts';
import type { AccessLevel, Policy, UnsafeApproval } from '../policy/policy.ts';
import { noProviders, type ProviderPolicy } from '../policy/provider-policy.ts';
import type { Config } from './schema.ts';
import { addsOrdinary, commonAgent, statedAgent } from './stated-agent.ts';
import { commonCaptured, sharesNothing, statedCaptured } from './stated-captured.ts';
import { statedJournal } from './stated-journal.ts';
import { commonNetwork, keepProxy, noFiles, statedNetwork, type TransportFiles } from './stated-network.ts';
import { statedProviders } from './stated-providers.ts';

/** What holds without a configuration. */
export const strictPolicy: Policy = {
  access: { default: 'safe', collections: {}, environments: {} },
  approvals: { unsafe: 'ask' },
  network: { allow: [], ca: [] },
  limits: {
    responseBytes: limits.responseBodyBytes,
    timeoutMs: limits.timeoutMs,
    redirects: limits.redirects,
    scriptMs: limits.scriptMs,
  },
  prompts: { redactHosts: false },
  providers: noProviders,
  captured: sharesNothing,
  agent: addsOrdinary,
  scripts: { run: true },
  journal: keepsAll,
};

/** The policy that the configuration states; `files` is what those that it names hold. */
export function statedPolicy(
  {
    access = {},
    approvals = {},
    network,
    limits: stated = {},
    prompts = {},
    providers,
    captured,
    agent,
    scripts = {},
    journal,
  }: Config,
  files: TransportFiles = noFiles,
): Policy {
  return {
    access: {
      default: access.default ?? strictPolicy.access.default,
      collections: access.collections ?? {},
      environments: access.environments ?? {},
    },
    approvals: { unsafe: approvals.unsafe ?? strictPolicy.approvals.unsafe },
    network: statedNetwork(network, files),
    limits: {
      responseBytes: stated.responseBytes ?? strictPolicy.limits.responseBytes,
      timeoutMs: stated.timeoutMs ?? strictPolicy.limits.timeoutMs,
      redirects: stated.redirects ?? strictPolicy.limits.redirects,
      scriptMs: stated.scriptMs ?? strictPolicy.limits.scriptMs,
    },
    prompts: { redactHosts: prompts.redactHosts ?? strictPolicy.prompts.redactHosts },
    providers: statedProviders(providers),
    captured: statedCaptured(captured),
    agent: statedAgent(agent),
    scripts: { run: scripts.run ?? strictPolicy.scripts.run },
    journal: statedJournal(journal),
  };
}

/** The policy in force: as stated if the file is trusted, else the stricter of it and the defaults at every key. */
export function effectivePolicy(config: Config, trusted: boolean, files: TransportFiles = noFiles): Policy {
  const stated = statedPolicy(config, files);
  return trusted ? stated : stricterPolicy(stated, strictPolicy);
}

/**
 * A policy under which whatever a text trusted before has tightened still holds: each of its limits, and its proxy with all that
 * belongs to it.
 */
export function heldBy(before: Config, policy: Policy): Policy {
  const held = stricterPolicy(policy, effectivePolicy(before, false));
  return { ...held, network: keepProxy(held.network, statedNetwork(before.network)) };
}

/** At every key the stricter of two policies; a network exception holds only if both have it. */
export function stricterPolicy(one: Policy, other: Policy): Policy {
  return {
    access: {
      default: stricterLevel(one.access.default, other.access.default),
      collections: stricterNames(one.access, other.access, 'collections'),
      environments: stricterNames(one.access, other.access, 'environments'),
    },
    approvals: { unsafe: first(APPROVALS, one.approvals.unsafe, other.approvals.unsafe) },
    network: commonNetwork(one.network, other.network),
    limits: {
      responseBytes: Math.min(one.limits.responseBytes, other.limits.responseBytes),
      timeoutMs: Math.min(one.limits.timeoutMs, other.limits.timeoutMs),
      redirects: Math.min(one.limits.redirects, other.limits.redirects),
      scriptMs: Math.min(one.limits.scriptMs, other.limits.scriptMs),
    },
    prompts: { redactHosts: one.prompts.redactHosts || other.prompts.redactHosts },
    providers: commonProviders(one.providers, other.providers),
    captured: commonCaptured(one.captured, other.captured),
    agent: commonAgent(one.agent, other.agent),
    scripts: { run: one.scripts.run && other.scripts.run },
    journal: fullerJournal(one.journal, other.journal),
  };
}

function commonProviders(one: ProviderPolicy, other: ProviderPolicy): ProviderPolicy {
  return { exec: inBoth(one.exec, other.exec), vault: inBoth(one.vault, other.vault) };
}

function inBoth<T>(one: readonly T[], other: readonly T[]): T[] {
  const others = new Set(other.map((each) => JSON.stringify(each)));
  return one.filter((each) => others.has(JSON.stringify(each)));
}

// Strictest first.
const LEVELS: readonly AccessLevel[] = ['hidden', 'read-only', 'safe', 'full'];
const APPROVALS: readonly UnsafeApproval[] = ['deny', 'ask', 'allow'];

function first<T>(order: readonly T[], one: T, other: T): T {
  return order.indexOf(one) <= order.indexOf(other) ? one : other;
}

function stricterLevel(one: AccessLevel, other: AccessLevel): AccessLevel {
  return first(LEVELS, one, other);
}

type Access = Policy['access'];

// A name that only one policy lists has the other's default there.
function stricterNames(one: Access, other: Access, kind: 'collections' | 'environments'): Record<string, AccessLevel> {
  const names = new Set([...Object.keys(one[kind]), ...Object.keys(other[kind])]);
  return Object.fromEntries(
    [...names].map((name) => [name, stricterLevel(levelOf(one, kind, name), levelOf(other, kind, name))]),
  );
}

function levelOf(access: Access, kind: 'collections' | 'environments', name: string): AccessLevel {
  return (Object.hasOwn(access[kind], name) ? access[kind][name] : undefined) ?? access.default;
}
