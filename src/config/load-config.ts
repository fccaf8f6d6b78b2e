// keyward.yaml at the root of a workspace. It is a workspace file, so anyone who can edit the workspace can edit it: it
// tightens at once and loosens only while the operator's trust covers exactly what it says.
import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { CONFIG_FILE } from '../../shared/config/config-file.ts';
import { effectivePolicy, stricterPolicy, strictPolicy } from '../../shared/config/effective-policy.ts';
import { loosenings } from '../../shared/config/loosenings.ts';
import type { Config } from '../../shared/config/schema.ts';
import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { limits } from '../../shared/limits.ts';
import type { Policy } from '../../shared/policy/policy.ts';
import { parseConfig } from './parse-config.ts';
import { readSmallFile } from './read-small-file.ts';

export interface ConfigOptions {
  readonly roots: readonly string[];
  /** Whether the operator accepted a configuration of this hash at this path. */
  readonly isTrusted: (hash: string, file: string) => boolean;
  /**
   * The text that the operator last trusted at this path. Where given, what it tightened keeps holding after an edit or a
   * deletion, until the operator trusts again.
   */
  readonly trustedBefore?: (file: string) => string | undefined;
}

export interface LoadedConfig {
  readonly policy: Policy;
  /** Globs of what to serve; absent means everything that is found. */
  readonly include?: readonly string[];
  /** Absolute path of the keyward.yaml, if there is one. */
  readonly file?: string;
  /** The whole text, to be kept with the trust. */
  readonly text?: string;
  /** Hex SHA-256 over the file and the certificate files that it names: what the operator trusts. */
  readonly hash?: string;
  readonly trusted: boolean;
  /** What the file loosens, whether or not it counts. */
  readonly loosens: readonly string[];
}

/** The policy in force for these roots. Fails with CONFIG/INVALID (with its line) or CONFIG/UNREADABLE; never falls back. */
export function loadConfig(options: ConfigOptions): Result<LoadedConfig> {
  const files = [...new Set(options.roots.map(configPath))];
  const present: Present[] = [];
  for (const file of files) {
    const bytes = readSmallFile(file, limits.configFileBytes);
    if (bytes === undefined) return unreadable(file);
    if (bytes !== 'absent') present.push({ file, bytes });
  }
  const [found, another] = present;
  if (another) return invalid(another.file, 'another root of this workspace has a keyward.yaml too');
  const loaded = found
    ? readConfig(found, options)
    : ok<LoadedConfig>({ policy: strictPolicy, trusted: false, loosens: [] });
  return loaded.ok && !loaded.value.trusted ? keepTightened(loaded.value, files, options) : loaded;
}

interface Present {
  readonly file: string;
  readonly bytes: Buffer;
}

function configPath(root: string): string {
  const path = resolve(root);
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  return join(isFolder ? path : dirname(path), CONFIG_FILE);
}

function readConfig({ file, bytes }: Present, { isTrusted }: ConfigOptions): Result<LoadedConfig> {
  const text = decode(bytes);
  if (text === undefined) return invalid(file, 'its text is not UTF-8');
  const config = parseConfig(text, file);
  if (!config.ok) return config;
  const ca = readCertificates(config.value, file);
  if (!ca.ok) return ca;
  const hash = hashOf([bytes, ...ca.value]);
  const trusted = isTrusted(hash, file);
  const include = config.value.collections;
  return ok({
    policy: effectivePolicy(config.value, trusted, ca.value.map(String)),
    ...(include === undefined ? {} : { include }),
    file,
    text,
    hash,
    trusted,
    loosens: loosenings(config.value),
  });
}

/** A trusted file of these roots that was edited or deleted keeps what it tightened. */
function keepTightened(loaded: LoadedConfig, files: readonly string[], options: ConfigOptions): Result<LoadedConfig> {
  let { policy } = loaded;
  for (const file of files) {
    const text = options.trustedBefore?.(file);
    if (text === undefined) continue;
    const before = parseConfig(text, file);
    if (!before.ok) return before;
    policy = stricterPolicy(policy, effectivePolicy(before.value, false));
  }
  return ok({ ...loaded, policy });
}

function readCertificates(config: Config, file: string): Result<Buffer[]> {
  const certificates: Buffer[] = [];
  for (const name of config.network?.tls?.ca ?? []) {
    const path = resolve(dirname(file), name);
    const bytes = readSmallFile(path, limits.configFileBytes);
    if (bytes === undefined || bytes === 'absent') return unreadable(path);
    if (!bytes.includes('-----BEGIN CERTIFICATE-----')) return invalid(path, 'it holds no certificate in PEM form');
    certificates.push(bytes);
  }
  return ok(certificates);
}

// Of one file this is its plain SHA-256; of several, that over their hashes, so that no byte can move between files.
function hashOf(files: readonly [Buffer, ...Buffer[]]): string {
  const hashes = files.map((bytes) => createHash('sha256').update(bytes).digest());
  const [only, ...others] = hashes;
  return only && others.length === 0
    ? only.toString('hex')
    : createHash('sha256').update(Buffer.concat(hashes)).digest('hex');
}

function decode(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function unreadable(file: string): Result<never> {
  return err(failure('CONFIG/UNREADABLE', { file }, { file }));
}

function invalid(file: string, problem: string): Result<never> {
  return err(failure('CONFIG/INVALID', { file, problem }, { file }));
}
