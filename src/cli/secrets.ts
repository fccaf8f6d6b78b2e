// The operator's side of the vault. A value comes in through a hidden prompt or standard input and has no way out.
import { type Command, InvalidArgumentError, Option } from 'commander';
import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import type { HandleInfo } from '../../shared/secret/secret-ref.ts';
import type { KeySourceKind } from '../vault/key-source.ts';
import type { StoredSecret, Vault } from '../vault/open-vault.ts';
import { agreed } from './agree.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { parseExpiry } from './expiry.ts';
import { askHidden, readValue } from './prompt.ts';
import { type DataOptions, fail, type HomeOption, type Session, withData, withHome, withParts } from './session.ts';
import { printPairs, printTable } from './table.ts';
import { printable } from './terminal.ts';

interface ValueOptions extends DataOptions {
  readonly stdin?: boolean;
}

interface SetOptions extends ValueOptions {
  readonly origin?: readonly string[];
  readonly label?: string;
  readonly expires?: number;
  readonly replace?: boolean;
  readonly allowPath?: boolean;
  readonly keySource?: KeySourceKind;
}

interface RotateOptions extends ValueOptions {
  readonly expires?: number;
}

interface BindOptions extends DataOptions {
  readonly origin: readonly string[];
  readonly yes?: boolean;
}

interface DeleteOptions extends HomeOption {
  readonly yes?: boolean;
}

export function addSecrets(program: Command, session: Session): void {
  const secrets = program
    .command('secrets')
    .description('keep secrets for {{vault:NAME}}: values go in and never come out; there is no get')
    .helpCommand(false);
  addSet(secrets, session);
  addShow(secrets, session);
  addBind(secrets, session);
  addRotate(secrets, session);
  addDelete(secrets, session);
}

function addSet(secrets: Command, session: Session): void {
  const command = secrets
    .command('set')
    .description('store a secret; the value comes from a hidden prompt or --stdin, never from an argument')
    .argument('<name>', 'the NAME of {{vault:NAME}}')
    .option('--origin <url>', 'origin that it may go to: scheme, host, port (repeatable, at least one)', collect)
    .option('--label <text>', 'what it is, for people')
    .option('--expires <when>', 'such as 30d, 12h or 2027-01-31', readExpiry)
    .option('--replace', 'set a new value for an existing name; its origins stay unless given anew')
    .option('--allow-path', 'let it stand in a path segment of the URL')
    .option('--stdin', 'read the value from standard input; one final line break is dropped')
    .addOption(
      new Option('--key-source <source>', 'for the first secret: where the key of the new vault is kept').choices([
        'keychain',
        'passphrase',
        'key-file',
      ]),
    );
  withData(command).action(async (name: string, options: SetOptions) => {
    if (!options.origin && !options.replace) return needOrigin(session);
    await withVault(session, options, (vault) => set(session, vault, name, options));
  });
}

async function set(session: Session, vault: Vault, name: string, options: SetOptions): Promise<ExitCode> {
  // Said before a value is typed in vain.
  const taken = vault.describe(name);
  if (taken.ok && !options.replace) return fail(session, failure('SECRET/EXISTS', { name }), options);
  const value = await takeValue(session, `Value of ${name}`, options);
  if (!value.ok) return fail(session, value.failure, options);
  const stored = vault.set({
    name,
    value: value.value,
    origins: options.origin ?? [],
    replace: options.replace === true,
    ...(options.label !== undefined && { label: options.label }),
    ...(options.expires !== undefined && { expiresAt: options.expires }),
    ...(options.allowPath && { pathAllowed: true }),
  });
  return finishStored(
    session,
    stored,
    options,
    (info) => `${info.name} stored, for ${info.origins.join(' and ')} only.`,
  );
}

function needOrigin(session: Session): void {
  session.terminal.note('error INPUT/INVALID: a secret needs at least one origin that it may go to.');
  session.terminal.note('  fix: add --origin URL, such as --origin https://api.example.com');
  session.finish(EXIT.usedWrongly);
}

function addShow(secrets: Command, session: Session): void {
  const list = secrets.command('list').description('list the secrets: names, origins and times, never a value');
  withData(list).action((options: DataOptions) =>
    withVault(session, options, (vault) => {
      const listed = vault.list();
      if (!listed.ok) return fail(session, listed.failure, options);
      if (options.json) session.terminal.json({ secrets: listed.value.map(shown) });
      else printList(session, listed.value);
      return EXIT.done;
    }),
  );
  const describe = secrets.command('describe').description('show one secret: everything but its value');
  withData(describe.argument('<name>', 'name or id')).action((name: string, options: DataOptions) =>
    withSecret(session, options, name, (_, info) => {
      const fields = shown(info);
      if (options.json) session.terminal.json(fields);
      else
        printPairs(
          session.terminal,
          Object.entries(fields).map(([key, value]) => [key, textOf(value)]),
        );
      return EXIT.done;
    }),
  );
}

function printList({ terminal }: Session, secrets: readonly HandleInfo[]): void {
  const columns = [
    { title: 'NAME', cell: ({ name }: HandleInfo) => name },
    { title: 'LABEL', cell: ({ label }: HandleInfo) => label ?? '' },
    { title: 'ORIGINS', cell: ({ origins }: HandleInfo) => origins.join(' ') },
    { title: 'LAST USED', cell: ({ lastUsedAt }: HandleInfo) => dateOf(lastUsedAt) ?? 'never' },
    { title: 'EXPIRES', cell: ({ expiresAt }: HandleInfo) => dateOf(expiresAt) ?? 'never' },
  ];
  printTable(terminal, secrets, columns, 'No secrets yet: keyward secrets set NAME --origin URL.');
}

