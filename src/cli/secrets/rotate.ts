import type { Command } from 'commander';
import { type Failure, failure } from '../../../shared/failure/failure.ts';
import type { HandleInfo, SecretSourceKind } from '../../../shared/secret/secret-ref.ts';
import { fromOption } from '../secret-source.ts';
import { fail, type Session, withData } from '../session.ts';
import { nameOf } from './shown-secret.ts';
import { tellReplaced } from './tell-replaced.ts';
import {
  finishStored,
  readExpiry,
  type TierOption,
  takeValue,
  type ValueOptions,
  withSecretToChange,
  withTier,
} from './vault-command.ts';

interface RotateOptions extends ValueOptions, TierOption {
  readonly expires?: number;
}

export function addRotate(secrets: Command, session: Session): void {
  const rotate = secrets
    .command('rotate')
    .description('set a new value; id, name and what it may be used for stay, an expiry is set anew or ends')
    .argument('<name>', 'name or id')
    .option('--expires <when>', 'such as 30d, 12h or 2027-01-31', readExpiry)
    .option('--stdin', 'read the value from standard input; one final line break is dropped')
    .addOption(fromOption());
  withData(withTier(rotate)).action((name: string, options: RotateOptions) =>
    withSecretToChange(session, options, name, async (vault, info) => {
      const { source = 'value' } = info;
      // Said before a value is typed in vain; the vault refuses it as well.
      if (source !== 'value' && options.from === undefined) return fail(session, keptOutside(info, source), options);
      const value = await takeValue(session, `New value of ${nameOf(info)}`, options);
      if (!value.ok) return fail(session, value.failure, options);
      const { expires } = options;
      const stored = vault.set({
        name: info.name,
        tier: info.tier ?? 'reading',
        value: value.value,
        outside: options.from !== undefined,
        origins: [],
        replace: true,
        ...(expires !== undefined && { expiresAt: expires }),
      });
      if (stored.ok) tellReplaced(session.terminal, info, stored.value.info);
      return finishStored(session, stored, options, (stays) => `${nameOf(stays)} has a new value.`);
    }),
  );
}

function keptOutside(info: HandleInfo, source: SecretSourceKind): Failure {
  const set = `keyward secrets set ${info.name}${info.tier === 'writing' ? ' --writing' : ''} --replace`;
  const instead = `--from names another place, keyward secrets bind sets its expiry, and ${set} keeps a value here in its stead`;
  return failure('SECRET/INVALID', {
    problem: `its value is kept outside (${source}), where a new one is set; ${instead}`,
  });
}
