// Files that people keep credentials in, for the vault to take over: .env, Postman environments and globals, Bruno environments.
import { handleName } from '../collection/handle-part.ts';
import { isObject } from '../collection/narrow.ts';
import { parseBru } from '../dialects/bruno/blocks.ts';
import { parseDotEnv } from '../dialects/bruno/dot-env.ts';
import { failure } from '../failure/failure.ts';
import { err, ok, type Result } from '../failure/result.ts';
import { isSensitiveName } from '../redact/names.ts';
import { type Sealed, seal } from '../secret/seal.ts';
import { lexTemplate } from '../template/lex.ts';
import type { Template } from '../template/template.ts';

export interface SecretFile {
  readonly format: 'env' | 'postman' | 'bruno';
  readonly kind: 'environment' | 'globals';
  readonly entries: readonly SecretEntry[];
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
  return ok({ format: 'env', kind: 'environment', entries });
}

function readPostman(text: string, fileName: string): Result<SecretFile> {
  const root = parsed(text);
  const { values, _postman_variable_scope: scope } = isObject(root) ? root : {};
  if (!Array.isArray(values)) return invalid('it is no Postman environment: it has no list of values');
  const entries = values.flatMap((each: unknown): SecretEntry[] => {
    if (!isObject(each) || typeof each.key !== 'string' || each.enabled === false) return [];
    const value = typeof each.value === 'string' ? each.value : '';
    return [entryOf(each.key, value, each.type === 'secret')];
  });
  const isGlobals = scope === 'globals' || /\.postman_globals(?:\.json)?$/i.test(fileName);
  return ok({ format: 'postman', kind: isGlobals ? 'globals' : 'environment', entries });
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
  return ok({ format: 'bruno', kind: 'environment', entries });
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
