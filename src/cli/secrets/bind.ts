// Changing what a secret may be used for. What widens is shown and asked about; what narrows is done.
import type { Command } from 'commander';
import { compareRules, type ListChange, type Rebinding, rebind } from '../../../shared/secret/rebind.ts';
import type { HandleInfo } from '../../../shared/secret/secret-ref.ts';
import type { Vault } from '../../vault/open-vault.ts';
import { agreed } from '../agree.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { type DataOptions, fail, type Session, withData } from '../session.ts';
import { printable } from '../terminal.ts';
import { nameOf } from './shown-secret.ts';
import {
  collect,
  finishWith,
  readCount,
  readExpiry,
  type TierOption,
  withSecretToChange,
  withTier,
} from './vault-command.ts';

interface BindOptions extends DataOptions, TierOption {
  readonly origin?: readonly string[];
  readonly onlyOrigin?: readonly string[];
  readonly place?: readonly string[];
  readonly onlyPlace?: readonly string[];
  readonly anyPlace?: boolean;
  readonly method?: readonly string[];
  readonly onlyMethod?: readonly string[];
  readonly anyMethod?: boolean;
  /** false: --no-expires. */
  readonly expires?: number | false;
  readonly maxUses?: number | false;
  readonly yes?: boolean;
}

export function addBind(secrets: Command, session: Session): void {
  const bind = secrets
    .command('bind')
    .description('change what a secret may be used for; shows what widens and asks, narrows without asking')
    .argument('<name>', 'name or id')
    .option('--origin <url>', 'origin to add (repeatable)', collect)
    .option('--only-origin <url>', 'the only origin from now on (repeatable)', collect)
    .option('--place <place>', 'place to add: auth, header, query, body, cookie, path (repeatable)', collect)
    .option('--only-place <place>', 'the only place from now on (repeatable)', collect)
    .option('--any-place', 'every place but the path')
    .option('--method <method>', 'method to add (repeatable)', collect)
    .option('--only-method <method>', 'the only method from now on (repeatable)', collect)
    .option('--any-method', 'every method')
    .option('--expires <when>', 'such as 30d, 12h or 2027-01-31', readExpiry)
    .option('--no-expires', 'it does not expire any more')
    .option('--max-uses <count>', 'how many requests it may go with at most', readCount)
    .option('--no-max-uses', 'it may be used as often as needed')
    .option('--yes', 'do not ask');
  withData(withTier(bind)).action((name: string, options: BindOptions) => {
    if (Object.keys(rebindingOf(options)).length === 0) return session.finish(changesNothing(session));
    return withSecretToChange(session, options, name, (vault, info) => change(session, vault, info, options));
  });
}

function changesNothing({ terminal }: Session): ExitCode {
  terminal.note('Nothing changes: name what to add or to leave, see keyward secrets bind --help.');
  return EXIT.usedWrongly;
}

async function change(session: Session, vault: Vault, info: HandleInfo, options: BindOptions): Promise<ExitCode> {
  const { terminal } = session;
  const rebinding = rebindingOf(options);
  const after = rebind(info, rebinding, Date.now());
  if (!after.ok) return fail(session, after.failure, options);
  const { widens, narrows } = compareRules(info, after.value);
  if (widens.length + narrows.length === 0) return changesNothing(session);
  terminal.note(printable(`${nameOf(info)} may go to:  ${info.origins.join('  ')}`));
  const narrowed = narrows.length > 0 ? [`it would no longer have:  ${narrows.join('  ')}`] : [];
  const widened = widens.length > 0 ? [`it would also have:  ${widens.join('  ')}`] : [];
  for (const line of [...narrowed, ...widened]) terminal.note(printable(line));
  if (widens.length > 0 && !(await agreed(session, options, `Widen ${nameOf(info)} by ${widens.join(' and ')}?`))) {
    return EXIT.failed;
  }
  const bound = vault.bind(info.id, rebinding, info.updatedAt);
  return finishWith(session, bound, options, (now) => `${nameOf(now)} may go to ${now.origins.join(' and ')} now.`);
}

function rebindingOf(options: BindOptions): Rebinding {
  const { expires, maxUses } = options;
  const origins = listChange(options.origin, options.onlyOrigin);
  const places = listChange(options.place, options.anyPlace ? 'any' : options.onlyPlace);
  const methods = listChange(options.method, options.anyMethod ? 'any' : options.onlyMethod);
  return {
    ...(origins && { origins }),
    ...(places && { places }),
    ...(methods && { methods }),
    ...(expires !== undefined && { expiresAt: expires === false ? null : expires }),
    ...(maxUses !== undefined && { maxUses: maxUses === false ? null : maxUses }),
  };
}

function listChange(add: readonly string[] | undefined, only: ListChange['only']): ListChange | undefined {
  if (!add && !only) return undefined;
  return { ...(add && { add }), ...(only && { only }) };
}
