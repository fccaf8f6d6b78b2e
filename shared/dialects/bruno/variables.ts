import { handlePart } from '../../collection/handle-part.ts';
import type { Environment, Variable } from '../../collection/model.ts';
import { stableId } from '../../collection/stable-id.ts';
import { isSensitiveName } from '../../redact/names.ts';
import { type BruBlock, type BruPair, pairsOf } from './syntax.ts';
import type { Values } from './values.ts';

/** `vars:pre-request` of a request, a folder or the collection; a `@` in front of a name makes it local, which changes nothing here. */
export function readVariables(blocks: readonly BruBlock[], values: Values): Variable[] {
  return pairsOf(blocks, 'vars:pre-request').map((pair) =>
    toVariable(pair, pair.name.startsWith('@') ? pair.name.slice(1) : pair.name, values),
  );
}

/** Where an environment stands and what it belongs to. */
export interface EnvironmentPlace {
  readonly file: string;
  readonly name: string;
  readonly collection: string;
}

/** An environment file: `vars` with values, `vars:secret` with names only, names that an external store knows. */
export function readEnvironment(
  blocks: readonly BruBlock[],
  { file, name, collection }: EnvironmentPlace,
  values: Values,
): Environment {
  const variables = blocks.flatMap((block): Variable[] => {
    if (block.kind !== 'pairs') return [];
    if (block.name === 'vars') return block.pairs.map((pair) => toVariable(pair, pair.name, values));
    const isSecret = block.name === 'vars:secret' || block.name.startsWith('vars:externalsecrets:');
    return isSecret ? block.pairs.filter((pair) => pair.name !== '').map((pair) => toSecret(pair, name)) : [];
  });
  const id = stableId(name, 'environment', file);
  return { id, name, kind: 'environment', file, collections: [collection], variables };
}

function toVariable(pair: BruPair, name: string, values: Values): Variable {
  const secret = isSensitiveName(name);
  const text = typedText(pair);
  const readable = pair.type === 'object' ? values.body(text) : values.value(text);
  return { name, value: secret ? values.variable(text) : readable, ...shared(pair), secret };
}

function toSecret(pair: BruPair, environment: string): Variable {
  return { name: pair.name, value: [handlePart(pair.name, { scope: environment })], ...shared(pair), secret: true };
}

function shared({ enabled, description }: BruPair): Pick<Variable, 'enabled' | 'description'> {
  return { enabled, ...(description !== undefined && description !== '' && { description }) };
}

/** A typed value as Bruno puts it into a text: numbers and objects are parsed and written again. */
function typedText({ value, type }: BruPair): string {
  if (type === 'number') {
    const number = value === '' ? Number.NaN : Number(value);
    return Number.isNaN(number) ? value : String(number);
  }
  return type === 'object' ? compactJson(value) : value;
}

function compactJson(text: string): string {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text;
  }
}
