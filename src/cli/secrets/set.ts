import { type Command, Option } from 'commander';
import { failure } from '../../../shared/failure/failure.ts';
import { type KeySourceKind, keySources } from '../../../shared/secret/key-source.ts';
import type { Vault } from '../../vault/open-vault.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { fromOption } from '../secret-source.ts';
import { fail, type Session, withData } from '../session.ts';
import { nameOf } from './shown-secret.ts';
import { tellReplaced } from './tell-replaced.ts';
import {
  collect,
  finishStored,
  readCount,
  readExpiry,
  type TierOption,
  takeValue,
  type ValueOptions,
  withTier,
  withVaultToChange,
} from './vault-command.ts';

interface SetOptions extends ValueOptions, TierOption {
  readonly origin?: readonly string[];
  readonly label?: string;
  readonly expires?: number;
  readonly place?: readonly string[];
  readonly method?: readonly string[];
  readonly maxUses?: number;
  readonly replace?: boolean;
  readonly allowPath?: boolean;
  readonly keySource?: KeySourceKind;
}

export function addSet(secrets: Command, session: Session): void {
  const command = secrets
    .command('set')
    .description('store a secret; the value comes from a hidden prompt or --stdin, never from an argument')
    .argument('<name>', 'the NAME of {{vault:NAME}}')
    .option('--origin <url>', 'origin that it may go to: scheme, host, port (repeatable, at least one)', collect)
    .option('--label <text>', 'what it is, for people')
    .option('--expires <when>', 'such as 30d, 12h or 2027-01-31', readExpiry)
    .option(
      '--place <place>',
      'only place it may stand in: auth, header, query, body, cookie, path (repeatable)',
      collect,
    )
    .option('--method <method>', 'only method it may go with, such as GET (repeatable)', collect)
    .option('--max-uses <count>', 'how many requests it may go with at most', readCount)
    .option('--replace', 'set a new value for an existing name; what is not given anew stays, but an expiry')
    .option('--allow-path', 'let it stand in a path segment of the URL')
    .option('--stdin', 'read the value from standard input; one final line break is dropped')
    .addOption(fromOption())
    .addOption(
      new Option('--key-source <source>', 'for the first secret: where the key of the new vault is kept').choices(
        keySources,
      ),
    );
  withData(withTier(command)).action(async (name: string, options: SetOptions) => {
    if (!options.origin && !options.replace && !options.writing) return session.finish(needOrigin(session));
    await withVaultToChange(session, options, (vault) => set(session, vault, name, options));
  });
}

async function set(session: Session, vault: Vault, name: string, options: SetOptions): Promise<ExitCode> {
  const tier = options.writing ? 'writing' : 'reading';
  // Said before a value is typed in vain.
  const taken = vault.describe(name, tier);
  if (taken.ok && !options.replace) return fail(session, failure('SECRET/EXISTS', { name }), options);
  if (!options.origin && !taken.ok && !vault.describe(name, 'reading').ok) return needOrigin(session);
  const value = await takeValue(session, `Value of ${name}`, options);
  if (!value.ok) return fail(session, value.failure, options);
  const stored = vault.set({
    name,
    tier,
    value: value.value,
    outside: options.from !== undefined,
    origins: options.origin ?? [],
    replace: options.replace === true,
    endsReference: true,
    ...(options.label !== undefined && { label: options.label }),
    ...(options.expires !== undefined && { expiresAt: options.expires }),
    ...(options.place && { places: options.place }),
    ...(options.method && { methods: options.method }),
    ...(options.maxUses !== undefined && { maxUses: options.maxUses }),
    ...(options.allowPath && { pathAllowed: true }),
  });
  if (taken.ok && stored.ok) tellReplaced(session.terminal, taken.value, stored.value.info);
  return finishStored(
    session,
    stored,
    options,
    (info) => `${nameOf(info)} stored, for ${info.origins.join(' and ')} only.`,
  );
}

function needOrigin({ terminal }: Session): ExitCode {
  terminal.note('error INPUT/INVALID: a secret needs at least one origin that it may go to.');
  terminal.note('  fix: add --origin URL, such as --origin https://api.example.com');
  return EXIT.usedWrongly;
}
