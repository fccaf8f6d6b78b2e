// What a handle that points outward names, as the operator writes it and as the vault seals it:
//   env:VARIABLE   dotenv:/absolute/file#KEY   vault:PROVIDER/PATH[?version=N]#FIELD   exec:PROVIDER/REFERENCE
// The grammar is narrow, because its parts become arguments of programs and paths of URLs.
import { failure } from '../failure/failure.ts';
import { err, ok, type Result } from '../failure/result.ts';

export type SecretReference =
  | { readonly kind: 'env'; readonly variable: string }
  | { readonly kind: 'dotenv'; readonly file: string; readonly key: string }
  | {
      readonly kind: 'vault';
      readonly provider: string;
      readonly path: string;
      readonly field: string;
      /** The newest where absent. */
      readonly version?: number;
    }
  | { readonly kind: 'exec'; readonly provider: string; readonly reference: string };

/** What a provider is called in keyward.yaml and in references. */
export const PROVIDER_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;
/** POSIX names of environment variables. */
export const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,255}$/;

// No character that a shell, an option parser or a template gives a meaning to, and none that begins an option.
const REFERENCE = /^[A-Za-z0-9][A-Za-z0-9_./@:+-]{0,255}$/;
const DOTENV_KEY = /^[\w.-]{1,256}$/;
const FIELD = /^[\w.@:+ -]{1,256}$/;

/** Reads a reference. Failure: SECRET/INVALID, which does not repeat the text. */
export function parseSecretReference(text: string): Result<SecretReference> {
  const [, kind = '', rest = ''] = /^([a-z]+):(.*)$/s.exec(text) ?? [];
  switch (kind) {
    case 'env':
      return parseEnv(rest);
    case 'dotenv':
      return parseDotenv(rest);
    case 'vault':
      return parseVault(rest);
    case 'exec':
      return parseExec(rest);
    default:
      return invalid('it must be env:VARIABLE, dotenv:FILE#KEY, vault:PROVIDER/PATH#FIELD or exec:PROVIDER/REFERENCE');
  }
}

/** Whether a variable of the environment may be read for a secret or handed to a program: not those with Keyward's own key. */
export function isReadableVariable(name: string): boolean {
  return VARIABLE_NAME.test(name) && !name.toUpperCase().startsWith('KEYWARD_');
}

function parseEnv(variable: string): Result<SecretReference> {
  if (!VARIABLE_NAME.test(variable)) return invalid('a variable has letters, digits and "_" only');
  if (!isReadableVariable(variable)) return invalid('variables of Keyward itself cannot be secrets');
  return ok({ kind: 'env', variable });
}

function parseDotenv(rest: string): Result<SecretReference> {
  const at = rest.lastIndexOf('#');
  const file = rest.slice(0, Math.max(at, 0));
  const key = rest.slice(at + 1);
  if (at < 0 || !DOTENV_KEY.test(key))
    return invalid('write dotenv:FILE#KEY, with a key of letters, digits, "_", "." and "-"');
  if (!/^(?:\/|[A-Za-z]:[\\/])/.test(file) || /\p{Cc}/u.test(file)) return invalid('the file must be an absolute path');
  return ok({ kind: 'dotenv', file, key });
}

function parseVault(rest: string): Result<SecretReference> {
  const [, provider = '', path = '', version, field = ''] =
    /^([^/]+)\/([^#?]+)(?:\?version=([1-9]\d{0,8}))?#(.+)$/.exec(rest) ?? [];
  if (!PROVIDER_NAME.test(provider) || !FIELD.test(field))
    return invalid('write vault:PROVIDER/PATH#FIELD, or vault:PROVIDER/PATH?version=N#FIELD');
  if (!isReference(path) || path.split('/').includes('')) return invalid(REFERENCE_RULE);
  return ok({ kind: 'vault', provider, path, field, ...(version !== undefined && { version: Number(version) }) });
}

function parseExec(rest: string): Result<SecretReference> {
  const at = rest.indexOf('/');
  const provider = rest.slice(0, Math.max(at, 0));
  const reference = rest.slice(at + 1);
  if (!PROVIDER_NAME.test(provider)) return invalid('write exec:PROVIDER/REFERENCE');
  return isReference(reference) ? ok({ kind: 'exec', provider, reference }) : invalid(REFERENCE_RULE);
}

const REFERENCE_RULE =
  'a reference begins with a letter or digit, has letters, digits and _ . / @ : + - only, at most 256, and no part that is "." or ".."';

function isReference(text: string): boolean {
  return REFERENCE.test(text) && !text.split('/').some((part) => part === '.' || part === '..');
}

function invalid(problem: string): Result<never> {
  return err(failure('SECRET/INVALID', { problem: `its source is not usable: ${problem}` }));
}
