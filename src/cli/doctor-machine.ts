// The doctor's look at the machine: runtime, data folder, vault and its key, journal.
import { describeFailure, type Failure } from '../../shared/failure/failure.ts';
import type { Finding } from './doctor.ts';
import { entangled, MOVE_HOME } from './entangled.ts';
import type { Parts } from './parts.ts';

const OLDEST_MAINTAINED_NODE = 22;

/** `version` as process.versions.node has it. */
export function checkNode(version: string): Finding {
  if (Number.parseInt(version, 10) >= OLDEST_MAINTAINED_NODE) return { state: 'ok', about: 'Node', detail: version };
  return {
    state: 'warning',
    about: 'Node',
    detail: `${version} gets no security updates any more`,
    fix: 'Use Node 22 or 24.',
  };
}

export async function checkHome({ home, roots }: Parts): Promise<Finding> {
  const [{ openHome }, { entangledRoot }] = await Promise.all([
    import('../state/home.ts'),
    import('../workspace/fence.ts'),
  ]);
  const opened = openHome(home);
  if (!opened.ok) return problemOf('data folder', opened.failure);
  const around = entangledRoot(home, roots);
  if (around === undefined) return { state: 'ok', about: 'data folder', detail: home };
  return { state: 'problem', about: 'data folder', detail: entangled(home, around), fix: MOVE_HOME };
}

export async function checkVault(parts: Parts): Promise<Finding[]> {
  const vault = await parts.vault();
  if (!vault.ok) return [problemOf('vault', vault.failure)];
  const checked = vault.value.check();
  if (!checked.ok) return [problemOf('vault', checked.failure)];
  const { exists, secrets, source, warning } = checked.value;
  if (!exists) return [{ state: 'ok', about: 'vault', detail: 'none yet; the first keyward secrets set makes it' }];
  const count = `${secrets} ${secrets === 1 ? 'secret' : 'secrets'}`;
  return [
    { state: 'ok', about: 'vault', detail: `${count}, every record checked; key from ${source}` },
    ...(warning === undefined ? [] : [{ state: 'warning' as const, about: 'vault key', detail: warning }]),
  ];
}

/** Asks the keychain only where it is or would be used: asking can open a dialog on the operator's screen. */
export async function checkKeychain(parts: Parts): Promise<Finding[]> {
  const vault = await parts.vault();
  const status = vault.ok ? vault.value.status() : vault;
  const used = status.ok && status.value.exists ? status.value.source : (parts.keySource ?? 'keychain');
  if (used !== 'keychain') return [{ state: 'ok', about: 'keychain', detail: `not used; the key source is ${used}` }];
  const [{ KEYCHAIN_PROBLEMS, probeKeychain }, { osKeyring }] = await Promise.all([
    import('../vault/keychain.ts'),
    import('../vault/os-keyring.ts'),
  ]);
  const state = probeKeychain(osKeyring);
  if (state === 'available') return [{ state: 'ok', about: 'keychain', detail: 'works' }];
  const fix =
    'Unlock or install it, or choose another key source for a new vault with KEYWARD_KEY_SOURCE: keyward help lists them.';
  const needed = status.ok && status.value.exists;
  return [{ state: needed ? 'problem' : 'warning', about: 'keychain', detail: KEYCHAIN_PROBLEMS[state], fix }];
}

export async function checkJournal(parts: Parts): Promise<Finding> {
  const verified = (await parts.journal()).verify();
  if (!verified.ok) return problemOf('journal', verified.failure);
  const { entries } = verified.value;
  return { state: 'ok', about: 'journal', detail: `whole, ${entries} ${entries === 1 ? 'entry' : 'entries'}` };
}

export function problemOf(about: string, failure: Failure): Finding {
  const { code, message, fix, where } = describeFailure(failure);
  const place = where
    ? `${[where.file, where.line, where.column].filter((part) => part !== undefined).join(':')}  `
    : '';
  return { state: 'problem', about, detail: `${place}${code}: ${message}`, fix };
}
