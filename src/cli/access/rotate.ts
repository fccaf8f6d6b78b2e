import { type Command, InvalidArgumentError } from 'commander';
import { parseSpan } from '../expiry.ts';
import { readExpiry } from '../secrets/vault-command.ts';
import { type DataOptions, fail, type Session, withData } from '../session.ts';
import { finishMade } from './shown-key.ts';
import { withKeys } from './with-keys.ts';

interface RotateOptions extends DataOptions {
  readonly grace?: number;
  readonly expires?: number;
}

export function addRotateKey(access: Command, session: Session): void {
  const rotate = access
    .command('rotate')
    .description('make a new key for the same caller and print it, this once; the old one ends')
    .argument('<name>', 'name of the key')
    .option('--grace <time>', 'how long the old key goes on, such as 1h (default: not at all)', readGrace)
    .option(
      '--expires <when>',
      'such as 90d, 12h or 2027-01-31 (default: as long as the old one was made for)',
      readExpiry,
    );
  withData(rotate).action((name: string, options: RotateOptions) =>
    withKeys(session, options, (keys) => {
      const { grace = 0, expires } = options;
      const made = keys.rotate(name, { graceMs: grace, ...(expires !== undefined && { expiresAt: expires }) });
      return made.ok ? finishMade(session, made.value, options) : fail(session, made.failure, options);
    }),
  );
}

/** A grace without an end would be a second key that nobody looks after. */
const MOST_GRACE_MS = 30 * 86_400_000;

function readGrace(text: string): number {
  const graceMs = parseSpan(text);
  if (graceMs !== undefined && graceMs <= MOST_GRACE_MS) return graceMs;
  throw new InvalidArgumentError('Write 30m, 1h, 2d or 1w, 30d at the most.');
}
