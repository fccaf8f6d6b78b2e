// What import and export tell of what they wrote: names and places, never a value.
import type { Loss } from '../../shared/dialects/writer.ts';
import type { TakenSecret } from '../../shared/export/take-secrets.ts';
import { printable, type Terminal } from './terminal.ts';

export interface SecretReport {
  readonly name: string;
  readonly places: readonly string[];
  readonly origins: readonly string[];
  readonly stored: boolean;
  /** Why it was not stored, where that was asked for. */
  readonly problem?: string;
  /** What the operator should know of one that was stored. */
  readonly hints?: readonly string[];
}

export interface LossReport {
  readonly what: string;
  readonly requests: number;
  /** The first few. */
  readonly examples: readonly string[];
}

const MAX_SHOWN = 3;

export function reportSecret(
  { name, places }: TakenSecret,
  outcome: Pick<SecretReport, 'origins' | 'stored' | 'problem' | 'hints'>,
): SecretReport {
  return { name, places, ...outcome };
}

/** The losses, each sentence once. */
export function groupLosses(losses: readonly Loss[]): readonly LossReport[] {
  const groups = new Map<string, string[]>();
  for (const { what, request } of losses) {
    const requests = groups.get(what) ?? [];
    if (request !== undefined) requests.push(request);
    groups.set(what, requests);
  }
  return [...groups].map(([what, requests]) => ({
    what,
    requests: requests.length,
    examples: requests.slice(0, MAX_SHOWN),
  }));
}

export function noteLosses(terminal: Terminal, losses: readonly LossReport[]): void {
  for (const { what, requests, examples } of losses) {
    const more = requests > examples.length ? ` and ${requests - examples.length} more` : '';
    terminal.note(printable(`left out: ${what}${examples.length > 0 ? ` (${examples.join('; ')}${more})` : ''}`));
  }
}

export function noteSecrets(terminal: Terminal, secrets: readonly SecretReport[]): void {
  for (const { name, places, origins, stored, problem, hints = [] } of secrets) {
    const more = places.length > MAX_SHOWN ? ` and ${places.length - MAX_SHOWN} more` : '';
    terminal.note(printable(`{{vault:${name}}} in place of: ${places.slice(0, MAX_SHOWN).join('; ')}${more}`));
    if (stored) terminal.note(printable(`  stored, for ${origins.join(' and ')} only`));
    else if (problem !== undefined) terminal.note(printable(`  not stored: ${problem}`));
    for (const hint of hints) terminal.note(printable(`  ${hint}`));
    const where = origins.length > 0 ? origins.map((origin) => ` --origin ${origin}`).join('') : ' --origin URL';
    if (!stored) terminal.note(printable(`  set it: keyward secrets set ${name}${where}`));
  }
}

export function noteRedacted(terminal: Terminal, redacted: readonly string[]): void {
  if (redacted.length === 0) return;
  const shown = redacted.slice(0, MAX_SHOWN).join('; ');
  const more = redacted.length > MAX_SHOWN ? ` and ${redacted.length - MAX_SHOWN} more` : '';
  terminal.note(
    printable(`a script or text held what looks like a credential, and reads [secret] there now: ${shown}${more}`),
  );
}