function addBind(secrets: Command, session: Session): void {
  const bind = secrets
    .command('bind')
    .description('let a secret go to more origins; shows what widens and asks')
    .argument('<name>', 'name or id')
    .requiredOption('--origin <url>', 'origin to add (repeatable)', collect)
    .option('--yes', 'do not ask');
  withData(bind).action((name: string, options: BindOptions) =>
    withSecret(session, options, name, async (vault, info) => {
      session.terminal.note(printable(`${info.name} may go to:  ${info.origins.join('  ')}`));
      session.terminal.note(printable(`it would also go to:  ${options.origin.join('  ')}`));
      if (!(await agreed(session, options, `Bind ${info.name} to ${options.origin.join(' and ')} as well?`)))
        return EXIT.failed;
      const bound = vault.bind(name, options.origin);
      return finishWith(session, bound, options, (now) => `${now.name} may go to ${now.origins.join(' and ')} now.`);
    }),
  );
}

function addRotate(secrets: Command, session: Session): void {
  const rotate = secrets
    .command('rotate')
    .description('set a new value; name, origins and label stay, an expiry is set anew or ends')
    .argument('<name>', 'name or id')
    .option('--expires <when>', 'such as 30d, 12h or 2027-01-31', readExpiry)
    .option('--stdin', 'read the value from standard input; one final line break is dropped');
  withData(rotate).action((name: string, options: RotateOptions) =>
    withSecret(session, options, name, async (vault, info) => {
      const value = await takeValue(session, `New value of ${info.name}`, options);
      if (!value.ok) return fail(session, value.failure, options);
      const { expires } = options;
      const expiry = expires === undefined ? {} : { expiresAt: expires };
      const stored = vault.set({ name: info.name, value: value.value, origins: [], replace: true, ...expiry });
      return finishStored(session, stored, options, ({ name: stays }) => `${stays} has a new value.`);
    }),
  );
}

function addDelete(secrets: Command, session: Session): void {
  const remove = secrets
    .command('delete')
    .description('delete a secret for good; asks first')
    .argument('<name>', 'name or id')
    .option('--yes', 'do not ask');
  withHome(remove).action((name: string, options: DeleteOptions) =>
    withSecret(session, options, name, async (vault, info) => {
      if (!(await agreed(session, options, `Delete ${info.name}? Requests that name it will fail.`)))
        return EXIT.failed;
      const deleted = vault.delete(name);
      if (!deleted.ok) return fail(session, deleted.failure);
      session.terminal.line(printable(`${info.name} deleted.`));
      return EXIT.done;
    }),
  );
}

async function withVault(
  session: Session,
  options: DataOptions & { readonly keySource?: KeySourceKind },
  work: (vault: Vault) => ExitCode | Promise<ExitCode>,
): Promise<void> {
  await withParts(session, options, async (parts) => {
    const vault = await parts.vault(options.keySource);
    if (!vault.ok) return fail(session, vault.failure, options);
    return work(vault.value);
  });
}

function withSecret(
  session: Session,
  options: DataOptions,
  nameOrId: string,
  work: (vault: Vault, info: HandleInfo) => ExitCode | Promise<ExitCode>,
): Promise<void> {
  return withVault(session, options, (vault) => {
    const found = vault.describe(nameOrId);
    return found.ok ? work(vault, found.value) : fail(session, found.failure, options);
  });
}

async function takeValue(session: Session, question: string, { stdin }: ValueOptions): Promise<Result<string>> {
  if (stdin) return readValue(process.stdin);
  if (!session.terminal.interactive) {
    return err(failure('INPUT/INVALID', { problem: 'no value: use --stdin, or run it in a terminal to be asked' }));
  }
  const typed = await askHidden(question);
  return typed ? ok(typed) : err(failure('SECRET/INVALID', { problem: 'no value was given' }));
}

function finishStored(
  session: Session,
  stored: Result<StoredSecret>,
  options: DataOptions,
  sentence: (info: HandleInfo) => string,
): ExitCode {
  if (stored.ok && stored.value.tooShortToScrub) {
    session.terminal.note(
      'warning: a value under 8 characters is taken out of an answer only where it is all of a field; its binding protects it.',
    );
  }
  return finishWith(session, stored.ok ? ok(stored.value.info) : stored, options, sentence);
}

function finishWith(
  session: Session,
  stored: Result<HandleInfo>,
  options: DataOptions,
  sentence: (info: HandleInfo) => string,
): ExitCode {
  if (!stored.ok) return fail(session, stored.failure, options);
  if (options.json) session.terminal.json(shown(stored.value));
  else session.terminal.line(printable(sentence(stored.value)));
  return EXIT.done;
}

function shown(info: HandleInfo): Readonly<Record<string, unknown>> {
  return {
    id: info.id,
    name: info.name,
    ...(info.label !== undefined && { label: info.label }),
    origins: info.origins,
    path_allowed: info.pathAllowed,
    created: dateOf(info.createdAt),
    updated: dateOf(info.updatedAt),
    ...(info.expiresAt !== undefined && { expires: dateOf(info.expiresAt) }),
    ...(info.lastUsedAt !== undefined && { last_used: dateOf(info.lastUsedAt) }),
    use_count: info.useCount,
  };
}

function dateOf(at: number | undefined): string | undefined {
  return at === undefined ? undefined : new Date(at).toISOString();
}

function textOf(value: unknown): string {
  return Array.isArray(value) ? value.join('  ') : String(value);
}

function readExpiry(text: string): number {
  const at = parseExpiry(text, Date.now());
  if (at === undefined)
    throw new InvalidArgumentError('Write 30d, 12h, 90m or 2w, or a future date such as 2027-01-31.');
  return at;
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
