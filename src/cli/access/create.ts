import type { Command } from 'commander';
import { EXIT } from '../exit-code.ts';
import { collect, readExpiry } from '../secrets/vault-command.ts';
import { type DataOptions, fail, type Session, withData } from '../session.ts';
import { givenScopes } from './given-scopes.ts';
import { finishMade } from './shown-key.ts';
import { withKeys } from './with-keys.ts';

interface CreateOptions extends DataOptions {
  readonly scope?: readonly string[];
  readonly expires?: number;
}

const AFTER = `
Scopes: read (what is saved), execute (requests that change nothing), execute:unsafe (all requests), history, secrets
(names only); without one of these: read, execute, history and secrets. collection:NAME, environment:NAME and handle:NAME leave
nothing but those named. Scopes narrow what keyward.yaml allows; they never widen it.`;

export function addCreate(access: Command, session: Session): void {
  const create = access
    .command('create')
    .description('make a key for a caller and print it, this once')
    .argument('<name>', 'what the caller is called in lists and in the journal')
    .option('--scope <scope>', 'what it may do, see below (repeatable)', collect)
    .option('--expires <when>', 'such as 90d, 12h or 2027-01-31 (default: never)', readExpiry)
    .addHelpText('after', AFTER);
  withData(create).action((name: string, options: CreateOptions) => {
    const scopes = givenScopes(options.scope ?? []);
    if (!scopes.ok) {
      fail(session, scopes.failure, options);
      return session.finish(EXIT.usedWrongly);
    }
    const { expires } = options;
    return withKeys(session, options, (keys) => {
      const made = keys.create({ name, scopes: scopes.value, ...(expires !== undefined && { expiresAt: expires }) });
      return made.ok ? finishMade(session, made.value, options) : fail(session, made.failure, options);
    });
  });
}
