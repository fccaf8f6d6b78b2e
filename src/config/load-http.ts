// http.yaml, in the data folder or where KEYWARD_HTTP_CONFIG says: what the operator sets for serving over HTTP. Never from a
// workspace: agents edit what lies there.
import { isAbsolute, join } from 'node:path';
import { type Checked, checkStrict } from '../../shared/config/check-strict.ts';
import { type HttpConfig, httpFields, httpSchema } from '../../shared/config/http-schema.ts';
import type { HttpSettings } from '../../shared/config/http-settings.ts';
import { httpJsonSchema } from '../../shared/config/json-schema.ts';
import { httpProblem, statedHttp } from '../../shared/config/stated-http.ts';
import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { limits } from '../../shared/limits.ts';
import { readOperatorFile } from './operator-file.ts';
import { type ParsedConfig, parseChecked } from './parse-config.ts';
import { readServerCertificate, readServerKey } from './server-key.ts';
import type { HttpVariables } from './settings.ts';

export interface HttpSources {
  /** Absolute path of the data folder. */
  readonly home: string;
  /** `Settings.http`. */
  readonly variables: HttpVariables;
  /** What the command line says (`serve --http LISTEN`); wins over the environment. */
  readonly listen?: string;
  /** Whether a path lies in a workspace that is served, as `createFence(roots).holds` tells; no file may. */
  readonly isServed: (path: string) => boolean;
}

const FILE = 'http.yaml';

/**
 * The settings for serving over HTTP: the command line over the environment over http.yaml over the defaults. Without a file all of them
 * have their defaults, unless KEYWARD_HTTP_CONFIG names it. To be called before anything else opens files, so that the
 * descriptor of a key (`tls.keyFd`) cannot be one of our own. Failures: CONFIG/UNREADABLE; CONFIG/INVALID, at its line, or naming
 * the variable.
 */
export function loadHttpSettings(sources: HttpSources): Result<HttpSettings> {
  const read = readStated(sources);
  if (!read.ok) return read;
  const { stated, file } = read.value;
  const tls = stated.tls && readServerKey(stated.tls, file, sources.isServed);
  if (tls && !tls.ok) return tls;
  return ok(statedHttp(stated, tls?.value));
}

export interface CheckedHttp extends Omit<HttpSettings, 'tls'> {
  /** Without the key. */
  readonly tls?: { readonly cert: string };
  /** The descriptor that a server would be handed the key of its certificate on. */
  readonly keyFd?: number;
}

/**
 * The same for a process that only looks: a key on a descriptor is for the server that is handed it, and is left there. Failures: as
 * those.
 */
export function checkHttpSettings(sources: HttpSources): Result<CheckedHttp> {
  const read = readStated(sources);
  if (!read.ok) return read;
  const { stated, file } = read.value;
  const { keyFd } = stated.tls ?? {};
  const readTls = keyFd === undefined ? readServerKey : readServerCertificate;
  const tls = stated.tls && readTls(stated.tls, file, sources.isServed);
  if (tls && !tls.ok) return tls;
  const { tls: _, ...settings } = statedHttp(stated, undefined);
  return ok({ ...settings, ...(tls && { tls: { cert: tls.value.cert } }), ...(keyFd !== undefined && { keyFd }) });
}

/** Where http.yaml stands, whether or not anything is there. */
export function httpConfigFile({ home, variables }: Pick<HttpSources, 'home' | 'variables'>): string {
  return variables.KEYWARD_HTTP_CONFIG ?? join(home, FILE);
}

interface StatedFile {
  readonly stated: HttpConfig;
  readonly file: string;
}

function readStated({ home, variables, listen, isServed }: HttpSources): Result<StatedFile> {
  const file = httpConfigFile({ home, variables });
  if (!isAbsolute(file)) return refuseVariable('KEYWARD_HTTP_CONFIG', 'it must be an absolute path');
  const read = readOperatorFile(file, { maxBytes: limits.configFileBytes, isServed });
  if (!read.ok) return read;
  if (read.value === undefined && variables.KEYWARD_HTTP_CONFIG !== undefined) return unreadable(file);
  const parsed = parseHttp(read.value ?? Buffer.alloc(0), file);
  if (!parsed.ok) return parsed;
  const stated = withVariables(parsed.value.config, { ...variables, ...(listen && { '--http': listen }) });
  if (!stated.ok) return stated;
  const problem = httpProblem(stated.value);
  return problem ? parsed.value.refuse(problem) : ok({ stated: stated.value, file });
}

function parseHttp(bytes: Buffer, file: string): Result<ParsedConfig<HttpConfig>> {
  const check = (value: unknown): Checked<HttpConfig> => checkStrict(httpSchema, httpJsonSchema, value);
  try {
    return parseChecked(new TextDecoder('utf-8', { fatal: true }).decode(bytes), file, check);
  } catch (error) {
    if (error instanceof TypeError) return invalid(file, 'its text is not UTF-8');
    throw error;
  }
}

type Stated = HttpVariables & { readonly '--http'?: string };

/** In the order in which they win, the last over all others. */
const OVERRIDES = [
  ['KEYWARD_HTTP_LISTEN', 'listen', whole],
  ['--http', 'listen', whole],
  ['KEYWARD_HTTP_MONITOR', 'monitor', whole],
  ['KEYWARD_HTTP_HOSTS', 'hosts', listed],
  ['KEYWARD_HTTP_PUBLIC_URL', 'publicUrl', whole],
  ['KEYWARD_HTTP_TRUSTED_PROXIES', 'trustedProxies', listed],
] as const;

function withVariables(config: HttpConfig, given: Stated): Result<HttpConfig> {
  let stated = config;
  for (const [name, key, read] of OVERRIDES) {
    const value = given[name];
    if (value === undefined) continue;
    const checked = httpFields[key].safeParse(read(value));
    if (!checked.success) return refuseVariable(name, `it ${checked.error.issues[0]?.message ?? 'is not valid'}`);
    stated = { ...stated, [key]: checked.data };
  }
  return ok(stated);
}

function whole(text: string): string {
  return text.trim();
}

function listed(text: string): string[] {
  return text.split(',').flatMap((entry) => entry.trim() || []);
}

function refuseVariable(name: string, problem: string): Result<never> {
  const file = name.startsWith('-') ? `option ${name}` : `environment variable ${name}`;
  return err(failure('CONFIG/INVALID', { file, problem }));
}

function unreadable(file: string): Result<never> {
  return err(failure('CONFIG/UNREADABLE', { file }, { file }));
}

function invalid(file: string, problem: string): Result<never> {
  return err(failure('CONFIG/INVALID', { file, problem }, { file }));
}
