// What the operator sets outside any workspace: the environment. The only reader of process.env.
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { readSmallFile } from './read-small-file.ts';

const KEY_SOURCES = ['keychain', 'passphrase', 'key-file'] as const;
const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const;

export interface Settings {
  /** Absolute path of the data folder. */
  readonly home: string;
  /** Where the vault's key comes from, if stated. */
  readonly keySource?: (typeof KEY_SOURCES)[number];
  readonly logLevel: (typeof LOG_LEVELS)[number];
  /** Reads the passphrase each time, so that no settings object holds it. Fails with CONFIG/UNREADABLE or CONFIG/INVALID. */
  passphrase(): Result<string | undefined>;
}

export type EnvironmentVariables = Readonly<Record<string, string | undefined>>;

export interface Machine {
  readonly platform: NodeJS.Platform;
  /** The user's home folder. */
  readonly homeFolder: string;
}

/** The settings of this process. */
export function readProcessSettings(): Result<Settings> {
  return readSettings(process.env, { platform: process.platform, homeFolder: homedir() });
}

/** Settings from environment variables; an empty one counts as absent. Fails with CONFIG/INVALID, naming the variable. */
export function readSettings(env: EnvironmentVariables, machine: Machine): Result<Settings> {
  const unexpanded = NAMES.find((name) => isUnexpanded(name, env[name] ?? ''));
  if (unexpanded) return invalid(unexpanded, 'its value was not expanded by the client');
  const keySource = choose(env, 'KEYWARD_KEY_SOURCE', KEY_SOURCES);
  if (!keySource.ok) return keySource;
  const logLevel = choose(env, 'KEYWARD_LOG_LEVEL', LOG_LEVELS);
  if (!logLevel.ok) return logLevel;
  if (env.KEYWARD_PASSPHRASE && env.KEYWARD_PASSPHRASE_FILE) {
    return invalid('KEYWARD_PASSPHRASE', 'KEYWARD_PASSPHRASE_FILE is set too');
  }
  return ok({
    home: env.KEYWARD_HOME ? resolve(env.KEYWARD_HOME) : dataFolder(env, machine),
    ...(keySource.value === undefined ? {} : { keySource: keySource.value }),
    logLevel: logLevel.value ?? 'warn',
    passphrase: () => readPassphrase(env),
  });
}

const NAMES = [
  'KEYWARD_HOME',
  'KEYWARD_KEY_SOURCE',
  'KEYWARD_PASSPHRASE',
  'KEYWARD_PASSPHRASE_FILE',
  'KEYWARD_LOG_LEVEL',
] as const;

/** MCP clients differ in what they expand; a literal `${HOME}` would make a folder of that name. */
function isUnexpanded(name: (typeof NAMES)[number], value: string): boolean {
  // A passphrase may hold anything, so only one that is nothing else is taken for a reference.
  return name === 'KEYWARD_PASSPHRASE' ? /^\$\{[^}]*\}$/.test(value) : value.includes('${');
}

function choose<T extends string>(
  env: EnvironmentVariables,
  name: string,
  allowed: readonly T[],
): Result<T | undefined> {
  const value = env[name];
  if (!value) return ok(undefined);
  const found = allowed.find((choice) => choice === value);
  return found === undefined ? invalid(name, `it must be ${allowed.join(', ')}`) : ok(found);
}

/** Where this platform keeps the data of applications (XDG Base Directory Specification on Linux). */
function dataFolder(env: EnvironmentVariables, { platform, homeFolder }: Machine): string {
  if (platform === 'darwin') return join(homeFolder, 'Library', 'Application Support', 'keyward');
  if (platform === 'win32') return join(env.APPDATA || join(homeFolder, 'AppData', 'Roaming'), 'keyward');
  const data = env.XDG_DATA_HOME;
  return join(data && isAbsolute(data) ? data : join(homeFolder, '.local', 'share'), 'keyward');
}

const MAX_PASSPHRASE_BYTES = 64 * 1024;

function readPassphrase(env: EnvironmentVariables): Result<string | undefined> {
  const path = env.KEYWARD_PASSPHRASE_FILE;
  if (!path) return ok(env.KEYWARD_PASSPHRASE || undefined);
  const bytes = readSmallFile(path, MAX_PASSPHRASE_BYTES);
  if (bytes === undefined || bytes === 'absent') return err(failure('CONFIG/UNREADABLE', { file: path }));
  const passphrase = bytes.toString('utf8').replace(/\r?\n$/, '');
  return passphrase === '' ? invalid('KEYWARD_PASSPHRASE_FILE', 'the file is empty') : ok(passphrase);
}

function invalid(name: string, problem: string): Result<never> {
  return err(failure('CONFIG/INVALID', { file: `environment variable ${name}`, problem }));
}
