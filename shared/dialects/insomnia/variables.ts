// Environments: nested data becomes variables with dotted names, as `_.a.b` refers to them. A value may be composed of other
// values, as in `{{ _.scheme }}://{{ _.host }}`. A secret never enters a value that is not itself one: there the reference
// is data and stays text, because values are also what scripts store of answers.
import { handlePart } from '../../collection/handle-part.ts';
import type { Variable } from '../../collection/model.ts';
import { isObject, type JsonObject, listOr, objectOr, textOf } from '../../collection/narrow.ts';
import { sealPlain, sealText, sealVariable } from '../../collection/seal-literals.ts';
import { limits } from '../../limits.ts';
import { isSensitiveName } from '../../redact/names.ts';
import { plainTemplate } from '../../template/lex.ts';
import type { Template } from '../../template/template.ts';
import { type LexContext, lexInsomnia, nameOfSteps, referenceNames } from './lex.ts';

/** The data of an environment or a folder, with what Insomnia's table editor knows of it beyond that. */
export interface EnvironmentData {
  /** The environment that is chosen by this name; the base environment always holds and has none. */
  readonly scope?: string;
  readonly data: unknown;
  readonly pairs: unknown;
}

/** The variables that an environment or folder states itself. */
export function readVariables({ scope, data, pairs }: EnvironmentData, context: LexContext): Variable[] {
  const entries = isObject(data) ? leaves(data, [], []) : [];
  const stated = entries.flatMap((leaf) => variableOf(leaf, scope, context, true));
  const disabled = listOr(pairs).flatMap((pair) => {
    if (!isObject(pair) || pair.enabled !== false || textOf(pair.name) === '') return [];
    const secret = pair.type === 'secret';
    const steps = secret ? [VAULT, textOf(pair.name)] : [textOf(pair.name)];
    return variableOf({ steps, value: pair.value }, scope, context, false);
  });
  return [...stated, ...disabled];
}

/** What the environments of a file say of `_.vault`: names of encrypted values, and of those from before there was a vault. */
export function vaultContext(all: readonly EnvironmentData[]): LexContext {
  const stated = all.map(({ data }) => objectOr(data));
  const legacyVault = stated.flatMap(({ vault }) => namesIn(vault));
  const encrypted = stated.flatMap((data) => namesIn(data[VAULT]));
  return { vault: new Set([...encrypted, ...legacyVault]), legacyVault: new Set(legacyVault) };
}

function namesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return leaves(value, [], []).map(({ steps }) => nameOfSteps(steps));
}

/** The variables that refer to a secret without being one, and those that refer to them. */
export function secretReferrers(all: readonly EnvironmentData[], context: LexContext): Set<string> {
  const referrers = new Map<string, string[]>();
  const found: string[] = [];
  for (const { steps, value } of all.flatMap(({ data }) => (isObject(data) ? leaves(data, [], []) : []))) {
    const name = nameOfSteps(steps);
    if (typeof value !== 'string' || isSecretName(name)) continue;
    const names = referenceNames(lexInsomnia(value, context));
    if (names.some((to) => isInlineSecret(to, context))) found.push(name);
    for (const to of names) {
      const known = referrers.get(to);
      if (known) known.push(name);
      else referrers.set(to, [name]);
    }
  }
  const reached = new Set<string>();
  for (let name = found.pop(); name !== undefined; name = found.pop()) {
    if (reached.has(name)) continue;
    reached.add(name);
    for (const referrer of referrers.get(name) ?? []) found.push(referrer);
  }
  return reached;
}

/** The variable for a secret that only sub-environments state: without one of them it is the handle of its name. */
export function vaultVariable(name: string): Variable {
  return { name: `vault.${name}`, value: [handlePart(name)], enabled: true, secret: true };
}

/** The key of the secrets in an environment's data, whose values are encrypted. */
export const VAULT = '__insomnia_vault';

interface Leaf {
  readonly steps: readonly string[];
  readonly value: unknown;
}

function leaves(value: object, above: readonly string[], found: Leaf[]): Leaf[] {
  if (above.length >= limits.itemDepth) return found;
  for (const [key, inner] of Object.entries<unknown>({ ...value })) {
    const steps = [...above, key];
    if (typeof inner === 'object' && inner !== null) leaves(inner, steps, found);
    else if (key !== '') found.push({ steps, value: inner });
  }
  return found;
}

function variableOf(
  { steps, value }: Leaf,
  scope: string | undefined,
  context: LexContext,
  enabled: boolean,
): Variable[] {
  const [first, ...rest] = steps;
  const scoped = scope === undefined ? {} : { scope };
  if (first === VAULT && rest.length > 0) {
    // What stands there is encrypted for Insomnia alone.
    const handle = handlePart(nameOfSteps(rest), scoped);
    return [{ name: `vault.${nameOfSteps(rest)}`, value: [handle], enabled, secret: true }];
  }
  const name = nameOfSteps(steps);
  const text = textOf(value);
  if (first === 'vault' && rest.length > 0) {
    const otherwise = lexInsomnia(text, context, sealText);
    return [{ name, value: [handlePart(nameOfSteps(rest), { ...scoped, otherwise })], enabled, secret: true }];
  }
  const template = valueTemplate(name, value, text, context);
  const secret = isSecretName(name) || template.some(({ kind }) => kind === 'handle');
  return [{ name, value: template, enabled, secret }];
}

function valueTemplate(name: string, value: unknown, text: string, context: LexContext): Template {
  if (isSecretName(name)) return lexInsomnia(text, context, (literal) => sealVariable(literal, 'named'));
  if (typeof value !== 'string') return plainTemplate(text);
  return lexInsomnia(text, { ...context, isData: (to) => isInlineSecret(to, context) }, sealPlain);
}

/** A handle may stand in any value: the operator has bound it to where it may go. */
function isInlineSecret(name: string, { legacyVault }: LexContext): boolean {
  return name.startsWith('vault.') ? legacyVault.has(name.slice('vault.'.length)) : isSecretName(name);
}

/** Whatever lies below a sensitive name is a secret too: `secrets.database`. */
export function isSecretName(name: string): boolean {
  return isSensitiveName(name) || name.split('.').some(isSensitiveName);
}

/** The data of an environment: versions 4 and 5 write it alike. */
export function environmentData(environment: JsonObject): EnvironmentData {
  return { scope: textOf(environment.name), data: environment.data, pairs: environment.kvPairData };
}

/** That of a base environment. */
export function baseData({ data, kvPairData }: JsonObject): EnvironmentData {
  return { data, pairs: kvPairData };
}

/** The data of a folder. */
export function folderData(folder: JsonObject): EnvironmentData {
  return { scope: textOf(folder.name), data: folder.environment, pairs: folder.kvPairData };
}
