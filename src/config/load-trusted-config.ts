// keyward.yaml as it counts: what the operator's notes of trust say about it taken in.
import { ok, type Result } from '../../shared/failure/result.ts';
import type { ConfigPlace } from './config-place.ts';
import { type LoadedConfig, loadConfig, type TextBefore } from './load-config.ts';

interface Note {
  readonly file: string;
  readonly hash: string;
  readonly text: string;
  readonly raised: readonly string[];
}

/** What was accepted, by path; `unverified` are notes that this data folder did not write. */
export interface TrustNotes {
  find(file: string): Result<Note | undefined>;
  unverified(): Result<readonly Note[]>;
}

export interface TrustedConfigOptions {
  readonly place: ConfigPlace;
  readonly notes: TrustNotes;
  readonly asOperator: boolean;
  readonly isForbidden: (path: string) => boolean;
}

/** Failures: those of the notes and of loadConfig. */
export function loadTrustedConfig({ notes, ...options }: TrustedConfigOptions): Result<LoadedConfig> {
  let problem: Result<unknown> = ok(undefined);
  const found = (file: string): Note | undefined => {
    const accepted = notes.find(file);
    if (!accepted.ok) problem = accepted;
    return accepted.ok ? accepted.value : undefined;
  };
  // A note that does not verify loosens nothing, and what it tightens holds: to damage it must not widen anything.
  const doubted = notes.unverified();
  if (!doubted.ok) return doubted;
  const noteOf = (file: string): TextBefore | undefined => {
    const accepted = found(file);
    const note = accepted ?? doubted.value.find((each) => each.file === file);
    return note && { text: note.text, vouched: note === accepted };
  };
  const loaded = loadConfig({
    ...options,
    isTrusted: (hash, file) => found(file)?.hash === hash,
    isKnown: (text, file) => found(file)?.text === text,
    trustedBefore: noteOf,
  });
  if (!problem.ok || !loaded.ok) return problem.ok ? loaded : problem;
  const { file, trusted, policy } = loaded.value;
  const raised = trusted && file !== undefined ? (found(file)?.raised ?? []) : [];
  return ok({ ...loaded.value, policy: { ...policy, access: { ...policy.access, raised } } });
}
