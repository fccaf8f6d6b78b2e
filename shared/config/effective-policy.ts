// From keyward.yaml to the policy in force. Key by key: what tightens the strict defaults always counts, what loosens them
// counts once the operator has trusted the file.
import { limits } from '../limits.ts';
import type { AccessLevel, Policy, UnsafeApproval } from '../policy/policy.ts';
import type { Config } from './schema.ts';

/** What holds without a configuration. */
export const strictPolicy: Policy = {
  access: { default: 'safe', collections: {}, environments: {} },
  approvals: { unsafe: 'ask' },
  network: { allow: [], ca: [] },
  limits: { responseBytes: limits.responseBodyBytes, timeoutMs: limits.timeoutMs, redirects: limits.redirects },
  prompts: { redactHosts: false },
};

/** The policy that the configuration states; `ca` holds the PEM texts of network.tls.ca. */
export function statedPolicy(
  { access = {}, approvals = {}, network = {}, limits: stated = {}, prompts = {} }: Config,
  ca: readonly string[],
): Policy {
  return {
    access: {
      default: access.default ?? strictPolicy.access.default,
      collections: access.collections ?? {},
      environments: access.environments ?? {},
    },
    approvals: { unsafe: approvals.unsafe ?? strictPolicy.approvals.unsafe },
    network: { allow: network.allow ?? [], ca, ...(network.proxy === undefined ? {} : { proxy: network.proxy }) },
    limits: {
      responseBytes: stated.responseBytes ?? strictPolicy.limits.responseBytes,
      timeoutMs: stated.timeoutMs ?? strictPolicy.limits.timeoutMs,
      redirects: stated.redirects ?? strictPolicy.limits.redirects,
    },
    prompts: { redactHosts: prompts.redactHosts ?? strictPolicy.prompts.redactHosts },
  };
}

/** The policy in force: as stated if the file is trusted, else the stricter of it and the defaults at every key. */
export function effectivePolicy(config: Config, trusted: boolean, ca: readonly string[] = []): Policy {
  const stated = statedPolicy(config, ca);
  return trusted ? stated : stricterPolicy(stated, strictPolicy);
}

/** At every key the stricter of two policies; a network exception holds only if both have it. */
export function stricterPolicy(one: Policy, other: Policy): Policy {
  const { proxy } = one.network;
  return {
    access: {
      default: stricterLevel(one.access.default, other.access.default),
      collections: stricterNames(one.access, other.access, 'collections'),
      environments: stricterNames(one.access, other.access, 'environments'),
    },
    approvals: { unsafe: first(APPROVALS, one.approvals.unsafe, other.approvals.unsafe) },
    network: {
      allow: one.network.allow.filter((entry) => other.network.allow.includes(entry)),
      ca: one.network.ca.filter((pem) => other.network.ca.includes(pem)),
      ...(proxy !== undefined && proxy === other.network.proxy ? { proxy } : {}),
    },
    limits: {
      responseBytes: Math.min(one.limits.responseBytes, other.limits.responseBytes),
      timeoutMs: Math.min(one.limits.timeoutMs, other.limits.timeoutMs),
      redirects: Math.min(one.limits.redirects, other.limits.redirects),
    },
    prompts: { redactHosts: one.prompts.redactHosts || other.prompts.redactHosts },
  };
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
