import { strictPolicy } from './effective-policy.ts';
import type { Config } from './schema.ts';
import { agentLoosenings } from './stated-agent.ts';
import { capturedLoosenings } from './stated-captured.ts';
import { journalLoosenings } from './stated-journal.ts';
import { networkLoosenings } from './stated-network.ts';
import { providerLoosenings } from './stated-providers.ts';
import { quotedText } from './trust-lines.ts';

/** What of a configuration needs the operator's trust, one line each in the words of the file; empty where nothing does. */
export function loosenings({
  collections = [],
  access = {},
  approvals = {},
  network,
  limits = {},
  providers,
  captured,
  agent,
  journal,
}: Config): string[] {
  return [
    ...collections
      .filter((glob) => !/[*?]/.test(glob))
      .map((path) => `collections: ${quotedText(path)} (even where it is ignored)`),
    ...(access.default === 'full' ? ['access.default: full'] : []),
    ...fullNames('access.collections', access.collections),
    ...fullNames('access.environments', access.environments),
    ...(approvals.unsafe === 'allow' ? ['approvals.unsafe: allow'] : []),
    ...networkLoosenings(network),
    ...(['responseBytes', 'timeoutMs', 'redirects', 'scriptMs'] as const).flatMap((name) => {
      const value = limits[name];
      return value !== undefined && value > strictPolicy.limits[name] ? [`limits.${name}: ${value}`] : [];
    }),
    ...providerLoosenings(providers),
    ...capturedLoosenings(captured),
    ...agentLoosenings(agent),
    ...journalLoosenings(journal),
  ];
}

function fullNames(key: string, levels: Readonly<Record<string, string>> = {}): string[] {
  return Object.entries(levels).flatMap(([name, level]) =>
    level === 'full' ? [`${key}.${quotedText(name)}: full`] : [],
  );
}
