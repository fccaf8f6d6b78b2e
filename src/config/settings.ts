// What the operator sets outside any workspace: the environment. The only reader of process.env.
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { type KeySourceKind, keySources } from '../../shared/secret/key-source.ts';
import {
  type KeyMaterial,
  PLACE_VARIABLES,
  SECRET_VARIABLES,
  type TakenVariables,
  takeKeyMaterial,
} from './key-material.ts';

const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const;

export interface Settings {
  /** Absolute path of the data folder. */
  readonly home: string;
  /** Where the vault's key comes from, if stated. */
  readonly keySource?: KeySourceKind;
  /** The backup that a vault in memory is filled from: an absolute path. */
  readonly restore?: string;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  /** What the environment says of serving over HTTP; each wins over http.yaml. */
  readonly http: HttpVariables;
  /** What Node was started with besides its arguments. */
  readonly nodeOptions: string;
  readonly keys: KeyMaterial;
  /** A variable of the environment as it is now, for what the operator named it for. */
  variable(name: string): string | undefined;
}

/** As they stand there. */
export type HttpVariables = Readonly<Partial<Record<HttpVariable, string>>>;

type EnvironmentVariables = Readonly<TakenVariables>;

export interface Machine {
  readonly platform: NodeJS.Platform;
  /** The user's home folder. */
  readonly homeFolder: string;
}

/** The settings of this process; once only, because keys are taken out of its environment. */
export function readProcessSettings(): Result<Settings> {
  return readSettings(process.env, { platform: process.platform, homeFolder: homedir() });
}

/**
 * Settings from environment variables, out of which keys and passphrases are taken; an empty one counts as absent. Fails with
 * CONFIG/INVALID, naming the variable.
 */
export function readSettings(env: TakenVariables, machine: Machine): Result<Settings> {
  const unexpanded = NAMES.find((name) => isUnexpanded(name, env[name] ?? ''));
  const doubled = SECRET_VARIABLES.find((name) => env[name] && env[`${name}_FILE`]);
  const keys = takeKeyMaterial(env);
  if (unexpanded) return invalid(unexpanded, 'its value was not expanded by the client');
  if (doubled) return invalid(doubled, `${doubled}_FILE is set too`);
  const keySource = choose(env, 'KEYWARD_KEY_SOURCE', keySources);
  if (!keySource.ok) return keySource;
  const logLevel = choose(env, 'KEYWARD_LOG_LEVEL', LOG_LEVELS);
  if (!logLevel.ok) return logLevel;
  if (env.KEYWARD_RESTORE && keySource.value !== 'memory') {
    return invalid('KEYWARD_RESTORE', 'it fills a vault in memory only: KEYWARD_KEY_SOURCE=memory');
  }
  return ok({
    home: env.KEYWARD_HOME ? resolve(env.KEYWARD_HOME) : dataFolder(env, machine),
    ...(keySource.value === undefined ? {} : { keySource: keySource.value }),
    ...(env.KEYWARD_RESTORE ? { restore: resolve(env.KEYWARD_RESTORE) } : {}),
    logLevel: logLevel.value ?? 'warn',
    http: httpVariables(env),
    nodeOptions: env.NODE_OPTIONS ?? '',
    keys,
    variable: (name) => env[name],
  });
}

const HTTP_VARIABLES = [
  'KEYWARD_HTTP_CONFIG',
  'KEYWARD_HTTP_LISTEN',
  'KEYWARD_HTTP_MONITOR',
  'KEYWARD_HTTP_HOSTS',
  'KEYWARD_HTTP_PUBLIC_URL',
  'KEYWARD_HTTP_TRUSTED_PROXIES',
] as const;

type HttpVariable = (typeof HTTP_VARIABLES)[number];

const NAMES = [
  'KEYWARD_HOME',
  'KEYWARD_KEY_SOURCE',
  'KEYWARD_RESTORE',
  'KEYWARD_LOG_LEVEL',
  ...HTTP_VARIABLES,
  ...SECRET_VARIABLES,
  ...PLACE_VARIABLES,
];

function httpVariables(env: EnvironmentVariables): HttpVariables {
  const given = HTTP_VARIABLES.flatMap((name) => (env[name] ? [[name, env[name]] as const] : []));
  return Object.fromEntries(given);
}

/** MCP clients differ in what they expand; a literal `${HOME}` would make a folder of that name. */
function isUnexpanded(name: string, value: string): boolean {
  // A passphrase may hold anything, so only one that is nothing else is taken for a reference.
  return SECRET_VARIABLES.some((secret) => secret === name) ? /^\$\{[^}]*\}\r?\n?$/.test(value) : value.includes('${');
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

function invalid(name: string, problem: string): Result<never> {
  return err(failure('CONFIG/INVALID', { file: `environment variable ${name}`, problem }));
}
