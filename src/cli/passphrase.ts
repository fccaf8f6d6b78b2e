// A passphrase for one command: as handed over at the start, else from standard input, else asked for without showing it.
import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { limits } from '../../shared/limits.ts';
import { readValue } from './read-value.ts';
import type { Session } from './session.ts';

export interface PassphraseWish {
  /** What the settings hand over, if anything. */
  readonly given: () => Result<Buffer | undefined>;
  readonly stdin: boolean;
  readonly question: string;
  /** A new one is long enough, and typed twice. */
  readonly isNew: boolean;
  /** The settings that can hand it over. */
  readonly setting: string;
}

/** UTF-8, for the caller to wipe. Failures: INPUT/INVALID, those of the settings. */
export async function takePassphrase(session: Session, wish: PassphraseWish): Promise<Result<Buffer>> {
  const taken = wish.stdin ? await fromInput() : await fromSettings(session, wish);
  if (!taken.ok || !wish.isNew || taken.value.length >= limits.passphraseBytes) return taken;
  taken.value.fill(0);
  return invalid(`a new passphrase has at least ${limits.passphraseBytes} characters`);
}

async function fromInput(): Promise<Result<Buffer>> {
  const typed = await readValue(process.stdin);
  return typed.ok ? ok(Buffer.from(typed.value)) : typed;
}

async function fromSettings(session: Session, wish: PassphraseWish): Promise<Result<Buffer>> {
  const given = wish.given();
  if (!given.ok) return given;
  if (given.value) return ok(given.value);
  const { terminal } = session;
  if (!terminal.interactive) {
    return invalid(`no passphrase: use --stdin, ${wish.setting}, or run it in a terminal to be asked`);
  }
  const typed = await terminal.askHidden(wish.question);
  if (!typed) return invalid('no passphrase was given');
  if (wish.isNew && (await terminal.askHidden('Once more')) !== typed) return invalid('the two passphrases differ');
  return ok(Buffer.from(typed));
}

function invalid(problem: string): Result<never> {
  return err(failure('INPUT/INVALID', { problem }));
}
