// Files that people keep credentials in, for the vault to take over: .env, Postman environments and globals, Bruno environments.
import { handleName } from '../collection/handle-part.ts';
import { isObject } from '../collection/narrow.ts';
import { parseBru } from '../dialects/bruno/blocks.ts';
import { parseDotEnv, unreadLines } from '../dialects/bruno/dot-env.ts';
import { failure } from '../failure/failure.ts';
import { err, ok, type Result } from '../failure/result.ts';
import { limits } from '../limits.ts';
import { isSensitiveName } from '../redact/names.ts';
import { type Sealed, seal } from '../secret/seal.ts';
import { lexTemplate } from '../template/lex.ts';
import type { Template } from '../template/template.ts';

export interface SecretFile {
  readonly format: 'env' | 'postman' | 'bruno';
  readonly kind: 'environment' | 'globals';
  readonly entries: readonly SecretEntry[];
  /** What of the file was not read, each in words that hold nothing of it: `line 3 is not NAME=value`. */
  readonly unread: readonly string[];
}

export interface SecretEntry {
  /** As the file has it. */
  readonly name: string;
  /** The name that a handle for it can have. */
  readonly handle: string;
  /** Marked secret in the file, or of a name that a credential has. */
  readonly secret: boolean;
  /** Absent where the file only says that there is one. */
  readonly value?: Sealed;
  /** Why the value that the file has cannot be taken. */
  readonly problem?: string;
  /** What it renders to; a secret's is sealed. */
  readonly template: Template;
}

/** Reads a file by its name and text. Failure: INPUT/INVALID for one of another kind, or that does not parse. */
export function readSecretFile(text: string, fileName: string): Result<SecretFile> {
  if (/\.bru$/i.test(fileName)) return readBruno(text, fileName);
  if (/^\s*\{/.test(text)) return readPostman(text, fileName);
  if (/(?:^|[/\\.])env(?:\.[\w.-]+)?$/i.test(fileName)) return readDotEnv(text);
  return invalid('a file of secrets is .env, a Postman environment or a Bruno environment');
}

function readDotEnv(text: string): Result<SecretFile> {
  const entries = Array.from(parseDotEnv(text), ([name, value]) => entryOf(name, value, false));
  const cut = text.length > limits.dotEnvChars ? [`what follows the first ${limits.dotEnvChars} characters`] : [];
  const unread = [...unreadLines(text).map((line) => `line ${line} is not NAME=value`), ...cut];
  return ok({ format: 'env', kind: 'environment', entries, unread });
}

function readPostman(text: string, fileName: string): Result<SecretFile> {
  const root = parsed(text);
  const { values, _postman_variable_scope: scope } = isObject(root) ? root : {};
  if (!Array.isArray(values)) return invalid('it is no Postman environment: it has no list of values');
  const unread = values.flatMap((each: unknown, index) =>
    isObject(each) && typeof each.key === 'string' ? [] : [`value ${index + 1} has no name`],
  );
  const entries = values.flatMap((each: unknown): SecretEntry[] => {
    if (!isObject(each) || typeof each.key !== 'string' || each.enabled === false) return [];
    const text = plainText(each.value);
    const entry = entryOf(each.key, text ?? '', each.type === 'secret');
    return [text === undefined ? { ...entry, problem: 'its value in the file is no text: put it in quotes' } : entry];
  });
  const isGlobals = scope === 'globals' || /\.postman_globals(?:\.json)?$/i.test(fileName);
  return ok({ format: 'postman', kind: isGlobals ? 'globals' : 'environment', entries, unread });
}

/** Empty for a value that there is not; undefined for one whose text JSON does not keep, such as a long number. */
function plainText(value: unknown): string | undefined {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `vars` with values; `vars:secret` with names alone, whose values Bruno keeps elsewhere. */
function readBruno(text: string, fileName: string): Result<SecretFile> {
  const blocks = parseBru(text, fileName, 'environment');
  if (!blocks.ok) return blocks;
  const entries = blocks.value.flatMap((block): SecretEntry[] => {
    if (block.kind !== 'pairs') return [];
    const pairs = block.pairs.filter(({ name, enabled }) => enabled && name !== '');
    if (block.name === 'vars') return pairs.map(({ name, value }) => entryOf(name, value, false));
    return block.name === 'vars:secret' ? pairs.map(({ name }) => entryOf(name, '', true)) : [];
  });
  return ok({ format: 'bruno', kind: 'environment', entries, unread: [] });
}

function entryOf(name: string, value: string, marked: boolean): SecretEntry {
  const secret = marked || isSensitiveName(name);
  const sealed = value === '' ? undefined : seal(value);
  const hidden: Template = sealed ? [{ kind: 'sealed', value: sealed }] : [];
  return {
    name,
    handle: handleName(name),
    secret,
    ...(sealed && { value: sealed }),
    template: secret ? hidden : lexTemplate(value),
  };
}

function invalid(problem: string): Result<never> {
  return err(failure('INPUT/INVALID', { problem }));
}
