// keyward.yaml at the root of a workspace. It is a workspace file, so anyone who can edit the workspace can edit it: it
// tightens at once and loosens only while the operator's trust covers exactly what it says.
import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import { effectivePolicy, heldBy, stricterPolicy, strictPolicy } from '../../shared/config/effective-policy.ts';
import { loosenings } from '../../shared/config/loosenings.ts';
import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { limits } from '../../shared/limits.ts';
import type { Policy } from '../../shared/policy/policy.ts';
import type { ConfigPlace } from './config-place.ts';
import { parseConfig } from './parse-config.ts';
import { namesCertificates, readCertificates } from './read-certificates.ts';
import { readSmallFile } from './read-small-file.ts';

export interface ConfigOptions {
  readonly place: ConfigPlace;
  /** Whether the operator accepted a configuration of this hash at this path. */
  readonly isTrusted: (hash: string, file: string) => boolean;
  /**
   * The text that the operator last trusted at this path. Where given, what it tightened keeps holding after an edit or a
   * deletion, until the operator trusts again.
   */
  readonly trustedBefore?: (file: string) => TextBefore | undefined;
  /** Whether the operator accepted a keyward.yaml of this text at this path. */
  readonly isKnown?: (text: string, file: string) => boolean;
  /**
   * The operator asks, not an agent: the certificate files are read whoever wrote their names. Otherwise those of a text that the
   * operator never accepted are not touched, so that its author learns nothing of files elsewhere.
   */
  readonly asOperator?: boolean;
  /** Whether a path lies where nothing may be read from: the data folder. */
  readonly isForbidden: (path: string) => boolean;
}

export interface TextBefore {
  readonly text: string;
  /** False where nothing proves that the operator trusted it. */
  readonly vouched: boolean;
}

export interface LoadedConfig {
  readonly policy: Policy;
  /** Globs of what to serve, as trusted: what one names exactly is served though it is ignored. Absent: everything found. */
  readonly include?: readonly string[];
  /**
   * Lists that only narrow, each of them: those of a file that is not trusted, and of what was trusted here before. A file
   * is served if it matches one glob of every list.
   */
  readonly alsoWithin?: readonly (readonly string[])[];
  /** Absolute path of the keyward.yaml, if there is one. */
  readonly file?: string;
  /** The whole text, to be kept with the trust. */
  readonly text?: string;
  /** Hex SHA-256 over the file and the certificate files that it names, where those were read: what the operator trusts. */
  readonly hash?: string;
  readonly trusted: boolean;
  /** What the file loosens, whether or not it counts. */
  readonly loosens: readonly string[];
}

/**
 * The policy in force for these roots. Fails with CONFIG/INVALID (with its line), CONFIG/UNREADABLE, or CONFIG/HOME_UNSAFE for
 * a root in the data folder, COLLECTION/UNREADABLE for one that is not there now; never falls back. Not for the operator, it fails
 * with POLICY/UNTRUSTED_CONFIG where a text that nothing vouches for had a proxy: neither that way nor any other can be taken.
 */
export function loadConfig(options: ConfigOptions): Result<LoadedConfig> {
  const { files } = options.place;
  const there = options.place.check();
  if (!there.ok) return there;
  const present: Present[] = [];
  for (const file of files) {
    if (options.isForbidden(file)) {
      return err(failure('CONFIG/HOME_UNSAFE', { home: dirname(file), problem: 'it is named as a workspace' }));
    }
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

function readConfig({ file, bytes }: Present, options: ConfigOptions): Result<LoadedConfig> {
  const text = decode(bytes);
  if (text === undefined) return invalid(file, 'its text is not UTF-8');
  const config = parseConfig(text, file);
  if (!config.ok) return config;
  const { network } = config.value;
  const touches = !namesCertificates(network) || options.asOperator === true || options.isKnown?.(text, file) === true;
  const files = touches ? readCertificates(network, file, options.isForbidden) : ok(undefined);
  if (!files.ok) return files;
  const hash = files.value && hashOf([bytes, ...files.value.bytes]);
  const trusted = hash !== undefined && options.isTrusted(hash, file);
  const include = config.value.collections;
  return ok({
    policy: effectivePolicy(config.value, trusted, files.value),
    ...(include && (trusted ? { include } : { alsoWithin: [include] })),
    file,
    text,
    ...(hash === undefined ? {} : { hash }),
    trusted,
    loosens: loosenings(config.value),
  });
}

/** A trusted file of these roots that was edited or deleted keeps what it tightened. */
function keepTightened(loaded: LoadedConfig, files: readonly string[], options: ConfigOptions): Result<LoadedConfig> {
  let { policy } = loaded;
  const alsoWithin = [...(loaded.alsoWithin ?? [])];
  for (const file of files) {
    const before = options.trustedBefore?.(file);
    if (before === undefined) continue;
    const config = parseConfig(before.text, file);
    if (!config.ok) return config;
    if (!before.vouched && config.value.network?.proxy !== undefined && options.asOperator !== true) {
      return err(failure('POLICY/UNTRUSTED_CONFIG', { what: DOUBTED_PROXY }, { file }));
    }
    policy = before.vouched
      ? heldBy(config.value, policy)
      : stricterPolicy(policy, effectivePolicy(config.value, false));
    if (config.value.collections !== undefined) alsoWithin.push(config.value.collections);
  }
  return ok({ ...loaded, policy, ...(alsoWithin.length > 0 && { alsoWithin }) });
}

const DOUBTED_PROXY = 'the note that its network.proxy was trusted does not verify';

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
